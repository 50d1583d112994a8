// Backward warping of planar images [n, c, h, w] that need no gradient; networks/warp.py says what is meant.

#include "host.h"
#include "planes.h"
#include "threads.h"

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
            const places at =
                places_at((float)x + lane + load_part(u + x, count), (float)y + load_part(v + x, count), height, width);
            for (int c = 0; c < job->channels; c++)
                store_part(out + c * plane + x, sample(image + c * plane, at), count);
        }
    }
}

/// out [n, c, h, w]: images at (x + u, y + v), clamped to the border; flows [n, 2, h, w].
void warp_images(
    const float *images, const float *flows, float *out, int count, int channels, int height, int width, int threads) {
    take_pool();
    warp_job job = {images, flows, out, count, channels, height, width};
    run_on(threads, warp_rows, &job);
    leave_pool();
}
