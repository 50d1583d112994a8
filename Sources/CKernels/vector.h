// Vectors of LANES floats.
#pragma once

#include "lanes.h"

typedef float vec __attribute__((ext_vector_type(LANES), aligned(4)));
typedef int integers __attribute__((ext_vector_type(LANES), aligned(4)));
/// Four, whatever LANES is: a pixel of three channels, and what lies behind it.
typedef float four __attribute__((ext_vector_type(4), aligned(4)));

#define INLINE static inline __attribute__((always_inline))

INLINE vec load(const float *p) { return *(const vec *)p; }
INLINE void store(float *p, vec v) { *(vec *)p = v; }
INLINE vec splat(float x) { return (vec)x; }
INLINE vec vmax(vec a, vec b) { return a > b ? a : b; }

/// The first `count` floats at p, zeros behind them.
INLINE vec load_part(const float *p, int count) {
    if (count >= LANES) return load(p);
    vec v = {};
    for (int i = 0; i < count; i++) v[i] = p[i];
    return v;
}

/// In pieces of constant sizes: a copy of variable size would be a call.
INLINE void store_part(float *p, vec v, int count) {
    float all[LANES];
    store(all, v);
    int i = 0;
    for (int size = LANES / 2; size > 0; size /= 2)
        if (count & size) {
            __builtin_memcpy(p + i, all + i, sizeof(float) * size);
            i += size;
        }
    if (count & LANES) store(p, v);
}

/// LeakyReLU for slopes in 0 … 1; slope 1 leaves x as it is.
INLINE vec leaky(vec x, float slope) { return vmax(x, x * slope); }

// All lanes' places 0, 2, 4, … and 1, 3, 5, … of two vectors laid end to end.
#if LANES == 4
#define EVEN_PLACES 0, 2, 4, 6
#define ODD_PLACES 1, 3, 5, 7
#elif LANES == 8
#define EVEN_PLACES 0, 2, 4, 6, 8, 10, 12, 14
#define ODD_PLACES 1, 3, 5, 7, 9, 11, 13, 15
#else
#define EVEN_PLACES 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define ODD_PLACES 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#endif

/// Lane i of the result is the sum over all lanes of v[i].
INLINE vec sum_each(vec v[LANES]) {
    for (int n = LANES; n > 1; n /= 2)
        for (int i = 0; i < n / 2; i++)
            v[i] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], EVEN_PLACES) +
                __builtin_shufflevector(v[2 * i], v[2 * i + 1], ODD_PLACES);
    return v[0];
}

INLINE float sum_lanes(vec v) {
    float sum = 0;
    for (int i = 0; i < LANES; i++) sum += v[i];
    return sum;
}

INLINE float max_lanes(vec v) {
    float result = v[0];
    for (int i = 1; i < LANES; i++) result = v[i] > result ? v[i] : result;
    return result;
}
