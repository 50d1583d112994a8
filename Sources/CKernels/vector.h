// Vectors of LANES floats and the GEMM register tile, for the body of one instruction set.
// No include guard: compiled once per instruction set, see body.h.

typedef float vec __attribute__((ext_vector_type(LANES), aligned(4)));

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

/// Where a row's summands lie: `runs` stretches of `length[r]` floats, `step[r]` floats behind the row's start.
typedef struct {
    int runs, length[VDK_MOST_STRETCHES];
    ptrdiff_t step[VDK_MOST_STRETCHES];
} summands;

#define TILE_ROWS(columns) ((columns) == 3 ? ROWS_OF_3 : ROWS)

/// Adds the products of one run; `from`: its start in the first row.
INLINE void multiply_run(
    int columns, const float *from, ptrdiff_t row, int length, const float *b, vec sum[ROWS][3]) {
#pragma clang loop unroll_count(8)
    for (int k = 0; k < length; k++) {
        vec right[3];
        for (int j = 0; j < columns; j++) right[j] = load(b + (k * columns + j) * LANES);
        for (int i = 0; i < TILE_ROWS(columns); i++) {
            const vec left = splat(from[i * row + k]);
            for (int j = 0; j < columns; j++) sum[i][j] += left * right[j];
        }
    }
}

/// The register tile: rows `row` floats apart × (`columns` vectors). B holds columns·LANES floats a summand, without
/// gaps. `columns` (1 … 3) is a constant at every call, and the sums are copied out once, so that they stay in registers.
INLINE void multiply(
    int columns, const float *a, ptrdiff_t row, const summands *in, const float *b, vec result[ROWS][3]) {
    const int rows = TILE_ROWS(columns);
    vec sum[ROWS][3];
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) sum[i][j] = (vec){};
    for (int r = 0; r < in->runs; r++) {
        const int length = in->length[r];
        if (length == LANES)  // a constant: unrolled to the end
            multiply_run(columns, a + in->step[r], row, LANES, b, sum);
        else
            multiply_run(columns, a + in->step[r], row, length, b, sum);
        b += length * columns * LANES;
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) result[i][j] = sum[i][j];
}

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
