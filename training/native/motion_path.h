// Samples of the middle frame's brightness along its own motion, from planes; networks/motion_path.py says what is meant.
#pragma once

#include "host.h"
#include "planes.h"

/// Samples along the path of row y of one image, [2·samples][width], `step` floats from one sample to the next. `brightness`: a plane;
/// flows to both neighbours: two planes each.
static void path_row(const float *brightness, const float *to_previous, const float *to_next, int samples, float scale,
    int height, int width, int y, float *to, ptrdiff_t step) {
    const long plane = (long)height * width, start = (long)y * width;
    const float *here = brightness + start, *back = to_previous + start, *ahead = to_next + start;
    const vec lane = lane_numbers();
    for (int x = 0; x < width; x += LANES) {
        const int count = width - x < LANES ? width - x : LANES;
        const vec u = (load_part(ahead + x, count) - load_part(back + x, count)) * 0.5f;
        const vec v = (load_part(ahead + plane + x, count) - load_part(back + plane + x, count)) * 0.5f;
        const vec own = load_part(here + x, count);
        for (int k = 0; k < 2 * samples; k++) {
            const float along = (float)(k < samples ? k - samples : k - samples + 1) / (float)(2 * samples);
            const places at = places_at((float)x + lane + along * u, (float)y + along * v, height, width);
            store_part(to + k * step + x, (sample(brightness, at) - own) * scale, count);
        }
    }
}
