// Weights into the transform domain, U = G·g·Gᵀ, and their gradient out of it, GᵀUG. Taps: [k, k, depth, channels], depth of
// all inputs, channels of all outputs. The engine's own vdk_winograd_pack works in double and takes its time, once at load.
#pragma once

#include "host.h"
#include "spread.h"

/// One over the product of each interpolation point's distances to the others: G is A of `kernel` values, scaled by these.
static const float point_factor[8] = {1, -2.0f / 9, -2.0f / 9, 1.0f / 90, 1.0f / 90, 32.0f / 45, 32.0f / 45, 1};

/// One vector of columns; `plane`: floats from one tap to the next, `packed_plane`: from one point to the next.
INLINE void transform_taps(
    int kernel, const float *taps, ptrdiff_t plane, int count, float *packed, ptrdiff_t packed_plane) {
    vec half[8][7];
    for (int x = 0; x < kernel; x++) {
        vec g[7] = {}, o[8];
        for (int y = 0; y < kernel; y++) g[y] = load_part(taps + (y * kernel + x) * plane, count);
        spread(kernel, g, o);
        for (int i = 0; i < 8; i++) half[i][x] = point_factor[i] * o[i];
    }
    for (int i = 0; i < 8; i++) {
        vec o[8];
        spread(kernel, half[i], o);
        for (int j = 0; j < 8; j++) store(packed + (i * 8 + j) * packed_plane, point_factor[j] * o[j]);
    }
}

/// Rows `first ..< end` of the depth, in the order in which the engine reads them: output by output, panel by panel.
INLINE void pack_rows(
    int kernel, const float *taps, int depth, int outputs, int channels, int first, int end, float *packed) {
    const ptrdiff_t row = outputs * channels, plane = depth * row;
    for (int o = 0; o < outputs; o++)
        for (int from = 0, width; from < channels; from += width, packed += (ptrdiff_t)POINTS * depth * width) {
            width = panel_vectors(channels, from, LANES) * LANES;
            for (int d = first; d < end; d++)
                for (int c = 0; c < width; c += LANES) {
                    const int left = channels - from - c, count = left < 0 ? 0 : left < LANES ? left : LANES;
                    transform_taps(kernel, taps + d * row + o * channels + from + c, plane, count,
                        packed + d * width + c, (ptrdiff_t)depth * width);
                }
        }
}

/// One vector of columns of the gradient, the sum of `parts`.
INLINE void collect_taps(
    int kernel, float *const *parts, int count, ptrdiff_t part_plane, ptrdiff_t at, ptrdiff_t plane, float *taps) {
    vec half[8][7];
    for (int x = 0; x < 8; x++) {
        vec m[8], g[7];
        for (int y = 0; y < 8; y++) {
            m[y] = load(parts[0] + (y * 8 + x) * part_plane + at);
            for (int p = 1; p < count; p++) m[y] += load(parts[p] + (y * 8 + x) * part_plane + at);
            m[y] *= point_factor[y] * point_factor[x];
        }
        transform_output(kernel, m, g);
        for (int i = 0; i < kernel; i++) half[x][i] = g[i];
    }
    for (int i = 0; i < kernel; i++) {
        vec m[8], g[7];
        for (int x = 0; x < 8; x++) m[x] = half[x][i];
        transform_output(kernel, m, g);
        for (int j = 0; j < kernel; j++) store(taps + (i * kernel + j) * plane + at, g[j]);
    }
}
