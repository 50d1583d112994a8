// What the restoration network sees, from planar images [n, c, h, w] and flows [n, 2, h, w] that need no gradient: frames, samples
// along the motion path and flows, space to depth. networks/restoration.py says what is meant.

#include "host.h"
#include "motion_path.h"
#include "threads.h"

/// What `RestorationNetwork.input` of restoration.py says.
typedef struct {
    int images, channels, height, width;
    int factor;  // of space to depth
    int samples;  // each way along the motion path; 0: none
    int bend;  // and along its bend
    int flows;  // whether the flows themselves are among the inputs
    float offset, path_scale, flow_scale;
} input_shape;

typedef struct {
    const input_shape *shape;
    const float *frames, *to_previous, *to_next;
    float *brightness, *out;
} input_job;

static void brightness_rows(void *context, int thread, int threads) {
    const input_job *const job = context;
    const input_shape *const s = job->shape;
    const long plane = (long)s->height * s->width, total = s->images * plane;
    for (long i = total * thread / threads; i < total * (thread + 1) / threads; i++) {
        const float *middle =
            job->frames + i / plane * s->channels * plane + s->channels / 3 / 2 * 3 * plane + i % plane;
        job->brightness[i] = (middle[0] + middle[plane] + middle[2 * plane]) / 3.0f;
    }
}

static void input_rows(void *context, int thread, int threads) {
    const input_job *const job = context;
    const input_shape *const s = job->shape;
    const int f = s->factor, high = s->height / f, wide = s->width / f, points = 2 * (s->samples + s->bend);
    const int depth = (s->channels + points) * f * f + (s->flows ? 4 : 0);
    const long plane = (long)s->height * s->width, rows = (long)s->images * high;
    float *const path = scratch_of(thread, (size_t)points * f * s->width + 1);  // [sample][dy][width]
    for (long row = rows * thread / threads; row < rows * (thread + 1) / threads; row++) {
        const int image = (int)(row / high), top = (int)(row % high) * f;
        const float *frames = job->frames + image * s->channels * plane + (long)top * s->width;
        for (int dy = 0; dy < f && points; dy++)
            path_row(job->brightness + image * plane, job->to_previous + 2 * image * plane,
                job->to_next + 2 * image * plane, s->samples, s->bend, s->path_scale, s->height, s->width, top + dy,
                path + dy * s->width, (ptrdiff_t)f * s->width);
        float *to = job->out + row * wide * depth;
        for (int x = 0; x < wide; x++) {
            for (int c = 0; c < s->channels; c++)
                for (int dy = 0; dy < f; dy++)
                    for (int dx = 0; dx < f; dx++) *to++ = frames[c * plane + dy * s->width + x * f + dx] + s->offset;
            for (int k = 0; k < points * f; k++)
                for (int dx = 0; dx < f; dx++) *to++ = path[k * s->width + x * f + dx];
            for (int c = 0; c < 4 && s->flows; c++) {
                const float *flow = (c < 2 ? job->to_previous : job->to_next) + (2 * image + c % 2) * plane +
                    (long)top * s->width + x * f;
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
void restoration_input(const input_shape *shape, const float *frames, const float *to_previous, const float *to_next,
    float *out, int threads) {
    take_pool();
    input_job job = {shape, frames, to_previous, to_next, NULL, out};
    if (shape->samples + shape->bend) {
        job.brightness = shared_floats((size_t)shape->images * shape->height * shape->width);
        run_on(threads, brightness_rows, &job);
    }
    run_on(threads, input_rows, &job);
    leave_pool();
}
