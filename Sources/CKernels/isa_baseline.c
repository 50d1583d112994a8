// What every processor of the architecture has: SSE2 on x86-64, NEON on arm64.

#include "CKernels.h"
#include "layout.h"

#define LANES 4
#ifdef __aarch64__
#define ROWS 8
#define ROWS_OF_3 4
#define COMMON_ROWS 8
#define LEVEL_NAME "neon"
#else
#define ROWS 4
#define ROWS_OF_3 2
#define COMMON_ROWS 4
#define LEVEL_NAME "baseline"
#endif
#define TABLE vdk_baseline

#include "body.h"
