// Winograd convolution: Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks" (CVPR 2016), section 4.
//
// F(7×7, 2×2), F(6×6, 3×3) and F(4×4, 5×5) with the interpolation points 0, ±1, ±2, ±1/2, ∞: all have tiles of 8×8
// inputs and hence the same input transform. `tile`, the side of the output tile, is a constant at every call, so that
// the loops unroll.
//
// In the transform domain a vector of channels of one tile is a block: its 64 points one behind the other. Offsets
// inside it are constants, and products read it from beginning to end.
#pragma once

#include "CKernels.h"
#include "gemm_tile.h"
#include "layout.h"
#include "vector.h"
#include "winograd_input.h"

/// Aᵀm for one column or row: `tile` outputs of eight products.
INLINE void transform_output(int tile, const vec m[8], vec y[7]) {
    const vec s1 = m[1] + m[2], d1 = m[1] - m[2], s2 = m[3] + m[4], d2 = m[3] - m[4];
    const vec s3 = m[5] + m[6], d3 = m[5] - m[6];
    y[0] = m[0] + s1 + (s2 + s3);
    y[1] = d1 + 2.0f * d2 + 0.5f * d3;
    y[2] = s1 + 4.0f * s2 + 0.25f * s3;
    y[3] = d1 + 8.0f * d2 + 0.125f * d3;
    if (tile > 4) {
        y[4] = s1 + 16.0f * s2 + 0.0625f * s3;
        y[5] = d1 + 32.0f * d2 + 0.03125f * d3;
    }
    if (tile > 6) y[6] = s1 + 64.0f * s2 + 0.015625f * s3;
    y[tile - 1] += m[7];
}

/// One vector of channels of `count` tiles side by side, each `out_tile` floats behind the one before. Their inputs
/// overlap: each column is transformed once.
INLINE void transform_strip(
    int tile, const vdk_view *in, int top, int left, int channel, int count, float *out, ptrdiff_t out_tile) {
    vec line[STRIP * 7 + 1][8];
    const int columns = count * tile + 8 - tile;
    const int above = top < 0 ? -top : 0, below = in->height - top < 8 ? in->height - top : 8;
    const float *from = in->base + top * in->row + left * in->pixel + channel;
    for (int x = 0; x < columns; x++, from += in->pixel) {
        // The last vector may reach into the next pixel; what it finds there is never summed.
        if (left + x < 0 || left + x >= in->width) {
            for (int y = 0; y < 8; y++) line[x][y] = (vec){};
        } else if (above == 0 && below == 8) {
            vec d[8];
            for (int y = 0; y < 8; y++) d[y] = load(from + y * in->row);
            transform_input(d, line[x]);
        } else {
            vec part[8] = {}, d[8];
            for (int y = above; y < below; y++) part[y] = load(from + y * in->row);
            for (int y = 0; y < 8; y++) d[y] = part[y];
            transform_input(d, line[x]);
        }
    }
    for (int t = 0; t < count; t++, out += out_tile)
#pragma clang loop unroll(disable)
        for (int y = 0; y < 8; y++) {
            vec d[8], o[8];
            for (int x = 0; x < 8; x++) d[x] = line[t * tile + x][y];
            transform_input(d, o);
            for (int x = 0; x < 8; x++) store(out + (y * 8 + x) * LANES, o[x]);
        }
}

/// One vector of channels of one tile of outputs, clipped to the view. `count`: channels left, at most LANES.
INLINE void finish_tile(int tile, const float *products, const vdk_view *out, const vdk_view *residual, int top,
    int left, int channel, int count, vec bias, float slope) {
    vec half[8][7];
#pragma clang loop unroll(disable)
    for (int x = 0; x < 8; x++) {
        vec m[8];
        for (int i = 0; i < 8; i++) m[i] = load(products + (i * 8 + x) * LANES);
        transform_output(tile, m, half[x]);
    }
    const int above = top < 0 ? -top : 0, below = out->height - top < tile ? out->height - top : tile;
    const int before = left < 0 ? -left : 0, behind = out->width - left < tile ? out->width - left : tile;
    const int whole = before == 0 && behind == tile && count == LANES;
    const ptrdiff_t pixel = out->pixel, add_pixel = residual ? residual->pixel : 0;
#pragma clang loop unroll(disable)
    for (int i = above; i < below; i++) {
        vec m[8], y[7];
        for (int x = 0; x < 8; x++) m[x] = half[x][i];
        transform_output(tile, m, y);
        for (int x = 0; x < tile; x++) y[x] = leaky(y[x] + bias, slope);
        float *to = out->base + (top + i) * out->row + left * pixel + channel;
        const float *add = residual ? residual->base + (top + i) * residual->row + left * add_pixel + channel : 0;
        if (whole && add)
            for (int x = 0; x < tile; x++) store(to + x * pixel, y[x] + load(add + x * add_pixel));
        else if (whole)
            for (int x = 0; x < tile; x++) store(to + x * pixel, y[x]);
        else {
            // A copy: for the sake of the variable index all of it lies in memory.
            vec part[7];
            for (int x = 0; x < tile; x++) part[x] = y[x];
            for (int x = before; x < behind; x++)
                store_part(to + x * pixel, add ? part[x] + load_part(add + x * add_pixel, count) : part[x], count);
        }
    }
}

