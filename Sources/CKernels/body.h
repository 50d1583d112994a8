// The body of every kernel. A source file of one instruction set defines its sizes (lanes.h), LEVEL_NAME and TABLE, switches the
// compiler's target and includes this.
#pragma once

#include "CKernels.h"
#include "attention.h"
#include "cost_volume.h"
#include "direct.h"
#include "lanes.h"
#include "motion_path.h"
#include "pixel_shuffle.h"
#include "pooling.h"
#include "resize.h"
#include "warp.h"
#include "winograd.h"

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
    .apply_attention = apply_attention,
    .unshuffle = unshuffle,
    .shuffle = shuffle,
};
