// Winograd's input transform (see winograd.h), on its own because the gradient of the weights needs it too
// (training/native).
#pragma once

#include "vector.h"

/// Bᵀd for one column or row.
INLINE void transform_input(const vec d[8], vec o[8]) {
    o[0] = d[0] - d[6] + 5.25f * (d[4] - d[2]);
    o[7] = d[7] - d[1] + 5.25f * (d[3] - d[5]);
    vec even = d[2] + d[6] - 4.25f * d[4], odd = d[1] + d[5] - 4.25f * d[3];
    o[1] = even + odd;
    o[2] = even - odd;
    even = d[6] + 0.25f * d[2] - 1.25f * d[4], odd = 0.5f * d[1] - 2.5f * d[3] + 2.0f * d[5];
    o[3] = even + odd;
    o[4] = even - odd;
    even = d[6] + 4.0f * d[2] - 5.0f * d[4], odd = 2.0f * d[1] - 2.5f * d[3] + 0.5f * d[5];
    o[5] = even + odd;
    o[6] = even - odd;
}
