// Block attention (CBAM, Woo et al., ECCV 2018): what its maps are made from, and how they weigh the features.
#pragma once

#include "CKernels.h"
#include "vector.h"

static void channel_statistics(vdk_view in, const float *weight, vdk_view out, int first, int end) {
    const int channels = in.channels, whole = channels / LANES * LANES;
    for (int y = first; y < end; y++)
        for (int x = 0; x < in.width; x++) {
            const float *from = in.base + y * in.row + x * in.pixel;
            float sum = 0, maximum = -__builtin_inff();
            if (whole > 0) {
                vec sums = {}, maxima = splat(maximum);
                for (int c = 0; c < whole; c += LANES) {
                    const vec value = load(from + c) * load(weight + c);
                    sums += value;
                    maxima = vmax(value, maxima);
                }
                sum = sum_lanes(sums), maximum = max_lanes(maxima);
            }
            for (int c = whole; c < channels; c++) {
                const float value = from[c] * weight[c];
                sum += value;
                maximum = value > maximum ? value : maximum;
            }
            float *to = out.base + y * out.row + x * out.pixel;
            to[0] = sum / (float)channels;
            to[1] = maximum;
        }
}

static void apply_attention(vdk_view in, const float *channels, vdk_view pixels, vdk_view out, int first, int end) {
    for (int y = first; y < end; y++)
        for (int x = 0; x < in.width; x++) {
            const float *from = in.base + y * in.row + x * in.pixel;
            const float factor = pixels.base[y * pixels.row + x * pixels.pixel];
            float *to = out.base + y * out.row + x * out.pixel;
            for (int c = 0; c < in.channels; c++) to[c] = from[c] * channels[c] * factor;
        }
}
