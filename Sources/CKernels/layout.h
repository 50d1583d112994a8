// Sizes that the packing code and the kernels of every instruction set agree on.
#pragma once

#include <stddef.h>

/// Transformed values of one 8×8 tile.
enum { POINTS = 64 };

/// Vectors of columns in the panel that starts at column `from`: three where they divide all channels (24, 48, 96),
/// else two, or one at the end if that is enough.
static inline int panel_vectors(int channels, int from, int lanes) {
    if (channels % (3 * lanes) == 0) return 3;
    return channels - from > lanes ? 2 : 1;
}

/// Columns of all panels together.
static inline int panels_width(int channels, int lanes) {
    int width = 0;
    while (width < channels) width += panel_vectors(channels, width, lanes) * lanes;
    return width;
}

/// Tiles of a row whose inputs are transformed together.
enum { STRIP = 4 };

/// Floats from one block of the transform domain (64 vectors) to the next. 16 more than it holds, so that equal points of
/// neighbouring blocks lie in different sets of the first-level cache.
#define BLOCK(lanes) (POINTS * (lanes) + 16)

static inline int round_up(int n, int step) { return (n + step - 1) / step * step; }
