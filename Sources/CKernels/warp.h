// Backward bilinear warp (PWC-Net, Sun et al., CVPR 2018, section 3).
#pragma once

#include "CKernels.h"
#include "bilinear.h"
#include "vector.h"

/// One pixel between four.
INLINE void blend(
    const float *a, const float *b, const float *c, const float *d, float across, float down, int channels, float *to) {
    if (channels == 3) {
        // Frames: four lanes are loaded (tensors may be read past their end), three are kept.
        const four p = *(const four *)a, q = *(const four *)b, r = *(const four *)c, s = *(const four *)d;
        const four upper = p + (q - p) * across, lower = r + (s - r) * across;
        const four value = upper + (lower - upper) * down;
        to[0] = value[0], to[1] = value[1], to[2] = value[2];
        return;
    }
    int i = 0;
    for (; i + LANES <= channels; i += LANES) {
        const vec upper = load(a + i) + (load(b + i) - load(a + i)) * across;
        const vec lower = load(c + i) + (load(d + i) - load(c + i)) * across;
        store(to + i, upper + (lower - upper) * down);
    }
    for (; i < channels; i++) {
        const float upper = a[i] + (b[i] - a[i]) * across, lower = c[i] + (d[i] - c[i]) * across;
        to[i] = upper + (lower - upper) * down;
    }
}

static void warp(vdk_view image, vdk_view flow, vdk_view out, int first, int end) {
    vec lane;
    for (int i = 0; i < LANES; i++) lane[i] = (float)i;
    for (int y = first; y < end; y++) {
        const float *motion = flow.base + y * flow.row;
        float *to = out.base + y * out.row;
        for (int x = 0; x < out.width; x += LANES) {
            const int count = out.width - x < LANES ? out.width - x : LANES;
            // What is read behind the row's end only makes lanes that are not used.
            const vec near = load(motion + 2 * x), far = load(motion + 2 * x + LANES);
            const vec u = __builtin_shufflevector(near, far, EVEN_PLACES);
            const vec v = __builtin_shufflevector(near, far, ODD_PLACES);
            integers column, right, line, below;
            vec across, down;
            offsets((float)x + lane + u, image.width, image.pixel, &column, &right, &across);
            offsets((float)y + v, image.height, image.row, &line, &below, &down);
            const integers start = line + column;
            for (int i = 0; i < count; i++, to += out.channels) {
                const float *a = image.base + start[i], *c = a + below[i];
                blend(a, a + right[i], c, c + right[i], across[i], down[i], image.channels, to);
            }
        }
    }
}
