#define _GNU_SOURCE
#include "CKernels.h"

#ifdef __linux__
#include <sched.h>

int vdk_affinity_cores(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}
#else
int vdk_affinity_cores(void) { return 0; }
#endif
