// Convolutions of channels-last batches for training, by the engine's own Winograd kernels (Sources/CKernels), and what
// the engine does not need: the gradient of the weights, summed in the transform domain.
//
// Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks" (CVPR 2016): Y = Aᵀ[U ⊙ V]A with V = BᵀdB. Hence
// dL/dU = V ⊙ (A·dY·Aᵀ), a product of two transformed tiles, added up over all tiles as 64 small matrix products.

#include "host.h"
#include "spread.h"
#include "threads.h"
#include "weights.h"

#include <stdatomic.h>
#include <string.h>

/// What an `Algorithm` of winograd.py says, for one batch.
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
static void subgrids(
    const float *base, const convolution *c, int height, int width, int channels, int step, vdk_view *views) {
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

/// The engine's description, its views in memory of the pool.
static vdk_winograd describe(const convolution *c, const float *x, const float *y, const float *residual) {
    const int tile = 9 - c->kernel;
    vdk_view *in = shared_views(planes(c) * (phases(c->input_step) + 2 * phases(c->output_step))),
             *out = in + planes(c) * phases(c->input_step), *add = out + planes(c) * phases(c->output_step);
    subgrids(x, c, c->input_height, c->input_width, c->depth, c->input_step * c->dilation, in);
    subgrids(y, c, c->output_height, c->output_width, c->channels, c->output_step * c->dilation, out);
    if (residual)
        subgrids(residual, c, c->output_height, c->output_width, c->channels, c->output_step * c->dilation, add);
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

static const vdk_kernels host = {.lanes = LANES, .rows = COMMON_ROWS};

typedef struct {
    const convolution *shape;
    vdk_winograd engine;
    const float *taps;
    float *packed;
    atomic_int next;  // tile that no thread has taken yet
} convolve_job;

static void pack(void *context, int thread, int threads) {
    const convolve_job *const job = context;
    const convolution *const c = job->shape;
    const int depth = total_depth(c), outputs = phases(c->output_step);
    const int first = depth * thread / threads, end = depth * (thread + 1) / threads;
    if (c->kernel == 2)
        pack_rows(2, job->taps, depth, outputs, c->channels, first, end, job->packed);
    else if (c->kernel == 3)
        pack_rows(3, job->taps, depth, outputs, c->channels, first, end, job->packed);
    else
        pack_rows(5, job->taps, depth, outputs, c->channels, first, end, job->packed);
}

enum { TILES_AT_ONCE = 24 };

static void convolve_tiles(void *context, int thread, int threads) {
    (void)threads;
    convolve_job *const job = context;
    const int total = job->engine.planes * job->engine.tiles_high * job->engine.tiles_wide;
    float *scratch = scratch_of(thread, vdk_winograd_scratch(&job->engine, TILES_AT_ONCE, &host));
    for (int first; (first = atomic_fetch_add(&job->next, TILES_AT_ONCE)) < total;)
        winograd(&job->engine, first, total - first < TILES_AT_ONCE ? total - first : TILES_AT_ONCE, scratch);
}

/// y = lrelu(x ∗ taps + bias) + residual, zero-padded. x [n, h, w, depth]; y and residual (or null) [n, h, w, channels];
/// taps [kernel, kernel, depth of all inputs, channels of all outputs]; bias [channels of all outputs].
/// `depth` is a multiple of LANES. The result does not depend on the number of threads.
void convolve(const convolution *c, const float *x, const float *taps, const float *bias, const float *residual,
    float slope, float *y, int threads) {
    take_pool();
    const size_t packed = phases(c->output_step) * vdk_winograd_packed(total_depth(c), c->channels, LANES);
    convolve_job job = {
        .shape = c, .engine = describe(c, x, y, residual), .taps = taps, .packed = shared_floats(packed)};
    job.engine.weights = job.packed;
    job.engine.bias = bias;
    job.engine.slope = slope;
    run_on(threads, pack, &job);
    run_on(threads, convolve_tiles, &job);
    leave_pool();
}

typedef struct {
    const convolution *shape;
    vdk_winograd engine;
    float *sums[MOST_THREADS];  // of each thread, 64 planes [depth, channels]
    // floats from one point's sums to the next's: 16 more than a multiple of 4 KiB, in other sets of the cache
    ptrdiff_t plane;
    float *taps;
} gradient_job;

/// Tiles at once: as many as leave both their transforms in the second-level cache, unless passes over the sums, which do not fit
/// into it either, cost more.
static int gradient_tiles(int v_blocks, int m_blocks) {
    const int cache = 1 << 20, sums = v_blocks * m_blocks * LANES * LANES * POINTS * (int)sizeof(float);
    const int fitting = cache / 2 / ((v_blocks + m_blocks) * BLOCK(LANES) * (int)sizeof(float));
    return fitting > 64 || sums > cache ? 64 : fitting < 32 ? 32 : fitting;
}

/// One thread's share of the tiles, all of them side by side.
static void add_tiles(void *context, int thread, int threads) {
    gradient_job *const job = context;
    const convolution *const c = job->shape;
    const vdk_winograd *const w = &job->engine;
    const int depth = total_depth(c), channels = total_channels(c);
    const int v_blocks = depth / LANES, m_blocks = channels / LANES, at_once = gradient_tiles(v_blocks, m_blocks);
    const long total = (long)w->planes * w->tiles_high * w->tiles_wide;
    const int begin = (int)(total * thread / threads), end = (int)(total * (thread + 1) / threads);
    float *v = scratch_of(thread, (size_t)at_once * (v_blocks + m_blocks) * BLOCK(LANES));
    float *m = v + (size_t)at_once * v_blocks * BLOCK(LANES), *sums = job->sums[thread];
    if (begin == end) memset(sums, 0, sizeof(float) * POINTS * job->plane);
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
        add_products(v, v_blocks, m, m_blocks, count, sums, job->plane, first == begin);
    }
}

/// The sums of all threads out of the transform domain: this thread's share of the rows of the depth.
static void collect(void *context, int thread, int threads) {
    const gradient_job *const job = context;
    const convolution *const c = job->shape;
    const ptrdiff_t depth = total_depth(c), channels = total_channels(c), plane = depth * channels;
    const ptrdiff_t first = depth * thread / threads * channels, end = depth * (thread + 1) / threads * channels;
    for (ptrdiff_t at = first; at < end; at += LANES) {
        if (c->kernel == 2)
            collect_taps(2, job->sums, threads, job->plane, at, plane, job->taps);
        else if (c->kernel == 3)
            collect_taps(3, job->sums, threads, job->plane, at, plane, job->taps);
        else
            collect_taps(5, job->sums, threads, job->plane, at, plane, job->taps);
    }
}

/// taps [kernel, kernel, depth of all inputs, channels of all outputs] = dL/d taps of `convolve` for x [n, h, w, depth] and
/// gradient [n, h, w, channels], both channel counts multiples of LANES.
/// The order of the additions depends on the number of threads, on nothing else.
void weight_gradient(const convolution *c, const float *x, const float *gradient, float *taps, int threads) {
    take_pool();
    threads = available_threads(threads);
    gradient_job job = {.shape = c, .engine = describe(c, x, gradient, NULL), .taps = taps};
    job.plane = round_up(total_depth(c) * total_channels(c), 1024) + 16;
    float *sums = shared_floats((size_t)threads * POINTS * job.plane);
    for (int t = 0; t < threads; t++) job.sums[t] = sums + (size_t)t * POINTS * job.plane;
    run_on(threads, add_tiles, &job);
    run_on(threads, collect, &job);
    leave_pool();
}

/// Channels that fill a vector.
int lanes(void) { return LANES; }
