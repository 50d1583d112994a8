// Which instruction sets this build has and this processor can run.

#include "CKernels.h"

extern const vdk_kernels vdk_baseline;
#ifdef __x86_64__
extern const vdk_kernels vdk_avx2, vdk_avx512;
#endif

const vdk_kernels *vdk_kernels_of(int level) {
    if (level == VDK_BASELINE) return &vdk_baseline;
#ifdef __x86_64__
    __builtin_cpu_init();
    if (level == VDK_AVX2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &vdk_avx2;
    if (level == VDK_AVX512 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
        return &vdk_avx512;
#endif
    return 0;
}
