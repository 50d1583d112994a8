// The engine's vectors (Sources/CKernels) for the processor that compiles this: eight lanes on x86, so that 24 channels are
// whole vectors; with AVX-512 twice the registers, and sixteen lanes (wide.c) for channels that fill them.
//
// Of the engine's headers those that depend on these sizes are included here alone, so that no order of includes matters.
#pragma once

#if defined(__AVX512VL__)
#ifndef LANES
#define LANES 8
#endif
#define ROWS 12
#define ROWS_OF_3 8
#define COMMON_ROWS 24
#elif defined(__AVX2__)
#define LANES 8
#define ROWS 6
#define ROWS_OF_3 3
#define COMMON_ROWS 6
#else
#define LANES 4
#define ROWS 8
#define ROWS_OF_3 4
#define COMMON_ROWS 8
#endif

#include "CKernels.h"
#include "layout.h"
#include "vector.h"
#include "winograd.h"
#include "winograd_input.h"
