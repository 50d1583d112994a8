// Of the weights' gradient: A·dY·Aᵀ of the arriving gradient's tiles, and the products with the inputs' tiles.
// In the transform domain everything lies in blocks, as in the engine (winograd.h).
#pragma once

#include "host.h"

/// A·y for one column or row of `count` (2 … 7) values: the transpose of the engine's output transform.
INLINE void spread(int count, const vec y[7], vec m[8]) {
    vec e1 = y[0], e2 = y[0], e3 = y[0], o1 = y[1], o2 = 2.0f * y[1], o3 = 0.5f * y[1];
    if (count > 2) e1 += y[2], e2 += 4.0f * y[2], e3 += 0.25f * y[2];
    if (count > 3) o1 += y[3], o2 += 8.0f * y[3], o3 += 0.125f * y[3];
    if (count > 4) e1 += y[4], e2 += 16.0f * y[4], e3 += 0.0625f * y[4];
    if (count > 5) o1 += y[5], o2 += 32.0f * y[5], o3 += 0.03125f * y[5];
    if (count > 6) e1 += y[6], e2 += 64.0f * y[6], e3 += 0.015625f * y[6];
    m[0] = y[0];
    m[1] = e1 + o1;
    m[2] = e1 - o1;
    m[3] = e2 + o2;
    m[4] = e2 - o2;
    m[5] = e3 + o3;
    m[6] = e3 - o3;
    m[7] = y[count - 1];
}

/// One vector of channels of one tile; zero outside of the view.
INLINE void spread_tile(int tile, const vdk_view *gradient, int top, int left, int channel, float *out) {
    vec half[8][7];
    const float *from = gradient->base + top * gradient->row + left * gradient->pixel + channel;
    const int inside = top >= 0 && top + tile <= gradient->height;
#pragma clang loop unroll(disable)
    for (int x = 0; x < tile; x++, from += gradient->pixel) {
        vec y[7] = {}, m[8];
        if (left + x >= 0 && left + x < gradient->width) {
            if (inside) {
                for (int i = 0; i < tile; i++) y[i] = load(from + i * gradient->row);
            } else {
                for (int i = 0; i < tile; i++)
                    if (top + i >= 0 && top + i < gradient->height) y[i] = load(from + i * gradient->row);
            }
        }
        spread(tile, y, m);
        for (int i = 0; i < 8; i++) half[i][x] = m[i];
    }
#pragma clang loop unroll(disable)
    for (int i = 0; i < 8; i++) {
        vec m[8];
        spread(tile, half[i], m);
        for (int x = 0; x < 8; x++) store(out + (i * 8 + x) * LANES, m[x]);
    }
}

/// Tiles `first ..< first + count` of all outputs, which here hold the gradient: for each tile its blocks.
INLINE void spread_tiles(int tile, const vdk_winograd *w, int first, int count, float *m) {
    for (int t = 0; t < count; t++) {
        const tile_place at = place_of(w, first + t);
        for (int o = 0; o < w->outputs; o++) {
            const vdk_view *gradient = w->output + at.plane * w->outputs + o;
            const int top = w->staggered ? at.top - o / 2 : at.top, left = w->staggered ? at.left - o % 2 : at.left;
            for (int c = 0; c < gradient->channels; c += LANES, m += BLOCK(LANES))
                spread_tile(tile, gradient, top, left, c, m);
        }
    }
}

/// Rows of the sums that stay in registers beside three vectors of columns.
enum { SUM_ROWS = ROWS_OF_3 < LANES ? LANES / 2 : LANES };

/// sums[i][j] += Σ over tiles of v[t][i]·m[t][j], for SUM_ROWS × (`columns` vectors) of them; `fresh`: = instead.
INLINE void add_product(int columns, const float *v, ptrdiff_t v_tile, const float *m, ptrdiff_t m_tile, int count,
    float *sums, ptrdiff_t row, int fresh) {
    vec sum[SUM_ROWS][3];
    for (int i = 0; i < SUM_ROWS; i++)
        for (int j = 0; j < columns; j++) sum[i][j] = fresh ? (vec){} : load(sums + i * row + j * LANES);
    for (int t = 0; t < count; t++, v += v_tile, m += m_tile) {
        vec right[3];
        for (int j = 0; j < columns; j++) right[j] = load(m + j * BLOCK(LANES));
        for (int i = 0; i < SUM_ROWS; i++) {
            const vec left = splat(v[i]);
            for (int j = 0; j < columns; j++) sum[i][j] += left * right[j];
        }
    }
    for (int i = 0; i < SUM_ROWS; i++)
        for (int j = 0; j < columns; j++) store(sums + i * row + j * LANES, sum[i][j]);
}

/// sums += (`fresh`: =) the products of `count` tiles, 64 planes [depth, channels].
static void add_products(
    const float *v, int v_blocks, const float *m, int m_blocks, int count, float *sums, ptrdiff_t plane, int fresh) {
    const ptrdiff_t v_tile = v_blocks * BLOCK(LANES), m_tile = m_blocks * BLOCK(LANES), row = m_blocks * LANES;
    for (int q = 0; q < POINTS; q++, v += LANES, m += LANES, sums += plane)
        for (int o = 0, columns; o < m_blocks; o += columns) {
            const int left = m_blocks - o;
            columns = left == 4 || left == 2 ? 2 : left >= 3 ? 3 : 1;
            for (int c = 0; c < v_blocks * LANES; c += SUM_ROWS) {
                const float *from = v + c / LANES * BLOCK(LANES) + c % LANES, *right = m + o * BLOCK(LANES);
                float *to = sums + c * row + o * LANES;
                if (columns == 3)
                    add_product(3, from, v_tile, right, m_tile, count, to, row, fresh);
                else if (columns == 2)
                    add_product(2, from, v_tile, right, m_tile, count, to, row, fresh);
                else
                    add_product(1, from, v_tile, right, m_tile, count, to, row, fresh);
            }
        }
}
