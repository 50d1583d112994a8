// Bilinear samples of planar images, clamped to the border. The engine's own (Sources/CKernels/bilinear.h) are of images channels
// last, with room behind them.
#pragma once

#include "host.h"

/// Two neighbouring floats, moved as one.
typedef double pair __attribute__((aligned(4)));
typedef double pairs __attribute__((ext_vector_type(LANES / 2)));

/// Bilinear samples of up to LANES places: the same for every plane of an image. No side is below 2.
typedef struct {
    integers upper;  // float of the corner above, left
    int row;
    vec across, down;
} places;

/// Clamped to the border; NaN becomes 0. `between` of the last pixel is 1 and leads there from the one before.
INLINE integers corner(vec at, int side, vec *between) {
    at = at > 0 ? at : 0;
    at = at < (float)(side - 1) ? at : (float)(side - 1);
    const integers whole = __builtin_convertvector(at, integers), before = whole < side - 2 ? whole : side - 2;
    *between = at - __builtin_convertvector(before, vec);
    return before;
}

INLINE places places_at(vec x, vec y, int height, int width) {
    places p = {.row = width};
    const integers column = corner(x, width, &p.across);
    p.upper = corner(y, height, &p.down) * width + column;
    return p;
}

INLINE vec between_pairs(const float *base, integers at, vec across) {
    pairs near, far;
    for (int i = 0; i < LANES / 2; i++) {
        near[i] = *(const pair *)(base + at[i]);
        far[i] = *(const pair *)(base + at[LANES / 2 + i]);
    }
    const vec left = __builtin_shufflevector((vec)near, (vec)far, EVEN_PLACES);
    const vec right = __builtin_shufflevector((vec)near, (vec)far, ODD_PLACES);
    return left + (right - left) * across;
}

INLINE vec sample(const float *plane, places p) {
    const vec upper = between_pairs(plane, p.upper, p.across), lower = between_pairs(plane + p.row, p.upper, p.across);
    return upper + (lower - upper) * p.down;
}

INLINE vec lane_numbers(void) {
    vec lane;
    for (int i = 0; i < LANES; i++) lane[i] = (float)i;
    return lane;
}
