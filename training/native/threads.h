// A pool of threads that outlives the calls, and memory that does.
#pragma once

#include "CKernels.h"

#include <stddef.h>

enum { MOST_THREADS = 64 };

/// One caller at a time has the pool; what follows is for it alone.
void take_pool(void);
void leave_pool(void);

/// `threads`, or as many as the system gives.
int available_threads(int threads);

/// Calls `work(context, thread, threads)` on threads 0 ..< threads at once, thread 0 being the caller, and waits for all.
void run_on(int threads, void (*work)(void *context, int thread, int threads), void *context);

// Each valid until it is asked for again.
/// Floats of one thread of the work in progress.
float *scratch_of(int thread, size_t floats);
float *shared_floats(size_t floats);
vdk_view *shared_views(size_t count);
