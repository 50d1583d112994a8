// What every processor of the architecture has: the sizes are those of lanes.h.

#include "CKernels.h"
#include "layout.h"

#ifdef __aarch64__
#define LEVEL_NAME "neon"
#else
#define LEVEL_NAME "baseline"
#endif
#define TABLE vdk_baseline

#include "body.h"