typedef struct {
    int plane, top, left;  // of the tile's first output
} tile_place;

INLINE tile_place place_of(const vdk_winograd *w, int index) {
    const int per_plane = w->tiles_high * w->tiles_wide, inner = index % per_plane;
    return (tile_place){index / per_plane, inner / w->tiles_wide * w->tile, inner % w->tiles_wide * w->tile};
}

/// The transformed inputs of tiles `first ..< first + count`: for each tile its blocks, one a vector of channels.
INLINE void transform_tiles(int tile, const vdk_winograd *w, int first, int count, int blocks, float *v) {
    for (int t = 0, side; t < count; t += side) {
        const tile_place at = place_of(w, first + t);
        const int in_row = w->tiles_wide - at.left / tile;
        side = count - t < STRIP ? count - t : STRIP;
        side = side < in_row ? side : in_row;
        float *to = v + (ptrdiff_t)t * blocks * BLOCK(LANES);
        for (int i = 0; i < w->inputs; i++) {
            const vdk_view *in = w->input + at.plane * w->inputs + i;
            for (int c = 0; c < in->channels; c += LANES, to += BLOCK(LANES))
                transform_strip(
                    tile, in, at.top - w->padding, at.left - w->padding, c, side, to, blocks * BLOCK(LANES));
        }
    }
}

/// Products of one panel, M[q] = V[q]·U[q] for all 64 points, as blocks: for each tile one a vector of columns.
INLINE void multiply_panel(
    int columns, const float *v, const summands *in, const float *u, int depth, int count, float *m) {
    const ptrdiff_t v_tile = in->runs * BLOCK(LANES);
    const int rows = TILE_ROWS(columns);
    for (int q = 0; q < POINTS; q++) {
        for (int t = 0; t < count; t += rows) {
            vec sum[ROWS][3];
            multiply(columns, v + t * v_tile + q * LANES, v_tile, in, u, sum);
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                    store(m + ((t + i) * columns + j) * BLOCK(LANES) + q * LANES, sum[i][j]);
        }
        u += (ptrdiff_t)depth * columns * LANES;
    }
}

INLINE void finish_panel(int tile, const vdk_winograd *w, int first, int count, int output, int channel, int columns,
    const float *bias, const float *m) {
    for (int t = 0; t < count; t++) {
        tile_place at = place_of(w, first + t);
        const vdk_view *out = w->output + at.plane * w->outputs + output;
        const vdk_view *residual = w->residual ? w->residual + at.plane * w->outputs + output : 0;
        if (w->staggered) at.top -= output / 2, at.left -= output % 2;
        // Planes may be a row or column smaller than the tiles reckon with.
        if (at.top >= out->height || at.left >= out->width) continue;
        for (int j = 0; j < columns; j++) {
            const int from = channel + j * LANES, left = out->channels - from;
            if (left <= 0) break;
            const int n = left < LANES ? left : LANES;
            const vec b = load_part(bias + from, n);
            finish_tile(
                tile, m + (t * columns + j) * BLOCK(LANES), out, residual, at.top, at.left, from, n, b, w->slope);
        }
    }
}

INLINE void winograd_tiles(int tile, const vdk_winograd *w, int first, int count, float *scratch) {
    summands in = {0};
    for (int i = 0; i < w->inputs; i++)
        for (int c = 0; c < w->input[i].channels; c += LANES) {
            const int left = w->input[i].channels - c;
            in.step[in.runs] = in.runs * BLOCK(LANES);
            in.length[in.runs++] = left < LANES ? left : LANES;
        }
    float *v = scratch, *m = scratch + (ptrdiff_t)round_up(count, COMMON_ROWS) * in.runs * BLOCK(LANES);
    transform_tiles(tile, w, first, count, in.runs, v);
    const float *u = w->weights, *bias = w->bias;
    for (int o = 0; o < w->outputs; o++) {
        const int channels = w->output[o].channels;
        for (int c = 0; c < channels;) {
            const int columns = panel_vectors(channels, c, LANES);
            if (columns == 3)
                multiply_panel(3, v, &in, u, w->depth, count, m);
            else if (columns == 2)
                multiply_panel(2, v, &in, u, w->depth, count, m);
            else
                multiply_panel(1, v, &in, u, w->depth, count, m);
            finish_panel(tile, w, first, count, o, c, columns, bias, m);
            u += (ptrdiff_t)POINTS * w->depth * columns * LANES;
            c += columns * LANES;
        }
        bias += channels;
    }
}

static void winograd(const vdk_winograd *w, int first, int count, float *scratch) {
    if (w->tile == 7)
        winograd_tiles(7, w, first, count, scratch);
    else if (w->tile == 6)
        winograd_tiles(6, w, first, count, scratch);
    else
        winograd_tiles(4, w, first, count, scratch);
}
