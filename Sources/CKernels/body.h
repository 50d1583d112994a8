// The body of every kernel. A source file of one instruction set defines LANES, ROWS and ROWS_OF_3 (of the GEMM
// register tile, with up to two and with three vectors of columns),
// COMMON_ROWS (a multiple of both), LEVEL_NAME and TABLE, switches the compiler's target and includes this.

#include "vector.h"
#include "winograd_input.h"
#include "winograd.h"
#include "direct.h"
#include "motion.h"
#include "resample.h"
#include "attention.h"

const vdk_kernels TABLE = {
    .name = LEVEL_NAME,
    .lanes = LANES,
    .rows = COMMON_ROWS,
    .winograd = winograd,
    .direct = direct,
    .warp = warp,
    .cost_volume = cost_volume,
    .brightness = brightness,
    .motion_path = motion_path,
    .resize = resize,
    .sum_window = sum_window,
    .max_row = max_row,
    .average_pool = average_pool,
    .channel_statistics = channel_statistics,
    .gate = gate,
    .unshuffle = unshuffle,
    .shuffle = shuffle,
};
