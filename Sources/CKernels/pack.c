// Weights into the order in which the kernels read them, once at load.

#include "CKernels.h"
#include "layout.h"

size_t vdk_winograd_packed(int depth, int channels, int lanes) {
    return (size_t)POINTS * depth * panels_width(channels, lanes);
}

typedef struct {
    int first, width;  // columns
} panel;

/// The panel that holds column `o`.
static panel panel_of(int o, int channels, int lanes) {
    panel p = {0, panel_vectors(channels, 0, lanes) * lanes};
    while (p.first + p.width <= o) {
        p.first += p.width;
        p.width = panel_vectors(channels, p.first, lanes) * lanes;
    }
    return p;
}

/// Row i of G (Lavin & Gray): powers of the interpolation point over the product of its distances to the others.
static void generator_row(int i, int kernel, double g[5]) {
    static const double point[7] = {0, 1, -1, 2, -2, 0.5, -0.5};
    static const double factor[7] = {1, -2.0 / 9, -2.0 / 9, 1.0 / 90, 1.0 / 90, 32.0 / 45, 32.0 / 45};
    double power = i < 7 ? factor[i] : 0;
    for (int k = 0; k < kernel; k++) {
        g[k] = power;
        if (i < 7) power *= point[i];
    }
    if (i == 7)  // the point at infinity
        g[kernel - 1] = 1;
}

void vdk_winograd_pack(const float *weight, int kernel, int depth, int channels, int lanes, float *packed) {
    double g[8][5];
    for (int i = 0; i < 8; i++) generator_row(i, kernel, g[i]);
    __builtin_memset(packed, 0, sizeof(float) * vdk_winograd_packed(depth, channels, lanes));
    for (int o = 0; o < channels; o++) {
        const panel p = panel_of(o, channels, lanes);
        float *to = packed + (size_t)POINTS * depth * p.first + (o - p.first);
        for (int k = 0; k < depth; k++) {
            const float *w = weight + ((size_t)o * depth + k) * kernel * kernel;
            double half[8][5];
            for (int i = 0; i < 8; i++)
                for (int x = 0; x < kernel; x++) {
                    half[i][x] = 0;
                    for (int y = 0; y < kernel; y++) half[i][x] += g[i][y] * w[y * kernel + x];
                }
            for (int i = 0; i < 8; i++)
                for (int j = 0; j < 8; j++) {
                    double sum = 0;
                    for (int x = 0; x < kernel; x++) sum += half[i][x] * g[j][x];
                    to[((size_t)(i * 8 + j) * depth + k) * p.width] = (float)sum;
                }
        }
    }
}

size_t vdk_winograd_scratch(const vdk_winograd *w, int count, const vdk_kernels *kernels) {
    int blocks = 3;  // of the products: a panel's vectors
    for (int i = 0; i < w->inputs; i++) blocks += (w->input[i].channels + kernels->lanes - 1) / kernels->lanes;
    return (size_t)round_up(count, kernels->rows) * blocks * BLOCK(kernels->lanes);
}

size_t vdk_direct_packed(int kernel, int depth, int channels, int lanes) {
    return (size_t)kernel * kernel * depth * panels_width(channels, lanes);
}

void vdk_direct_pack(const float *weight, int kernel, int depth, int channels, int lanes, float *packed) {
    const int taps = kernel * kernel;
    __builtin_memset(packed, 0, sizeof(float) * vdk_direct_packed(kernel, depth, channels, lanes));
    for (int o = 0; o < channels; o++) {
        const panel p = panel_of(o, channels, lanes);
        float *to = packed + (size_t)taps * depth * p.first + (o - p.first);
        for (int tap = 0; tap < taps; tap++)
            for (int k = 0; k < depth; k++)
                to[((size_t)tap * depth + k) * p.width] = weight[((size_t)o * depth + k) * taps + tap];
    }
}

size_t vdk_direct_scratch(const vdk_direct *d, int rows, const vdk_kernels *kernels) {
    const int reach = d->dilation * (d->kernel - 1) + 1;
    const size_t columns = (size_t)(round_up(d->output.width, kernels->rows) - 1) * d->stride + reach;
    return columns * d->depth * ((rows - 1) * d->stride + reach);
}
