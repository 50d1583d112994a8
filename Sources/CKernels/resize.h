// Bilinear resize.
#pragma once

#include "CKernels.h"
#include "vector.h"

/// Where a position falls: the pixel before it, the one after it, and how far between.
typedef struct {
    int first, second;
    float between;
} position;

/// Source position of output `i` (PyTorch, align_corners false).
INLINE position resized(int i, int from, int to) {
    const double at = ((double)i + 0.5) * from / to - 0.5;
    const int first = at > 0 ? (int)at : 0, inside = first < from ? first : from - 1;
    return (position){inside, inside + 1 < from ? inside + 1 : inside, at > 0 ? (float)(at - first) : 0};
}

/// `channels` is a constant where speed matters, so that the inner loop unrolls.
INLINE void resize_rows(vdk_view in, vdk_view out, int channels, float scale, int first, int end, float *scratch) {
    const int floats = in.width * channels;
    float *line = scratch;
    position *across = (position *)(scratch + floats);
    for (int x = 0; x < out.width; x++) across[x] = resized(x, in.width, out.width);
    for (int y = first; y < end; y++) {
        const position v = resized(y, in.height, out.height);
        const float *top = in.base + v.first * in.row, *bottom = in.base + v.second * in.row;
        for (int i = 0; i < floats; i++) line[i] = (top[i] + (bottom[i] - top[i]) * v.between) * scale;
        float *to = out.base + y * out.row;
        for (int x = 0; x < out.width; x++, to += channels) {
            const position h = across[x];
            const float *left = line + h.first * channels, *right = line + h.second * channels;
            int c = 0;
            for (; c + LANES <= channels; c += LANES)
                store(to + c, load(left + c) + (load(right + c) - load(left + c)) * h.between);
            for (; c < channels; c++) to[c] = left[c] + (right[c] - left[c]) * h.between;
        }
    }
}

static void resize(vdk_view in, vdk_view out, float scale, int first, int end, float *scratch) {
    if (in.channels == 2)
        resize_rows(in, out, 2, scale, first, end, scratch);
    else
        resize_rows(in, out, in.channels, scale, first, end, scratch);
}
