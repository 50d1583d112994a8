// Winograd convolution: Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks" (CVPR 2016), section 4.
//
// F(6×6, 3×3) and F(4×4, 5×5) with the interpolation points 0, ±1, ±2, ±1/2, ∞: both have tiles of 8×8 inputs and hence
// the same input transform. `tile`, the side of the output tile, is a constant at every call, so that the loops unroll.

/// Bᵀd for one column or row.
INLINE void transform_input(const vec d[8], vec o[8]) {
    o[0] = d[0] - d[6] + 5.25f * (d[4] - d[2]);
    o[7] = d[7] - d[1] + 5.25f * (d[3] - d[5]);
    vec even = d[2] + d[6] - 4.25f * d[4], odd = d[1] + d[5] - 4.25f * d[3];
    o[1] = even + odd;
    o[2] = even - odd;
    even = d[6] + 0.25f * d[2] - 1.25f * d[4], odd = 0.5f * d[1] - 2.5f * d[3] + 2.0f * d[5];
    o[3] = even + odd;
    o[4] = even - odd;
    even = d[6] + 4.0f * d[2] - 5.0f * d[4], odd = 2.0f * d[1] - 2.5f * d[3] + 0.5f * d[5];
    o[5] = even + odd;
    o[6] = even - odd;
}

/// Aᵀm for one column or row: `tile` outputs of eight products.
INLINE void transform_output(int tile, const vec m[8], vec y[6]) {
    const vec s1 = m[1] + m[2], d1 = m[1] - m[2], s2 = m[3] + m[4], d2 = m[3] - m[4];
    const vec s3 = m[5] + m[6], d3 = m[5] - m[6];
    y[0] = m[0] + s1 + (s2 + s3);
    y[1] = d1 + 2.0f * d2 + 0.5f * d3;
    y[2] = s1 + 4.0f * s2 + 0.25f * s3;
    y[3] = d1 + 8.0f * d2 + 0.125f * d3;
    if (tile == 4) {
        y[3] += m[7];
    } else {
        y[4] = s1 + 16.0f * s2 + 0.0625f * s3;
        y[5] = d1 + 32.0f * d2 + 0.03125f * d3 + m[7];
    }
}

/// One vector of channels of one tile: rows `row` floats apart, columns `pixel` floats apart.
INLINE void transform_tile(const float *in, ptrdiff_t row, ptrdiff_t pixel, float *out, ptrdiff_t plane) {
    vec half[8][8];
    for (int x = 0; x < 8; x++) {
        vec d[8], o[8];
        for (int y = 0; y < 8; y++) d[y] = load(in + y * row + x * pixel);
        transform_input(d, o);
        for (int y = 0; y < 8; y++) half[y][x] = o[y];
    }
    for (int y = 0; y < 8; y++) {
        vec o[8];
        transform_input(half[y], o);
        for (int x = 0; x < 8; x++) store(out + (y * 8 + x) * plane, o[x]);
    }
}

/// The tile's inputs of all channels of a view, zero outside of it.
INLINE void transform_view(const vdk_view *in, int top, int left, float *out, ptrdiff_t plane) {
    const int inside = top >= 0 && left >= 0 && top + 8 <= in->height && left + 8 <= in->width;
    const float *first = in->base + top * in->row + left * in->pixel;
    for (int c = 0; c < in->channels; c += LANES) {
        if (inside) {
            // The last vector may reach into the next pixel; what it finds there is never summed.
            transform_tile(first + c, in->row, in->pixel, out + c, plane);
            continue;
        }
        float patch[64 * LANES];
        for (int y = 0; y < 8; y++)
            for (int x = 0; x < 8; x++) {
                int known = top + y >= 0 && top + y < in->height && left + x >= 0 && left + x < in->width;
                vec v = known ? load(first + y * in->row + x * in->pixel + c) : (vec){};
                store(patch + (y * 8 + x) * LANES, v);
            }
        transform_tile(patch, 8 * LANES, LANES, out + c, plane);
    }
}

/// One vector of channels of one tile of outputs, clipped to the view. `count`: channels left, at most LANES.
INLINE void finish_tile(
    int tile, const float *products, ptrdiff_t plane, const vdk_view *out, const vdk_view *residual, int top,
    int left, int channel, int count, vec bias, float slope) {
    vec half[6][8];
    for (int x = 0; x < 8; x++) {
        vec m[8], y[6];
        for (int i = 0; i < 8; i++) m[i] = load(products + (i * 8 + x) * plane);
        transform_output(tile, m, y);
        for (int i = 0; i < tile; i++) half[i][x] = y[i];
    }
    const int rows = out->height - top < tile ? out->height - top : tile;
    const int columns = out->width - left < tile ? out->width - left : tile;
    for (int i = 0; i < rows; i++) {
        vec y[6];
        transform_output(tile, half[i], y);
        float *to = out->base + (top + i) * out->row + left * out->pixel + channel;
        const float *add = residual ? residual->base + (top + i) * residual->row + left * residual->pixel + channel : 0;
        if (columns == tile && count == LANES) {
            for (int x = 0; x < tile; x++) {
                const vec value = leaky(y[x] + bias, slope);
                store(to + x * out->pixel, add ? value + load(add + x * residual->pixel) : value);
            }
            continue;
        }
        for (int x = 0; x < columns; x++) {
            vec value = leaky(y[x] + bias, slope);
            if (add) value += load_part(add + x * residual->pixel, count);
            store_part(to + x * out->pixel, value, count);
        }
    }
}

