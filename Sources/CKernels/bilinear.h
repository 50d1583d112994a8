// Where bilinear samples of an image lie: positions clamped to the border.
#pragma once

#include "vector.h"

#include <stddef.h>

/// LANES clamped positions at once: the pixels before them, and how far behind those they are.
INLINE integers clamp_each(vec at, int side, vec *between) {
    // Written so that NaN becomes 0.
    at = at > 0 ? at : 0;
    at = at < (float)(side - 1) ? at : (float)(side - 1);
    const integers first = __builtin_convertvector(at, integers);
    *between = at - __builtin_convertvector(first, vec);
    return first;
}

/// Floats from an image's base to the pixels that `at` lie behind, and on to the next pixel if there is one.
INLINE void offsets(vec at, int side, ptrdiff_t pixel, integers *before, integers *next, vec *between) {
    const integers first = clamp_each(at, side, between);
    *before = first * (int)pixel;
    *next = first < side - 1 ? (integers)(int)pixel : (integers){};
}
