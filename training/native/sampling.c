// What the restoration network sees, from planar images [n, c, h, w] and flows [n, 2, h, w] that need no gradient: frames
// along the flow, samples along the motion path, space to depth. As warp.py, motion_path.py and restoration.py, which say
// what is meant; the engine's own (Sources/CKernels/motion.h) read images channels last, with room behind them.

#include "host.h"
#include "threads.h"

typedef int integers __attribute__((ext_vector_type(LANES), aligned(4)));
/// Two neighbouring floats, moved as one.
typedef double pair __attribute__((aligned(4)));
typedef double pairs __attribute__((ext_vector_type(LANES / 2)));

/// Bilinear samples of up to LANES places: the same for every plane of an image. No side is below 2.
typedef struct {
    integers upper;  // float of the corner above, left
    int row;
    vec across, down;
} places;

/// Clamped to the border; NaN becomes 0. `between` of the last pixel is 1 and leads there from the one before.
INLINE integers corner(vec at, int side, vec *between) {
    at = at > 0 ? at : 0;
    at = at < (float)(side - 1) ? at : (float)(side - 1);
    const integers whole = __builtin_convertvector(at, integers), before = whole < side - 2 ? whole : side - 2;
    *between = at - __builtin_convertvector(before, vec);
    return before;
}

INLINE places places_at(vec x, vec y, int height, int width) {
    places p = {.row = width};
    const integers column = corner(x, width, &p.across);
    p.upper = corner(y, height, &p.down) * width + column;
    return p;
}

INLINE vec between_pairs(const float *base, integers at, vec across) {
    pairs near, far;
    for (int i = 0; i < LANES / 2; i++) {
        near[i] = *(const pair *)(base + at[i]);
        far[i] = *(const pair *)(base + at[LANES / 2 + i]);
    }
    const vec left = __builtin_shufflevector((vec)near, (vec)far, EVEN_PLACES);
    const vec right = __builtin_shufflevector((vec)near, (vec)far, ODD_PLACES);
    return left + (right - left) * across;
}

INLINE vec sample(const float *plane, places p) {
    const vec upper = between_pairs(plane, p.upper, p.across), lower = between_pairs(plane + p.row, p.upper, p.across);
    return upper + (lower - upper) * p.down;
}

INLINE vec lane_numbers(void) {
    vec lane;
    for (int i = 0; i < LANES; i++) lane[i] = (float)i;
    return lane;
}

typedef struct {
    const float *images, *flows;
    float *out;
    int images_count, channels, height, width;
} warp_job;

static void warp_rows(void *context, int thread, int threads) {
    const warp_job *const job = context;
    const int height = job->height, width = job->width;
    const long rows = (long)job->images_count * height, plane = (long)height * width;
    const vec lane = lane_numbers();
    for (long row = rows * thread / threads; row < rows * (thread + 1) / threads; row++) {
        const int y = (int)(row % height);
        const float *image = job->images + row / height * job->channels * plane;
        const float *u = job->flows + row / height * 2 * plane + y * width, *v = u + plane;
        float *out = job->out + row / height * job->channels * plane + y * width;
        for (int x = 0; x < width; x += LANES) {
            const int count = width - x < LANES ? width - x : LANES;
            const places at = places_at((float)x + lane + load_part(u + x, count), (float)y + load_part(v + x, count), height, width);
            for (int c = 0; c < job->channels; c++) store_part(out + c * plane + x, sample(image + c * plane, at), count);
        }
    }
}

/// out [n, c, h, w]: images at (x + u, y + v), clamped to the border; flows [n, 2, h, w].
void warp_images(const float *images, const float *flows, float *out, int count, int channels, int height, int width, int threads) {
    take_pool();
    warp_job job = {images, flows, out, count, channels, height, width};
    run_on(threads, warp_rows, &job);
    leave_pool();
}

/// What `RestorationNetwork.input` of restoration.py says.
typedef struct {
    int images, channels, height, width;
    int factor;  // of space to depth
    int samples;  // each way along the motion path; 0: none
    int flows;  // whether the flows themselves are among the inputs
    float offset, path_scale, flow_scale;
} input_shape;

typedef struct {
    const input_shape *shape;
    const float *frames, *back, *ahead;
    float *brightness, *out;
} input_job;

