// 3×3 convolutions of channels-last batches for training, by the engine's own Winograd kernels (Sources/CKernels), and
// what the engine does not need: the gradient of the weights, summed in the transform domain.
//
// Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks" (CVPR 2016): Y = Aᵀ[U ⊙ V]A with V = BᵀdB. Hence
// dL/dU = V ⊙ (A·dY·Aᵀ), a product of two transformed tiles, added up over all tiles as 64 small matrix products.

#include "CKernels.h"
#include "layout.h"

#include <string.h>

#if defined(__AVX512F__)
#define LANES 16
#elif defined(__AVX2__)
#define LANES 8
#else
#define LANES 4
#endif

typedef float vec __attribute__((ext_vector_type(LANES), aligned(4)));
#define INLINE static inline __attribute__((always_inline))
INLINE vec load(const float *p) { return *(const vec *)p; }
INLINE void store(float *p, vec v) { *(vec *)p = v; }

#include "winograd_input.h"

enum { TILE = 6, TILES_AT_ONCE = 24 };

static const vdk_kernels *engine(void) {
    for (int level = VDK_LEVELS - 1; level > 0; level--)
        if (vdk_kernels_of(level)) return vdk_kernels_of(level);
    return vdk_kernels_of(VDK_BASELINE);
}

static vdk_view image(const float *base, int n, int height, int width, int channels) {
    return (vdk_view){(float *)base + (size_t)n * height * width * channels, (ptrdiff_t)width * channels, channels,
                      height, width, channels};
}

static int tiles(int side) { return (side + TILE - 1) / TILE; }

/// Transformed weights [64][depth][channels] in the order in which the engine reads them: as `vdk_winograd_pack`, which
/// transforms in double and takes its time, once at load.
static void pack(const float *u, int depth, int channels, int lanes, float *packed) {
    for (int from = 0; from < channels;) {
        const int width = panel_vectors(channels, from, lanes) * lanes, count = channels - from < width ? channels - from : width;
        for (int row = 0; row < POINTS * depth; row++, packed += width) {
            memset(packed, 0, sizeof(float) * width);
            memcpy(packed, u + (size_t)row * channels + from, sizeof(float) * count);
        }
        from += width;
    }
}

static vdk_winograd description(int n, int height, int width, int depth, const vdk_view *in, const vdk_view *out) {
    return (vdk_winograd){.tile = TILE, .padding = 1, .planes = n, .tiles_high = tiles(height), .tiles_wide = tiles(width),
                          .inputs = 1, .outputs = 1, .input = in, .output = out, .depth = depth};
}

/// Floats that `convolve` needs for itself.
size_t convolve_scratch(int depth, int channels) {
    const vdk_view in = {.channels = depth}, out = {.channels = channels};
    const vdk_winograd w = description(1, 1, 1, depth, &in, &out);
    return vdk_winograd_packed(depth, channels, engine()->lanes) + vdk_winograd_scratch(&w, TILES_AT_ONCE, engine());
}

/// y = lrelu(x ∗ weights + bias) + residual, zero-padded. x [n, h, w, depth], y and residual (or null) [n, h, w, channels],
/// u [64, depth, channels].
void convolve(const float *x, const float *u, const float *bias, const float *residual, float slope, float *y, int n, int height,
              int width, int depth, int channels, float *scratch) {
    vdk_view in[n], out[n], add[n];
    for (int i = 0; i < n; i++) {
        in[i] = image(x, i, height, width, depth);
        out[i] = image(y, i, height, width, channels);
        add[i] = image(residual, i, height, width, channels);
    }
    vdk_winograd w = description(n, height, width, depth, in, out);
    if (residual) w.residual = add;
    w.weights = scratch;
    w.bias = bias;
    w.slope = slope;
    pack(u, depth, channels, engine()->lanes, scratch);
    scratch += vdk_winograd_packed(depth, channels, engine()->lanes);
    const int total = n * w.tiles_high * w.tiles_wide;
    for (int first = 0; first < total; first += TILES_AT_ONCE)
        engine()->winograd(&w, first, total - first < TILES_AT_ONCE ? total - first : TILES_AT_ONCE, scratch);
}

/// BᵀdB of all channels of one tile, whose inputs begin at (top, left); zero outside of the image.
static void transform_tile(const vdk_view *in, int top, int left, float *out, ptrdiff_t plane) {
    const float *first = in->base + top * in->row + left * in->pixel;
    for (int c = 0; c < in->channels; c += LANES) {
        vec half[8][8];
        for (int x = 0; x < 8; x++) {
            vec d[8], o[8];
            const int column = left + x >= 0 && left + x < in->width;
            for (int y = 0; y < 8; y++)
                d[y] = column && top + y >= 0 && top + y < in->height ? load(first + y * in->row + x * in->pixel + c) : (vec){};
            transform_input(d, o);
            for (int y = 0; y < 8; y++) half[y][x] = o[y];
        }
        for (int y = 0; y < 8; y++) {
            vec o[8];
            transform_input(half[y], o);
            for (int x = 0; x < 8; x++) store(out + (y * 8 + x) * plane + c, o[x]);
        }
    }
}

