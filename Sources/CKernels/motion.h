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

typedef int integers __attribute__((ext_vector_type(LANES), aligned(4)));

/// LANES clamped positions at once: the pixels before them, and how far behind those they are.
INLINE integers clamp_each(vec at, int side, vec *between) {
    // Written so that NaN becomes 0.
    at = at > 0 ? at : 0;
    at = at < (float)(side - 1) ? at : (float)(side - 1);
    const integers first = __builtin_convertvector(at, integers);
    *between = at - __builtin_convertvector(first, vec);
    return first;
}

/// Floats from an image's base to the pixels that `at` lie behind, and on to the next pixel if there is one.
INLINE void offsets(vec at, int side, ptrdiff_t pixel, integers *before, integers *next, vec *between) {
    const integers first = clamp_each(at, side, between);
    *before = first * (int)pixel;
    *next = first < side - 1 ? (integers)(int)pixel : (integers){};
}

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

// Lanes are the samples of one pixel. Written space to depth: rows of `out` hold `factor` rows of the image.
static void motion_path(
    vdk_view plane, vdk_view back, vdk_view ahead, vdk_view out, int count, int factor, float scale, int first,
    int end) {
    const int samples = 2 * count;
    for (int s = 0; s < samples; s += LANES) {
        vec step;
        for (int i = 0; i < LANES; i++)
            step[i] = (float)(s + i < count ? s + i - count : s + i - count + 1) / (float)samples;
        const int used = samples - s < LANES ? samples - s : LANES;
        for (int y = first * factor; y < end * factor; y++) {
            const float *here = plane.base + y * plane.row;
            const float *before = back.base + y * back.row, *after = ahead.base + y * ahead.row;
            float *to = out.base + y / factor * out.row + y % factor * factor + s * factor * factor;
            for (int left = 0; left < plane.width; left += factor, to += out.pixel)
                for (int dx = 0; dx < factor; dx++, here++, before += 2, after += 2) {
                    const float u = (after[0] - before[0]) * 0.5f, v = (after[1] - before[1]) * 0.5f;
                    const vec moved = sample_each(&plane, (float)(left + dx) + step * u, (float)y + step * v);
                    const vec value = (moved - *here) * scale;
                    for (int i = 0; i < used; i++) to[i * factor * factor + dx] = value[i];
                }
        }
    }
}
