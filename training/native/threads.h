// A pool of threads that outlives the calls, each with its own scratch memory.
#pragma once

#include <stddef.h>

enum { MOST_THREADS = 64 };

/// `threads`, or as many as the system gives.
int available_threads(int threads);

/// Calls `work(context, thread, threads)` on threads 0 ..< threads at once, thread 0 being the caller, and waits for all.
void run_on(int threads, void (*work)(void *context, int thread, int threads), void *context);

/// At least `floats` floats that belong to `thread` of the work in progress.
float *scratch_of(int thread, size_t floats);
