// OpenBLAS: single-precision GEMM and the switch for its threads.
#pragma once
#include <cblas.h>