/// A·y for one column or row: the transpose of the engine's output transform with tiles of 6.
INLINE void spread(const vec y[6], vec m[8]) {
    const vec e1 = y[0] + y[2] + y[4], o1 = y[1] + y[3] + y[5];
    const vec e2 = y[0] + 4.0f * y[2] + 16.0f * y[4], o2 = 2.0f * y[1] + 8.0f * y[3] + 32.0f * y[5];
    const vec e3 = y[0] + 0.25f * y[2] + 0.0625f * y[4], o3 = 0.5f * y[1] + 0.125f * y[3] + 0.03125f * y[5];
    m[0] = y[0];
    m[1] = e1 + o1;
    m[2] = e1 - o1;
    m[3] = e2 + o2;
    m[4] = e2 - o2;
    m[5] = e3 + o3;
    m[6] = e3 - o3;
    m[7] = y[5];
}

/// A·dY·Aᵀ of all channels of one tile, zero outside of the image.
static void spread_tile(const vdk_view *gradient, int top, int left, float *out, ptrdiff_t plane) {
    const int rows = gradient->height - top < TILE ? gradient->height - top : TILE;
    const int columns = gradient->width - left < TILE ? gradient->width - left : TILE;
    const float *first = gradient->base + top * gradient->row + left * gradient->pixel;
    for (int c = 0; c < gradient->channels; c += LANES) {
        vec half[8][6];
        for (int x = 0; x < 6; x++) {
            vec y[6], m[8];
            for (int i = 0; i < 6; i++)
                y[i] = i < rows && x < columns ? load(first + i * gradient->row + x * gradient->pixel + c) : (vec){};
            spread(y, m);
            for (int i = 0; i < 8; i++) half[i][x] = m[i];
        }
        for (int i = 0; i < 8; i++) {
            vec m[8];
            spread(half[i], m);
            for (int x = 0; x < 8; x++) store(out + (i * 8 + x) * plane + c, m[x]);
        }
    }
}

/// sums[c][o] += Σ over tiles of v[t][c]·m[t][o], for `rows` × (`columns` vectors) of them.
INLINE void accumulate(int rows, int columns, const float *v, ptrdiff_t v_row, const float *m, ptrdiff_t m_row, int count, float *sums,
                       int channels) {
    vec sum[6][3];
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) sum[i][j] = load(sums + i * channels + j * LANES);
    for (int t = 0; t < count; t++, v += v_row, m += m_row) {
        vec right[3];
        for (int j = 0; j < columns; j++) right[j] = load(m + j * LANES);
        for (int i = 0; i < rows; i++) {
            const vec left = (vec)v[i];
            for (int j = 0; j < columns; j++) sum[i][j] += left * right[j];
        }
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) store(sums + i * channels + j * LANES, sum[i][j]);
}

/// Floats between transformed points: 16 beyond a multiple of 4 KiB, so that they lie in different sets of the cache.
static ptrdiff_t transformed_plane(ptrdiff_t floats) { return (floats + 1023) / 1024 * 1024 + 16; }

static int gradient_block(int depth, int channels) {
    const int fitting = (1 << 20) / (POINTS * 4 * (depth + channels));  // of the second-level cache
    return fitting < 32 ? 32 : fitting > 96 ? 96 : fitting;
}

/// Floats that `weight_gradient` needs for itself.
size_t weight_gradient_scratch(int depth, int channels) {
    const int block = gradient_block(depth, channels);
    return POINTS * (transformed_plane((ptrdiff_t)block * depth) + transformed_plane((ptrdiff_t)block * channels));
}

/// u [64, depth, channels] = dL/dU of `convolve` for x [n, h, w, depth] and gradient [n, h, w, channels].
/// Both channel counts are multiples of LANES.
void weight_gradient(const float *x, const float *gradient, float *u, int n, int height, int width, int depth, int channels,
                     float *scratch) {
    const int block = gradient_block(depth, channels), high = tiles(height), wide = tiles(width), total = n * high * wide;
    const ptrdiff_t v_plane = transformed_plane((ptrdiff_t)block * depth), m_plane = transformed_plane((ptrdiff_t)block * channels);
    float *v = scratch, *m = scratch + POINTS * v_plane;
    memset(u, 0, sizeof(float) * POINTS * depth * channels);
    for (int first = 0; first < total; first += block) {
        const int count = total - first < block ? total - first : block;
        for (int t = 0; t < count; t++) {
            const int index = first + t, inner = index % (high * wide), top = inner / wide * TILE, left = inner % wide * TILE;
            const vdk_view in = image(x, index / (high * wide), height, width, depth);
            const vdk_view out = image(gradient, index / (high * wide), height, width, channels);
            transform_tile(&in, top - 1, left - 1, v + t * depth, v_plane);
            spread_tile(&out, top, left, m + t * channels, m_plane);
        }
        for (int q = 0; q < POINTS; q++)
            for (int o = 0; o < channels;) {
                const int columns = channels % (3 * LANES) == 0 ? 3 : channels - o >= 2 * LANES ? 2 : 1;
                float *to = u + (size_t)q * depth * channels + o;
                const float *left = v + q * v_plane, *right = m + q * m_plane + o;
                for (int c = 0; c < depth;) {
                    const int rows = columns == 3 ? (depth - c >= 4 ? 4 : 1) : (depth - c >= 6 ? 6 : 1);
                    float *at = to + (size_t)c * channels;
                    if (rows == 4)
                        accumulate(4, 3, left + c, depth, right, channels, count, at, channels);
                    else if (rows == 6 && columns == 2)
                        accumulate(6, 2, left + c, depth, right, channels, count, at, channels);
                    else if (rows == 6)
                        accumulate(6, 1, left + c, depth, right, channels, count, at, channels);
                    else
                        accumulate(1, columns, left + c, depth, right, channels, count, at, channels);
                    c += rows;
                }
                o += columns * LANES;
            }
    }
}

int lanes(void) { return LANES; }