static void brightness_rows(void *context, int thread, int threads) {
    const input_job *const job = context;
    const input_shape *const s = job->shape;
    const long plane = (long)s->height * s->width, total = s->images * plane;
    for (long i = total * thread / threads; i < total * (thread + 1) / threads; i++) {
        const float *middle = job->frames + i / plane * s->channels * plane + s->channels / 3 / 2 * 3 * plane + i % plane;
        job->brightness[i] = (middle[0] + middle[plane] + middle[2 * plane]) / 3.0f;
    }
}

/// Samples along the path of row y of one image, [2·samples][width], `step` floats from one sample to the next.
static void path_row(const input_job *job, int image, int y, float *to, ptrdiff_t step) {
    const input_shape *const s = job->shape;
    const long plane = (long)s->height * s->width, start = 2 * image * plane + (long)y * s->width;
    const float *brightness = job->brightness + image * plane, *here = brightness + (long)y * s->width;
    const float *back = job->back + start, *ahead = job->ahead + start;
    const vec lane = lane_numbers();
    for (int x = 0; x < s->width; x += LANES) {
        const int count = s->width - x < LANES ? s->width - x : LANES;
        const vec u = (load_part(ahead + x, count) - load_part(back + x, count)) * 0.5f;
        const vec v = (load_part(ahead + plane + x, count) - load_part(back + plane + x, count)) * 0.5f;
        const vec own = load_part(here + x, count);
        for (int k = 0; k < 2 * s->samples; k++) {
            const float along = (float)(k < s->samples ? k - s->samples : k - s->samples + 1) / (float)(2 * s->samples);
            const places at = places_at((float)x + lane + along * u, (float)y + along * v, s->height, s->width);
            store_part(to + k * step + x, (sample(brightness, at) - own) * s->path_scale, count);
        }
    }
}

static void input_rows(void *context, int thread, int threads) {
    const input_job *const job = context;
    const input_shape *const s = job->shape;
    const int f = s->factor, high = s->height / f, wide = s->width / f, planes = s->channels + 2 * s->samples;
    const int depth = planes * f * f + (s->flows ? 4 : 0);
    const long plane = (long)s->height * s->width, rows = (long)s->images * high;
    float *const path = scratch_of(thread, (size_t)2 * s->samples * f * s->width + 1);  // [sample][dy][width]
    for (long row = rows * thread / threads; row < rows * (thread + 1) / threads; row++) {
        const int image = (int)(row / high), top = (int)(row % high) * f;
        const float *frames = job->frames + image * s->channels * plane + (long)top * s->width;
        for (int dy = 0; dy < f && s->samples; dy++) path_row(job, image, top + dy, path + dy * s->width, (ptrdiff_t)f * s->width);
        float *to = job->out + row * wide * depth;
        for (int x = 0; x < wide; x++) {
            for (int c = 0; c < s->channels; c++)
                for (int dy = 0; dy < f; dy++)
                    for (int dx = 0; dx < f; dx++) *to++ = frames[c * plane + dy * s->width + x * f + dx] + s->offset;
            for (int k = 0; k < 2 * s->samples * f; k++)
                for (int dx = 0; dx < f; dx++) *to++ = path[k * s->width + x * f + dx];
            for (int c = 0; c < 4 && s->flows; c++) {
                const float *flow = (c < 2 ? job->back : job->ahead) + (2 * image + c % 2) * plane + (long)top * s->width + x * f;
                float sum = 0;
                for (int dy = 0; dy < f; dy++)
                    for (int dx = 0; dx < f; dx++) sum += flow[dy * s->width + dx];
                *to++ = sum * (s->flow_scale / (float)(f * f));
            }
        }
    }
}

/// out [n, h / factor, w / factor, depth]: frames plus offset, samples along the path of the middle one and, averaged, both
/// flows. frames [n, channels, h, w], flows [n, 2, h, w] or, where neither path nor flows are wanted, null.
void restoration_input(const input_shape *shape, const float *frames, const float *back, const float *ahead, float *out, int threads) {
    take_pool();
    input_job job = {shape, frames, back, ahead, NULL, out};
    if (shape->samples) {
        job.brightness = shared_floats((size_t)shape->images * shape->height * shape->width);
        run_on(threads, brightness_rows, &job);
    }
    run_on(threads, input_rows, &job);
    leave_pool();
}
