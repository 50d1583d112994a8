// The GEMM register tile: products of some rows with one panel of columns, summed in registers.
#pragma once

#include "CKernels.h"
#include "vector.h"

/// Where a row's summands lie: `runs` stretches of `length[r]` floats, `step[r]` floats behind the row's start.
typedef struct {
    int runs, length[VDK_MOST_STRETCHES];
    ptrdiff_t step[VDK_MOST_STRETCHES];
} summands;

#define TILE_ROWS(columns) ((columns) == 3 ? ROWS_OF_3 : ROWS)

/// Adds the products of one run; `from`: its start in the first row.
INLINE void multiply_run(int columns, const float *from, ptrdiff_t row, int length, const float *b, vec sum[ROWS][3]) {
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
