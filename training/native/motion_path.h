// Samples of the middle frame's brightness along its own motion, from planes; networks/motion_path.py says what is meant.
#pragma once

#include "host.h"
#include "planes.h"

enum { BEND = 16 };  // as in motion_path.py

/// Samples along the path of row y of one image and along its bend, [2·samples + 2·bend][width], `step` floats from one sample to the next. `brightness`: a plane;
/// flows to both neighbours: two planes each.
static void path_row(const float *brightness, const float *to_previous, const float *to_next, int samples, int bend,
    float scale, int height, int width, int y, float *to, ptrdiff_t step) {
    const long plane = (long)height * width, start = (long)y * width;
    const float *here = brightness + start, *back = to_previous + start, *ahead = to_next + start;
    const vec lane = lane_numbers();
    for (int x = 0; x < width; x += LANES) {
        const int count = width - x < LANES ? width - x : LANES;
        const vec u = (load_part(ahead + x, count) - load_part(back + x, count)) * 0.5f;
        const vec v = (load_part(ahead + plane + x, count) - load_part(back + plane + x, count)) * 0.5f;
        const vec bend_u = load_part(ahead + x, count) + load_part(back + x, count);
        const vec bend_v = load_part(ahead + plane + x, count) + load_part(back + plane + x, count);
        const vec own = load_part(here + x, count);
        for (int k = 0; k < 2 * samples; k++) {
            const float along = (float)(k < samples ? k - samples : k - samples + 1) / (float)(2 * samples);
            const places at = places_at((float)x + lane + along * u, (float)y + along * v, height, width);
            store_part(to + k * step + x, (sample(brightness, at) - own) * scale, count);
        }
        for (int k = 0; k < 2 * bend; k++) {
            const float along = (float)(k < bend ? k - bend : k - bend + 1) / (float)(BEND * bend);
            const places at = places_at((float)x + lane + along * bend_u, (float)y + along * bend_v, height, width);
            store_part(to + (2 * samples + k) * step + x, (sample(brightness, at) - own) * scale, count);
        }
    }
}
