// The cost volume (PWC-Net, Sun et al., CVPR 2018, section 3).
#pragma once

#include "CKernels.h"
#include "vector.h"

/// The dot products of one pixel with LANES others, in order.
INLINE vec dot_products(const float *a, const float *const b[LANES], int channels) {
    vec sum[LANES];
    for (int i = 0; i < LANES; i++) sum[i] = (vec){};
    int c = 0;
    for (; c + LANES <= channels; c += LANES) {
        const vec left = load(a + c);
        for (int i = 0; i < LANES; i++) sum[i] += left * load(b[i] + c);
    }
    if (c < channels)
        for (int i = 0; i < LANES; i++) sum[i] += load_part(a + c, channels - c) * load_part(b[i] + c, channels - c);
    return sum_each(sum);
}

enum { MOST_SHIFTS = 17 * 17 + 16 };  // radius 8, and room for a whole vector behind the last shift

static void cost_volume(vdk_view a, vdk_view b, vdk_view out, int radius, float slope, int first, int end) {
    const int side = 2 * radius + 1, shifts = side * side;
    const float mean = 1.0f / (float)a.channels;
    int down[MOST_SHIFTS], across[MOST_SHIFTS];
    ptrdiff_t step[MOST_SHIFTS];
    for (int s = 0; s < shifts + LANES; s++) {
        const int shift = s < shifts ? s : shifts - 1;
        down[s] = shift / side - radius, across[s] = shift % side - radius;
        step[s] = down[s] * b.row + across[s] * b.pixel;
    }
    for (int y = first; y < end; y++) {
        for (int x = 0; x < a.width; x++) {
            const float *from = a.base + y * a.row + x * a.pixel, *at = b.base + y * b.row + x * b.pixel;
            float *to = out.base + y * out.row + x * out.pixel;
            const int inside = y >= radius && x >= radius && y + radius < b.height && x + radius < b.width;
            for (int s = 0; s < shifts; s += LANES) {
                const float *other[LANES];
                float known[LANES];
                for (int i = 0; i < LANES; i++) other[i] = at + step[s + i];
                for (int i = 0; i < LANES && !inside; i++) {
                    const int v = y + down[s + i], u = x + across[s + i];
                    known[i] = v >= 0 && v < b.height && u >= 0 && u < b.width;
                    // A shift that leaves the image is computed with any pixel and dropped below.
                    if (!known[i]) other[i] = b.base;
                }
                vec value = leaky(dot_products(from, other, a.channels) * mean, slope);
                for (int i = 0; i < LANES && !inside; i++)
                    if (!known[i]) value[i] = 0;
                if (s + LANES <= shifts)
                    store(to + s, value);
                else
                    store_part(to + s, value, shifts - s);
            }
        }
    }
}
