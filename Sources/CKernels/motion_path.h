// Samples of the middle frame's brightness along its own motion.
#pragma once

#include "CKernels.h"
#include "bilinear.h"
#include "vector.h"

/// Mean over the channels; behind each row its last pixel once more.
static void brightness(vdk_view in, vdk_view out, int first, int end) {
    for (int y = first; y < end; y++) {
        const float *from = in.base + y * in.row;
        float *to = out.base + y * out.row;
        if (in.channels == 3)
            for (int x = 0; x < in.width; x++) to[x] = (from[3 * x] + from[3 * x + 1] + from[3 * x + 2]) / 3.0f;
        else
            for (int x = 0; x < in.width; x++) {
                float sum = 0;
                for (int c = 0; c < in.channels; c++) sum += from[x * in.channels + c];
                to[x] = sum / (float)in.channels;
            }
        to[in.width] = to[in.width - 1];
    }
}

/// Two neighbouring floats, moved as one.
typedef double pair __attribute__((aligned(4)));
typedef double pairs __attribute__((ext_vector_type(LANES / 2)));

/// The floats at `offset`, and those behind them.
INLINE void load_pairs(const float *base, integers offset, vec *first, vec *second) {
    pairs near, far;
    for (int i = 0; i < LANES / 2; i++) {
        near[i] = *(const pair *)(base + offset[i]);
        far[i] = *(const pair *)(base + offset[LANES / 2 + i]);
    }
    *first = __builtin_shufflevector((vec)near, (vec)far, EVEN_PLACES);
    *second = __builtin_shufflevector((vec)near, (vec)far, ODD_PLACES);
}

/// The bilinear samples of a plane at (`x`, `y`).
INLINE vec sample_each(const vdk_view *plane, vec x, vec y) {
    vec across, down, corners[4];
    integers line, below;
    const integers column = clamp_each(x, plane->width, &across);
    offsets(y, plane->height, plane->row, &line, &below, &down);
    load_pairs(plane->base, line + column, corners, corners + 1);
    load_pairs(plane->base, line + column + below, corners + 2, corners + 3);
    const vec upper = corners[0] + (corners[1] - corners[0]) * across;
    const vec lower = corners[2] + (corners[3] - corners[2]) * across;
    return upper + (lower - upper) * down;
}

enum { BEND = 16 };  // samples along the bend reach to this part of it

/// The share of `whole` at which the sample `k` of 2·`count` lies: −1/whole … 1/whole without 0.
INLINE float share(int k, int count, int whole) {
    return (float)(k < count ? k - count : k - count + 1) / (float)(whole * count);
}

// Lanes are the samples of one pixel, first those along the motion, then those along its bend. Written space to depth: rows of `out` hold `factor` rows of the image.
static void motion_path(vdk_view plane, vdk_view to_previous, vdk_view to_next, vdk_view out, int count, int bend,
    int factor, float scale, int first, int end) {
    const int straight = 2 * count, samples = straight + 2 * bend;
    for (int s = 0; s < samples; s += LANES) {
        vec along = {0}, bent = {0};
        for (int i = 0; i < LANES && s + i < samples; i++)
            if (s + i < straight)
                along[i] = share(s + i, count, 2);
            else
                bent[i] = share(s + i - straight, bend, BEND);
        const int used = samples - s < LANES ? samples - s : LANES;
        for (int y = first * factor; y < end * factor; y++) {
            const float *here = plane.base + y * plane.row;
            const float *before = to_previous.base + y * to_previous.row, *after = to_next.base + y * to_next.row;
            float *to = out.base + y / factor * out.row + y % factor * factor + s * factor * factor;
            for (int left = 0; left < plane.width; left += factor, to += out.pixel)
                for (int dx = 0; dx < factor; dx++, here++, before += 2, after += 2) {
                    const float u = (after[0] - before[0]) * 0.5f, v = (after[1] - before[1]) * 0.5f;
                    vec x = (float)(left + dx) + along * u, down = (float)y + along * v;
                    if (bend) {
                        x += bent * (after[0] + before[0]);
                        down += bent * (after[1] + before[1]);
                    }
                    const vec moved = sample_each(&plane, x, down);
                    const vec value = (moved - *here) * scale;
                    for (int i = 0; i < used; i++) to[i * factor * factor + dx] = value[i];
                }
        }
    }
}
