#include "threads.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t caller = PTHREAD_MUTEX_INITIALIZER;  // one call at a time
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;  // guards what follows
static pthread_cond_t begin = PTHREAD_COND_INITIALIZER, end = PTHREAD_COND_INITIALIZER;
static int workers = 0, wanted = 0, unfinished = 0;
static unsigned long round_number = 0;
static void (*work)(void *, int, int);
static void *work_context;

typedef struct {
    void *bytes;
    size_t count;
} memory;

static memory of_thread[MOST_THREADS], shared, views;

static void *serve(void *argument) {
    const int thread = (int)(size_t)argument;
    unsigned long seen = 0;
    pthread_mutex_lock(&lock);
    for (;;) {
        while (round_number == seen || thread >= wanted) {
            seen = round_number;
            pthread_cond_wait(&begin, &lock);
        }
        seen = round_number;
        void (*const now)(void *, int, int) = work;
        void *const context = work_context;
        const int threads = wanted;
        pthread_mutex_unlock(&lock);
        now(context, thread, threads);
        pthread_mutex_lock(&lock);
        if (--unfinished == 0) pthread_cond_signal(&end);
    }
    return NULL;
}

/// A forked child has none of its parent's threads, and locks that nobody will open.
static void forget_threads(void) {
    pthread_mutex_init(&caller, NULL);
    pthread_mutex_init(&lock, NULL);
    pthread_cond_init(&begin, NULL);
    pthread_cond_init(&end, NULL);
    workers = wanted = unfinished = 0;
}

/// With `lock` held. Fewer than `threads` where the system gives no more.
static int hire(int threads) {
    static int watching = 0;
    if (!watching) watching = pthread_atfork(NULL, NULL, forget_threads) == 0;
    for (; workers < threads - 1; workers++) {
        pthread_t id;
        if (pthread_create(&id, NULL, serve, (void *)(size_t)(workers + 1)) != 0) break;
        pthread_detach(id);
    }
    return workers + 1 < threads ? workers + 1 : threads;
}

void take_pool(void) { pthread_mutex_lock(&caller); }

void leave_pool(void) { pthread_mutex_unlock(&caller); }

int available_threads(int threads) {
    pthread_mutex_lock(&lock);
    threads = hire(threads < MOST_THREADS ? threads : MOST_THREADS);
    pthread_mutex_unlock(&lock);
    return threads;
}

void run_on(int threads, void (*function)(void *, int, int), void *context) {
    threads = available_threads(threads);
    if (threads > 1) {
        pthread_mutex_lock(&lock);
        work = function;
        work_context = context;
        wanted = threads;
        unfinished = threads - 1;
        round_number++;
        pthread_cond_broadcast(&begin);
        pthread_mutex_unlock(&lock);
    }
    function(context, 0, threads);
    if (threads > 1) {
        pthread_mutex_lock(&lock);
        while (unfinished > 0) pthread_cond_wait(&end, &lock);
        wanted = 0;
        pthread_mutex_unlock(&lock);
    }
}

/// `m` with at least `count` bytes, aligned for any vector; what it held may be gone.
static void *grown(memory *m, size_t count) {
    if (m->count < count) {
        free(m->bytes);
        m->count = (count + 63) / 64 * 64;
        m->bytes = aligned_alloc(64, m->count);
        if (!m->bytes) {
            fprintf(stderr, "no memory for a convolution: %zu bytes\n", count);
            abort();
        }
    }
    return m->bytes;
}

float *scratch_of(int thread, size_t floats) { return grown(of_thread + thread, floats * sizeof(float)); }

float *shared_floats(size_t floats) { return grown(&shared, floats * sizeof(float)); }

vdk_view *shared_views(size_t count) { return grown(&views, count * sizeof(vdk_view)); }
