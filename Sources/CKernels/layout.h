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

/// Floats between the tiles' rows of transformed inputs. Where channels of several views meet inside a vector,
/// a vector stored over the end of its view, or of its row, is overwritten by what comes there.
static inline ptrdiff_t transformed_row(int depth, int lanes) { return (depth + lanes - 1) / lanes * lanes; }

/// Floats between transformed points: 16 beyond a multiple of 4 KiB, so that the points of a tile
/// lie in different sets of the first-level cache.
static inline ptrdiff_t transformed_plane(ptrdiff_t floats) { return (floats + 1023) / 1024 * 1024 + 16; }

static inline int round_up(int n, int step) { return (n + step - 1) / step * step; }
