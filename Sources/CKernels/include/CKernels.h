// Kernels that OpenBLAS does not have.
#pragma once

/// Cores in this process's affinity mask (sched_getaffinity); 0 where there is no such call.
int vdk_affinity_cores(void);
