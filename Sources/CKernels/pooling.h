// Pooling: sums and maxima over windows, means over blocks.
#pragma once

#include "CKernels.h"
#include "vector.h"

static void sum_window(vdk_view in, int top, int bottom, int left, int right, float *out) {
    const int channels = in.channels;
    for (int c = 0; c < channels; c++) out[c] = 0;
    for (int y = top; y < bottom; y++) {
        const float *row = in.base + y * in.row;
        for (int x = left; x < right; x++)
            for (int c = 0; c < channels; c++) out[c] += row[x * in.pixel + c];
    }
}

static void max_row(vdk_view in, int y, float *out) {
    const float *row = in.base + y * in.row;
    for (int c = 0; c < in.channels; c++) out[c] = row[c];
    for (int x = 1; x < in.width; x++)
        for (int c = 0; c < in.channels; c++) {
            const float value = row[x * in.pixel + c];
            out[c] = value > out[c] ? value : out[c];
        }
}

/// `factor` and `channels` are constants where speed matters, so that the inner loops unroll.
INLINE void average_rows(vdk_view in, vdk_view out, int factor, int channels, float scale, int first, int end) {
    const float weight = scale / (float)(factor * factor);
    for (int y = first; y < end; y++)
        for (int x = 0; x < out.width; x++) {
            const float *from = in.base + y * factor * in.row + x * factor * in.pixel;
            float *to = out.base + y * out.row + x * out.pixel;
            for (int c = 0; c < channels; c++) {
                float sum = 0;
                for (int dy = 0; dy < factor; dy++)
                    for (int dx = 0; dx < factor; dx++) sum += from[dy * in.row + dx * in.pixel + c];
                to[c] = sum * weight;
            }
        }
}

static void average_pool(vdk_view in, vdk_view out, int factor, float scale, int first, int end) {
    if (factor == 2 && in.channels == 2)
        average_rows(in, out, 2, 2, scale, first, end);
    else
        average_rows(in, out, factor, in.channels, scale, first, end);
}