typedef struct {
    int plane, top, left;  // of the tile's first output
} tile_place;

INLINE tile_place place_of(const vdk_winograd *w, int index) {
    const int per_plane = w->tiles_high * w->tiles_wide, inner = index % per_plane;
    return (tile_place){
        index / per_plane, inner / w->tiles_wide * w->tile, inner % w->tiles_wide * w->tile};
}

/// Products of one panel: M[q] = V[q]·U[q] for all 64 points.
INLINE void multiply_panel(
    int columns, const float *v, ptrdiff_t v_row, ptrdiff_t v_plane, const float *u, int depth, int count, float *m,
    ptrdiff_t m_plane) {
    static const ptrdiff_t here[1] = {0};
    const int rows = TILE_ROWS(columns);
    for (int q = 0; q < POINTS; q++) {
        for (int t = 0; t < count; t += rows) {
            vec sum[ROWS][3];
            multiply(columns, v + q * v_plane + t * v_row, v_row, here, 1, depth, u, sum);
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                    store(m + q * m_plane + (t + i) * columns * LANES + j * LANES, sum[i][j]);
        }
        u += (ptrdiff_t)depth * columns * LANES;
    }
}

INLINE void finish_panel(
    int tile, const vdk_winograd *w, int first, int count, int output, int channel, int columns, const float *bias,
    const float *m, ptrdiff_t m_plane) {
    for (int t = 0; t < count; t++) {
        const tile_place at = place_of(w, first + t);
        const vdk_view *out = w->output + at.plane * w->outputs + output;
        const vdk_view *residual = w->residual ? w->residual + at.plane * w->outputs + output : 0;
        // Planes may be a row or column smaller than the tiles reckon with.
        if (at.top >= out->height || at.left >= out->width) continue;
        for (int j = 0; j < columns; j++) {
            const int from = channel + j * LANES, left = out->channels - from;
            if (left <= 0) break;
            const int n = left < LANES ? left : LANES;
            const vec b = load_part(bias + from, n);
            const float *products = m + (t * columns + j) * LANES;
            finish_tile(tile, products, m_plane, out, residual, at.top, at.left, from, n, b, w->slope);
        }
    }
}

INLINE void winograd_tiles(int tile, const vdk_winograd *w, int first, int count, float *scratch) {
    const int rows = round_up(count, COMMON_ROWS);
    const ptrdiff_t v_row = transformed_row(w->depth, LANES);
    const ptrdiff_t v_plane = transformed_plane(rows * v_row), m_plane = transformed_plane(rows * 3 * LANES);
    float *v = scratch, *m = scratch + POINTS * v_plane;

    for (int t = 0; t < count; t++) {
        const tile_place at = place_of(w, first + t);
        float *to = v + t * v_row;
        for (int i = 0; i < w->inputs; i++) {
            const vdk_view *in = w->input + at.plane * w->inputs + i;
            transform_view(in, at.top - w->padding, at.left - w->padding, to, v_plane);
            to += in->channels;
        }
    }
    const float *u = w->weights, *bias = w->bias;
    for (int o = 0; o < w->outputs; o++) {
        const int channels = w->output[o].channels;
        for (int c = 0; c < channels;) {
            const int columns = panel_vectors(channels, c, LANES);
            if (columns == 3)
                multiply_panel(3, v, v_row, v_plane, u, w->depth, count, m, m_plane);
            else if (columns == 2)
                multiply_panel(2, v, v_row, v_plane, u, w->depth, count, m, m_plane);
            else
                multiply_panel(1, v, v_row, v_plane, u, w->depth, count, m, m_plane);
            finish_panel(tile, w, first, count, o, c, columns, bias, m, m_plane);
            u += (ptrdiff_t)POINTS * w->depth * columns * LANES;
            c += columns * LANES;
        }
        bias += channels;
    }
}

static void winograd(const vdk_winograd *w, int first, int count, float *scratch) {
    if (w->tile == 6)
        winograd_tiles(6, w, first, count, scratch);
    else
        winograd_tiles(4, w, first, count, scratch);
}
