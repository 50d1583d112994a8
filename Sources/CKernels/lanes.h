// The sizes of one instruction set. The source file of a wider one defines them before it includes anything; without, they
// are those of what every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
#pragma once

#ifndef LANES
#define LANES 4  // floats in a vector
// Rows of the GEMM register tile, with up to two and with three vectors of columns; COMMON_ROWS is a multiple of both.
#ifdef __aarch64__
#define ROWS 8
#define ROWS_OF_3 4
#define COMMON_ROWS 8
#else
#define ROWS 4
#define ROWS_OF_3 2
#define COMMON_ROWS 4
#endif
#endif
