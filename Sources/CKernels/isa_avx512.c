// AVX-512 F, with 32 registers of 16 floats.

#include "CKernels.h"
#include "layout.h"

#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma"))), apply_to = function)

#define LANES 16
#define ROWS 12
#define ROWS_OF_3 8
#define COMMON_ROWS 24
#define LEVEL_NAME "avx512"
#define TABLE vdk_avx512

#include "body.h"

#pragma clang attribute pop
#endif
