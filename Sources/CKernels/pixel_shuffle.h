// Space to depth and back.
#pragma once

#include "CKernels.h"
#include "vector.h"

/// 2×2 pixels of three channels, a channel a vector.
INLINE void unshuffle_colours(vdk_view in, vdk_view out, float offset, int first, int end) {
    for (int y = first; y < end; y++) {
        const float *above = in.base + 2 * y * in.row, *below = above + in.row;
        float *to = out.base + y * out.row;
        for (int x = 0; x < out.width; x++, above += 6, below += 6, to += out.pixel) {
            // Red green blue red, blue red green blue.
            const four a = *(const four *)above, b = *(const four *)(above + 2);
            const four c = *(const four *)below, d = *(const four *)(below + 2);
            const four upper = __builtin_shufflevector(a, b, 1, 6, 2, 7);  // green green blue blue
            const four lower = __builtin_shufflevector(c, d, 1, 6, 2, 7);
            *(four *)to = __builtin_shufflevector(a, c, 0, 3, 4, 7) + offset;
            *(four *)(to + 4) = __builtin_shufflevector(upper, lower, 0, 1, 4, 5) + offset;
            *(four *)(to + 8) = __builtin_shufflevector(upper, lower, 2, 3, 6, 7) + offset;
        }
    }
}

static void unshuffle(vdk_view in, vdk_view out, int factor, float offset, int first, int end) {
    const int channels = in.channels;
    if (factor == 2 && channels == 3 && in.pixel == 3) {
        unshuffle_colours(in, out, offset, first, end);
        return;
    }
    for (int y = first; y < end; y++)
        for (int x = 0; x < out.width; x++) {
            float *to = out.base + y * out.row + x * out.pixel;
            for (int dy = 0; dy < factor; dy++) {
                const float *from = in.base + (y * factor + dy) * in.row + x * factor * in.pixel;
                for (int dx = 0; dx < factor; dx++)
                    for (int c = 0; c < channels; c++)
                        to[(c * factor + dy) * factor + dx] = from[dx * in.pixel + c] + offset;
            }
        }
}

/// `factor` and `channels` of the output are constants where speed matters.
INLINE void shuffle_rows(vdk_view in, vdk_view residual, vdk_view out, int factor, int channels, int first, int end) {
    for (int y = first; y < end; y++) {
        const float *from = in.base + y / factor * in.row + y % factor * factor;
        const float *add = residual.base ? residual.base + y * residual.row : 0;
        float *to = out.base + y * out.row;
        for (int x = 0; x < in.width; x++, from += in.pixel, to += factor * channels) {
            for (int dx = 0; dx < factor; dx++)
                for (int c = 0; c < channels; c++) to[dx * channels + c] = from[c * factor * factor + dx];
            if (!add) continue;
            for (int i = 0; i < factor * channels; i++) to[i] += add[i];
            add += factor * channels;
        }
    }
}

static void shuffle(vdk_view in, vdk_view residual, vdk_view out, int factor, int first, int end) {
    if (factor == 2 && out.channels == 3)
        shuffle_rows(in, residual, out, 2, 3, first, end);
    else
        shuffle_rows(in, residual, out, factor, out.channels, first, end);
}
