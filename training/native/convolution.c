// Convolutions of channels-last batches for training, by the engine's own Winograd kernels (Sources/CKernels), and what
// the engine does not need: the gradient of the weights, summed in the transform domain.
//
// Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks" (CVPR 2016): Y = Aᵀ[U ⊙ V]A with V = BᵀdB. Hence
// dL/dU = V ⊙ (A·dY·Aᵀ), a product of two transformed tiles, added up over all tiles as 64 small matrix products.

#include "host.h"
#include "spread.h"
#include "threads.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/// What `layer` in __init__.py says, for one batch.
typedef struct {
    int kernel;  // taps a side: 2, 3 or 5
    int padding;  // rows and columns of zeros before the image, or before each of its phases
    int dilation;
    int input_step, output_step;  // 2: the channels of all four phases (row, column) one behind the other
    int staggered;  // of the outputs: as in vdk_winograd
    int images, input_height, input_width, output_height, output_width;
    int depth, channels;  // of the images themselves
} convolution;

static int phases(int step) { return step * step; }
static int planes(const convolution *c) { return c->images * c->dilation * c->dilation; }
static int total_depth(const convolution *c) { return phases(c->input_step) * c->depth; }
static int total_channels(const convolution *c) { return phases(c->output_step) * c->channels; }

/// Every `step`-th pixel of every `step`-th row of each image; `views`: all sub-grids of an image, then those of the next.
static void subgrids(const float *base, const convolution *c, int height, int width, int channels, int step, vdk_view *views) {
    for (int i = 0; i < c->images; i++)
        for (int top = 0; top < step; top++)
            for (int left = 0; left < step; left++)
                *views++ = (vdk_view){
                    .base = (float *)base + (((size_t)i * height + top) * width + left) * channels,
                    .row = (ptrdiff_t)step * width * channels,
                    .pixel = (ptrdiff_t)step * channels,
                    .height = (height - top + step - 1) / step,
                    .width = (width - left + step - 1) / step,
                    .channels = channels,
                };
}

/// The engine's description. `views`: room for those of inputs and outputs and, if `residual` is not null, of it.
static vdk_winograd describe(const convolution *c, const float *x, const float *y, const float *residual, vdk_view *views) {
    const int tile = 9 - c->kernel;
    vdk_view *in = views, *out = in + planes(c) * phases(c->input_step), *add = out + planes(c) * phases(c->output_step);
    subgrids(x, c, c->input_height, c->input_width, c->depth, c->input_step * c->dilation, in);
    subgrids(y, c, c->output_height, c->output_width, c->channels, c->output_step * c->dilation, out);
    if (residual) subgrids(residual, c, c->output_height, c->output_width, c->channels, c->output_step * c->dilation, add);
    return (vdk_winograd){
        .tile = tile,
        .padding = c->padding,
        .planes = planes(c),
        .tiles_high = (out[0].height + c->staggered + tile - 1) / tile,
        .tiles_wide = (out[0].width + c->staggered + tile - 1) / tile,
        .inputs = phases(c->input_step),
        .outputs = phases(c->output_step),
        .input = in,
        .output = out,
        .residual = residual ? add : NULL,
        .depth = total_depth(c),
        .slope = 1,
        .staggered = c->staggered,
    };
}

static int view_count(const convolution *c) { return planes(c) * (phases(c->input_step) + 2 * phases(c->output_step)); }

static const vdk_kernels host = {.lanes = LANES, .rows = COMMON_ROWS};

/// Transformed weights [64][depth][channels of all outputs] of one output in the order in which the engine reads them: as
/// `vdk_winograd_pack`, which transforms in double and takes its time, once at load.
static void pack(const float *u, const convolution *c, float *packed) {
    for (int from = 0; from < c->channels;) {
        const int width = panel_vectors(c->channels, from, LANES) * LANES;
        const int count = c->channels - from < width ? c->channels - from : width;
        for (int row = 0; row < POINTS * total_depth(c); row++, packed += width) {
            memset(packed + count, 0, sizeof(float) * (width - count));
            memcpy(packed, u + (size_t)row * total_channels(c) + from, sizeof(float) * count);
        }
        from += width;
    }
}

typedef struct {
    vdk_winograd engine;
    atomic_int next;  // tile that no thread has taken yet
} convolve_job;

enum { TILES_AT_ONCE = 24 };

static void convolve_tiles(void *context, int thread, int threads) {
    convolve_job *const job = context;
    const int total = job->engine.planes * job->engine.tiles_high * job->engine.tiles_wide;
    float *scratch = scratch_of(thread, vdk_winograd_scratch(&job->engine, TILES_AT_ONCE, &host));
    for (int first; (first = atomic_fetch_add(&job->next, TILES_AT_ONCE)) < total;)
        winograd(&job->engine, first, total - first < TILES_AT_ONCE ? total - first : TILES_AT_ONCE, scratch);
}

