#include "CPeak.h"

// Twelve vectors of sums hide the latency of a multiply-add on two units. Rounds are counted twice: a multiply and an add each.
#define PEAK(name, lanes) \
    static double name(long rounds) { \
        typedef float vec __attribute__((ext_vector_type(lanes))); \
        vec sum[12] = {}; \
        const vec factor = (vec)0.999f, step = (vec)1e-6f; \
        for (long k = 0; k < 2 * rounds; k++) { \
            for (int i = 0; i < 12; i++) sum[i] = sum[i] * factor + step; \
            __asm__ volatile("" ::: "memory"); \
        } \
        float total = 0; \
        for (int i = 0; i < 12; i++) total += sum[i][0]; \
        return total > -1 ? 2.0 * lanes * 24 * (double)rounds : 0; \
    }

#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
PEAK(peak_avx512, 16)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
PEAK(peak_avx2, 8)
#pragma clang attribute pop
#endif
PEAK(peak_baseline, 4)

double peak_operations(long rounds) {
#ifdef __x86_64__
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) return peak_avx512(rounds);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return peak_avx2(rounds);
#endif
    return peak_baseline(rounds);
}
