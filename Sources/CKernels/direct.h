// Direct convolution: the register tile runs over neighbouring output pixels, its sums over the taps
// of a zero-padded strip of input rows. No im2col matrix: neighbouring taps of a row lie together anyway.
#pragma once

#include "CKernels.h"
#include "gemm_tile.h"
#include "layout.h"
#include "vector.h"

/// Floats of one row of the strip: reaches as far as whole register tiles read.
INLINE ptrdiff_t strip_row(const vdk_direct *d) {
    const int columns = (round_up(d->output.width, COMMON_ROWS) - 1) * d->stride + d->dilation * (d->kernel - 1) + 1;
    return (ptrdiff_t)columns * d->depth;
}

/// Input rows under output rows `first ..< end`, zeros around the image.
static void fill_strip(const vdk_direct *d, int first, int end, float *strip) {
    const ptrdiff_t row = strip_row(d);
    const int top = first * d->stride - d->padding;
    const int rows = (end - 1 - first) * d->stride + d->dilation * (d->kernel - 1) + 1;
    const int columns = (int)(row / d->depth);
    for (int y = 0; y < rows; y++) {
        float *to = strip + y * row;
        if (top + y < 0 || top + y >= d->input[0].height) {
            __builtin_memset(to, 0, sizeof(float) * row);
            continue;
        }
        int offset = 0;
        for (int i = 0; i < d->inputs; i++) {
            const vdk_view *in = d->input + i;
            const float *from = in->base + (top + y) * in->row;
            int known = columns - d->padding < in->width ? columns - d->padding : in->width;
            if (d->inputs == 1) {
                __builtin_memset(to, 0, sizeof(float) * d->padding * d->depth);
                __builtin_memcpy(to + d->padding * d->depth, from, sizeof(float) * known * d->depth);
            } else {
                for (int x = 0; x < d->padding; x++)
                    __builtin_memset(to + x * d->depth + offset, 0, sizeof(float) * in->channels);
                for (int x = 0; x < known; x++)
                    __builtin_memcpy(
                        to + (x + d->padding) * d->depth + offset, from + x * in->pixel, sizeof(float) * in->channels);
            }
            offset += in->channels;
        }
        int behind = d->padding + d->input[0].width;
        if (behind < columns)
            __builtin_memset(to + behind * d->depth, 0, sizeof(float) * (columns - behind) * d->depth);
    }
}

/// Bias, activation, residual: one vector of channels of one pixel.
INLINE void finish_pixel(vec sum, const vdk_direct *d, int y, int x, int channel, int count, vec bias) {
    float *to = d->output.base + y * d->output.row + x * d->output.pixel + channel;
    const float *add = d->residual.base ? d->residual.base + y * d->residual.row + x * d->residual.pixel + channel : 0;
    vec value = leaky(sum + bias, d->slope);
    if (count >= LANES) {
        if (add) value += load(add);
        store(to, value);
    } else {
        if (add) value += load_part(add, count);
        store_part(to, value, count);
    }
}

/// One output row of one panel. `row`: floats between the starts of neighbouring output pixels' inputs.
INLINE void direct_row(
    int columns, const vdk_direct *d, const float *in, const summands *taps, const float *b, int y, int channel) {
    const int left = d->output.channels - channel;
    vec bias[3] = {};
    for (int j = 0; j < columns && left > j * LANES; j++)
        bias[j] = load_part(d->bias + channel + j * LANES, left - j * LANES < LANES ? left - j * LANES : LANES);
    const int rows = TILE_ROWS(columns);
    const ptrdiff_t pixel = (ptrdiff_t)d->stride * d->depth;
    for (int x = 0; x < d->output.width; x += rows) {
        vec sum[ROWS][3];
        multiply(columns, in + x * pixel, pixel, taps, b, sum);
        const int pixels = d->output.width - x < rows ? d->output.width - x : rows;
        for (int i = 0; i < pixels; i++)
            for (int j = 0; j < columns; j++)
                if (left > j * LANES)
                    finish_pixel(sum[i][j], d, y, x + i, channel + j * LANES, left - j * LANES, bias[j]);
    }
}

static void direct(const vdk_direct *d, int first, int end, float *strip) {
    const ptrdiff_t row = strip_row(d);
    fill_strip(d, first, end, strip);

    // Taps of one kernel row touch each other unless the kernel is dilated.
    const int merged = d->dilation == 1, per_row = merged ? 1 : d->kernel;
    summands taps = {.runs = d->kernel * per_row};
    for (int r = 0; r < taps.runs; r++) {
        taps.length[r] = merged ? d->kernel * d->depth : d->depth;
        taps.step[r] = r / per_row * d->dilation * row + r % per_row * (ptrdiff_t)d->dilation * d->depth;
    }

    const int summands = d->kernel * d->kernel * d->depth;
    const float *b = d->weights;
    for (int c = 0; c < d->output.channels;) {
        const int columns = panel_vectors(d->output.channels, c, LANES);
        for (int y = first; y < end; y++) {
            const float *in = strip + (y - first) * d->stride * row;
            if (columns == 3)
                direct_row(3, d, in, &taps, b, y, c);
            else if (columns == 2)
                direct_row(2, d, in, &taps, b, y, c);
            else
                direct_row(1, d, in, &taps, b, y, c);
        }
        b += (ptrdiff_t)summands * columns * LANES;
        c += columns * LANES;
    }
}