/// y = lrelu(x ∗ weights + bias) + residual, zero-padded. x [n, h, w, depth]; y and residual (or null) [n, h, w, channels];
/// u [64, depth of all inputs, channels of all outputs]; bias [channels of all outputs]. Not 0: no memory.
/// `depth` is a multiple of LANES. The result does not depend on the number of threads.
int convolve(const convolution *c, const float *x, const float *u, const float *bias, const float *residual, float slope, float *y,
             int threads) {
    const size_t each = vdk_winograd_packed(total_depth(c), c->channels, LANES);
    vdk_view *views = malloc(view_count(c) * sizeof(vdk_view));
    float *packed = aligned_alloc(64, each * phases(c->output_step) * sizeof(float));
    const int failed = !views || !packed;
    if (!failed) {
        convolve_job job = {describe(c, x, y, residual, views)};
        for (int o = 0; o < job.engine.outputs; o++) pack(u + o * c->channels, c, packed + o * each);
        job.engine.weights = packed;
        job.engine.bias = bias;
        job.engine.slope = slope;
        run_on(threads, convolve_tiles, &job);
    }
    free(packed);
    free(views);
    return failed;
}

typedef struct {
    const convolution *shape;
    vdk_winograd engine;
    float *sums[MOST_THREADS];  // of each thread, [64, depth, channels]
} gradient_job;

/// Tiles at once: as many as leave both their transforms in the second-level cache, but enough to pay for a pass over the sums.
static int gradient_tiles(int blocks) {
    const int fitting = (1 << 19) / (int)(blocks * BLOCK(LANES) * sizeof(float));
    return fitting < 32 ? 32 : fitting > 64 ? 64 : fitting;
}

/// One thread's share of the tiles, all of them side by side.
static void add_tiles(void *context, int thread, int threads) {
    gradient_job *const job = context;
    const convolution *const c = job->shape;
    const vdk_winograd *const w = &job->engine;
    const int depth = total_depth(c), channels = total_channels(c);
    const int v_blocks = depth / LANES, m_blocks = channels / LANES, at_once = gradient_tiles(v_blocks + m_blocks);
    const long total = (long)w->planes * w->tiles_high * w->tiles_wide;
    const int begin = (int)(total * thread / threads), end = (int)(total * (thread + 1) / threads);
    float *v = scratch_of(thread, (size_t)at_once * (v_blocks + m_blocks) * BLOCK(LANES));
    float *m = v + (size_t)at_once * v_blocks * BLOCK(LANES), *sums = job->sums[thread];
    memset(sums, 0, sizeof(float) * POINTS * depth * channels);
    for (int first = begin; first < end; first += at_once) {
        const int count = end - first < at_once ? end - first : at_once;
        if (w->tile == 7) {
            transform_tiles(7, w, first, count, v_blocks, v);
            spread_tiles(7, w, first, count, m);
        } else if (w->tile == 6) {
            transform_tiles(6, w, first, count, v_blocks, v);
            spread_tiles(6, w, first, count, m);
        } else {
            transform_tiles(4, w, first, count, v_blocks, v);
            spread_tiles(4, w, first, count, m);
        }
        add_products(v, v_blocks, m, m_blocks, count, sums);
    }
}

/// u [64, depth of all inputs, channels of all outputs] = dL/dU of `convolve` for x [n, h, w, depth] and gradient
/// [n, h, w, channels], both channel counts multiples of LANES. Not 0: no memory.
/// The order of the additions depends on the number of threads, on nothing else.
int weight_gradient(const convolution *c, const float *x, const float *gradient, float *u, int threads) {
    const size_t count = (size_t)POINTS * total_depth(c) * total_channels(c);
    threads = available_threads(threads);
    vdk_view *views = malloc(view_count(c) * sizeof(vdk_view));
    float *others = threads > 1 ? aligned_alloc(64, (threads - 1) * count * sizeof(float)) : NULL;
    const int failed = !views || (threads > 1 && !others);
    if (!failed) {
        gradient_job job = {c, describe(c, x, gradient, NULL, views)};
        for (int t = 0; t < threads; t++) job.sums[t] = t == 0 ? u : others + (t - 1) * count;
        run_on(threads, add_tiles, &job);
        for (int t = 1; t < threads; t++)
            for (size_t i = 0; i < count; i++) u[i] += job.sums[t][i];
    }
    free(others);
    free(views);
    return failed;
}

int lanes(void) { return LANES; }
