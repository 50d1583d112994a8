// Kernels of optical flow: warp, cost volume, and the samples along the motion path.

typedef float four __attribute__((ext_vector_type(4), aligned(4)));

/// Where a clamped position falls: the pixel before it, the one after it, and how far between.
typedef struct {
    int first, second;
    float between;
} position;

INLINE position clamped(float at, int side) {
    const float last = (float)(side - 1);
    // Written so that NaN becomes 0.
    at = at > 0 ? at : 0;
    at = at < last ? at : last;
    const int first = (int)at;
    return (position){first, first + 1 < side ? first + 1 : first, at - (float)first};
}

static void warp(vdk_view image, vdk_view flow, vdk_view out, int first, int end) {
    const int channels = image.channels;
    for (int y = first; y < end; y++) {
        const float *motion = flow.base + y * flow.row;
        float *to = out.base + y * out.row;
        for (int x = 0; x < out.width; x++, motion += 2, to += channels) {
            const position h = clamped((float)x + motion[0], image.width);
            const position v = clamped((float)y + motion[1], image.height);
            const float *top = image.base + v.first * image.row, *bottom = image.base + v.second * image.row;
            const float *a = top + h.first * image.pixel, *b = top + h.second * image.pixel;
            const float *c = bottom + h.first * image.pixel, *d = bottom + h.second * image.pixel;
            if (channels == 3) {
                // Frames: four lanes are loaded (tensors may be read past their end), three are kept.
                const four p = *(const four *)a, q = *(const four *)b, r = *(const four *)c, s = *(const four *)d;
                const four upper = p + (q - p) * h.between, lower = r + (s - r) * h.between;
                const four value = upper + (lower - upper) * v.between;
                to[0] = value[0], to[1] = value[1], to[2] = value[2];
                continue;
            }
            int i = 0;
            for (; i + LANES <= channels; i += LANES) {
                const vec upper = load(a + i) + (load(b + i) - load(a + i)) * h.between;
                const vec lower = load(c + i) + (load(d + i) - load(c + i)) * h.between;
                store(to + i, upper + (lower - upper) * v.between);
            }
            for (; i < channels; i++) {
                const float upper = a[i] + (b[i] - a[i]) * h.between, lower = c[i] + (d[i] - c[i]) * h.between;
                to[i] = upper + (lower - upper) * v.between;
            }
        }
    }
}

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
        for (int i = 0; i < LANES; i++)
            sum[i] += load_part(a + c, channels - c) * load_part(b[i] + c, channels - c);
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

typedef int integers __attribute__((ext_vector_type(LANES), aligned(4)));

/// LANES clamped positions at once: the pixels before and after them, and how far between.
INLINE void clamp_each(vec at, int side, int first[LANES], int second[LANES], vec *between) {
    // Written so that NaN becomes 0.
    at = at > 0 ? at : 0;
    at = at < (float)(side - 1) ? at : (float)(side - 1);
    const integers before = __builtin_convertvector(at, integers), behind = before + 1;
    const integers after = behind < side ? behind : before;
    *between = at - __builtin_convertvector(before, vec);
    __builtin_memcpy(first, &before, sizeof before);
    __builtin_memcpy(second, &after, sizeof after);
}

/// The bilinear samples at (`x`, `y`) of channel 0.
INLINE vec sample_each(vdk_view image, vec x, vec y) {
    int left[LANES], right[LANES], top[LANES], bottom[LANES];
    vec across, down, corners[4];
    clamp_each(x, image.width, left, right, &across);
    clamp_each(y, image.height, top, bottom, &down);
    for (int i = 0; i < LANES; i++) {
        const float *upper = image.base + top[i] * image.row, *lower = image.base + bottom[i] * image.row;
        corners[0][i] = upper[left[i] * image.pixel], corners[1][i] = upper[right[i] * image.pixel];
        corners[2][i] = lower[left[i] * image.pixel], corners[3][i] = lower[right[i] * image.pixel];
    }
    const vec upper = corners[0] + (corners[1] - corners[0]) * across;
    const vec lower = corners[2] + (corners[3] - corners[2]) * across;
    return upper + (lower - upper) * down;
}

// Lanes are the samples of one pixel. Written space to depth: rows of `out` hold `factor` rows of the image.
static void motion_path(
    vdk_view image, vdk_view back, vdk_view ahead, vdk_view out, int count, int factor, float scale, int first,
    int end) {
    const int samples = 2 * count;
    for (int s = 0; s < samples; s += LANES) {
        vec step;
        for (int i = 0; i < LANES; i++)
            step[i] = (float)(s + i < count ? s + i - count : s + i - count + 1) / (float)samples;
        const int used = samples - s < LANES ? samples - s : LANES;
        for (int y = first * factor; y < end * factor; y++) {
            const float *here = image.base + y * image.row;
            const float *before = back.base + y * back.row, *after = ahead.base + y * ahead.row;
            float *to = out.base + y / factor * out.row + y % factor * factor + s * factor * factor;
            for (int left = 0; left < image.width; left += factor, to += out.pixel)
                for (int dx = 0; dx < factor; dx++, here += image.pixel, before += 2, after += 2) {
                    const float u = (after[0] - before[0]) * 0.5f, v = (after[1] - before[1]) * 0.5f;
                    const vec moved = sample_each(image, (float)(left + dx) + step * u, (float)y + step * v);
                    const vec value = (moved - *here) * scale;
                    for (int i = 0; i < used; i++) to[i * factor * factor + dx] = value[i];
                }
        }
    }
}
