// AVX2 and FMA.

#include "CKernels.h"
#include "layout.h"

#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define LANES 8
#define ROWS 6
#define ROWS_OF_3 3
#define COMMON_ROWS 6
#define LEVEL_NAME "avx2"
#define TABLE vdk_avx2

#include "body.h"

#pragma clang attribute pop
#endif
