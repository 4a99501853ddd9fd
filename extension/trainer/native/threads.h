// A pool of threads for loops over equal pieces of work. This header includes nothing of the standard library: files that include it are
// compiled for several sets of instructions, and the linker would keep one copy of an inline function for all of them (see vectors.h).
#pragma once
#include <stdint.h>

/**
 * Runs loops on all cores. Its threads sleep between loops, so that they leave the cores to TensorFlow's threads. The pool is never
 * destroyed, since its threads still wait when the process ends.
 */
class ThreadPool {
 public:
  /** The process's pool, with as many threads as TensorFlow's. */
  static ThreadPool &shared();

  /** Number of threads, including the caller's. */
  int size() const;

  /**
   * Calls `work(i, slot)` for every i below `times`, in any order, and returns when all calls are done. `slot` is a number below
   * {@link size} that no other call has at the same time. While the threads work for another caller, the calling thread makes all calls
   * itself.
   */
  template <typename Work>
  void run(int64_t times, const Work &work) {
    runPieces(times, [](const void *context, int64_t i, int slot) { (*static_cast<const Work *>(context))(i, slot); }, &work);
  }

 private:
  struct State;
  State &state;
  explicit ThreadPool(State &state) : state(state) {}
  void runPieces(int64_t times, void (*work)(const void *context, int64_t i, int slot), const void *context);
};
