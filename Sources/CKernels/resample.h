// Changes of resolution: bilinear resize, pooling, pixel shuffle.

/// Source position of output `i` (PyTorch, align_corners false).
INLINE position resized(int i, int from, int to) {
    const double at = ((double)i + 0.5) * from / to - 0.5;
    const int first = at > 0 ? (int)at : 0, inside = first < from ? first : from - 1;
    return (position){inside, inside + 1 < from ? inside + 1 : inside, at > 0 ? (float)(at - first) : 0};
}

static void resize(vdk_view in, vdk_view out, float scale, int first, int end, float *line) {
    const int channels = in.channels, floats = in.width * channels;
    for (int y = first; y < end; y++) {
        const position v = resized(y, in.height, out.height);
        const float *top = in.base + v.first * in.row, *bottom = in.base + v.second * in.row;
        for (int i = 0; i < floats; i++) line[i] = (top[i] + (bottom[i] - top[i]) * v.between) * scale;
        float *to = out.base + y * out.row;
        for (int x = 0; x < out.width; x++, to += channels) {
            const position h = resized(x, in.width, out.width);
            const float *left = line + h.first * channels, *right = line + h.second * channels;
            int c = 0;
            for (; c + LANES <= channels; c += LANES)
                store(to + c, load(left + c) + (load(right + c) - load(left + c)) * h.between);
            for (; c < channels; c++) to[c] = left[c] + (right[c] - left[c]) * h.between;
        }
    }
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

static void average_pool(vdk_view in, vdk_view out, int factor, float scale, int first, int end) {
    const float weight = scale / (float)(factor * factor);
    for (int y = first; y < end; y++)
        for (int x = 0; x < out.width; x++) {
            const float *from = in.base + y * factor * in.row + x * factor * in.pixel;
            float *to = out.base + y * out.row + x * out.pixel;
            for (int c = 0; c < in.channels; c++) {
                float sum = 0;
                for (int dy = 0; dy < factor; dy++)
                    for (int dx = 0; dx < factor; dx++) sum += from[dy * in.row + dx * in.pixel + c];
                to[c] = sum * weight;
            }
        }
}

/// `factor` and `channels` are constants where speed matters, so that the inner loops unroll.
INLINE void unshuffle_rows(
    vdk_view in, vdk_view out, int factor, int channels, float offset, int first, int end) {
    for (int y = first; y < end; y++)
        for (int x = 0; x < out.width; x++) {
            float *restrict to = out.base + y * out.row + x * out.pixel;
            for (int dy = 0; dy < factor; dy++) {
                const float *restrict from = in.base + (y * factor + dy) * in.row + x * factor * in.pixel;
                for (int dx = 0; dx < factor; dx++)
                    for (int c = 0; c < channels; c++)
                        to[(c * factor + dy) * factor + dx] = from[dx * in.pixel + c] + offset;
            }
        }
}

static void unshuffle(vdk_view in, vdk_view out, int factor, float offset, int first, int end) {
    if (factor == 2 && in.channels == 3)
        unshuffle_rows(in, out, 2, 3, offset, first, end);
    else
        unshuffle_rows(in, out, factor, in.channels, offset, first, end);
}

static void shuffle(
    vdk_view in, vdk_view residual, vdk_view out, int factor, int first, int end) {
    for (int y = first; y < end; y++) {
        const float *from = in.base + y / factor * in.row + y % factor * factor;
        const float *add = residual.base ? residual.base + y * residual.row : 0;
        float *to = out.base + y * out.row;
        for (int x = 0; x < out.width; x++)
            for (int c = 0; c < out.channels; c++) {
                const float value = from[x / factor * in.pixel + c * factor * factor + x % factor];
                to[x * out.pixel + c] = add ? value + add[x * residual.pixel + c] : value;
            }
    }
}
