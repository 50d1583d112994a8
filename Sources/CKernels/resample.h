// Changes of resolution: bilinear resize, pooling, pixel shuffle.

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
INLINE void average_rows(
    vdk_view in, vdk_view out, int factor, int channels, float scale, int first, int end) {
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
INLINE void shuffle_rows(
    vdk_view in, vdk_view residual, vdk_view out, int factor, int channels, int first, int end) {
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
