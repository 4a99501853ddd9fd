#include "threads.h"

#include <pthread.h>

#include <atomic>
#include <cstdlib>
#include <thread>

namespace {

// POSIX mutexes and conditions, because std::condition_variable of newer compilers needs a newer C++ library than TensorFlow does.

struct Mutex {
  pthread_mutex_t raw = PTHREAD_MUTEX_INITIALIZER;
  void lock() { pthread_mutex_lock(&raw); }
  void unlock() { pthread_mutex_unlock(&raw); }
};

struct Condition {
  pthread_cond_t raw = PTHREAD_COND_INITIALIZER;
  void wait(Mutex &mutex) { pthread_cond_wait(&raw, &mutex.raw); }
  void wakeOne() { pthread_cond_signal(&raw); }
  void wakeAll() { pthread_cond_broadcast(&raw); }
};

}  // namespace

struct ThreadPool::State {
  const int count;
  /** Whether a caller's loop is under way. */
  std::atomic<bool> taken{false};
  /** Guards everything below. */
  Mutex mutex{};
  Condition wake{}, done{};
  void (*work)(const void *, int64_t, int) = nullptr;
  const void *context = nullptr;
  std::atomic<int64_t> next{0};
  int64_t end = 0;
  /** Number of threads that are computing, not counting the caller. */
  int busy = 0;

  explicit State(int count) : count(count) {
    for (int slot = 1; slot < count; slot++) std::thread([this, slot] { serve(slot); }).detach();
  }

  void serve(int slot) {
    mutex.lock();
    for (;;) {
      // A loop may be over before this thread is awake, and the next one must not begin while a thread is busy.
      while (next >= end) wake.wait(mutex);
      busy++;
      mutex.unlock();
      takePieces(slot);
      mutex.lock();
      if (--busy == 0) done.wakeOne();
    }
  }

  void takePieces(int slot) {
    for (int64_t i; (i = next++) < end;) work(context, i, slot);
  }
};

ThreadPool &ThreadPool::shared() {
  static ThreadPool *pool = [] {
    const char *chosen = std::getenv("TF_NUM_INTRAOP_THREADS");
    const int threads = chosen == nullptr ? 0 : std::atoi(chosen), cores = static_cast<int>(std::thread::hardware_concurrency());
    return new ThreadPool(*new State(threads > 0 ? threads : cores > 0 ? cores : 1));
  }();
  return *pool;
}

int ThreadPool::size() const { return state.count; }

void ThreadPool::runPieces(int64_t times, void (*work)(const void *, int64_t, int), const void *context) {
  if (state.count < 2 || times < 2 || state.taken.exchange(true)) {
    for (int64_t i = 0; i < times; i++) work(context, i, 0);
    return;
  }
  state.mutex.lock();
  state.work = work;
  state.context = context;
  state.next = 0;
  state.end = times;
  state.mutex.unlock();
  if (times >= state.count) state.wake.wakeAll();
  else for (int64_t i = 1; i < times; i++) state.wake.wakeOne();
  state.takePieces(0);
  state.mutex.lock();
  while (state.busy > 0) state.done.wait(state.mutex);
  state.mutex.unlock();
  state.taken = false;
}
