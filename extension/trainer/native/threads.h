// A pool of threads for loops over equal pieces of work. Includes nothing of the standard library, whose inline functions must not be
// compiled for processors that this one is not (see vectors.h).
#pragma once
#include <stdint.h>

/**
 * Runs loops on all cores. Its threads sleep between loops, so that they leave the cores to TensorFlow's. It is never destroyed: its threads
 * would still wait while the process ends.
 */
class ThreadPool {
 public:
  /** The process's pool, with as many threads as TensorFlow's. */
  static ThreadPool &shared();

  /** Number of threads, with the caller's. */
  int size() const;

  /**
   * Calls `work(i, slot)` for every i below `times`, in any order, and returns when all are done. `slot`, below {@link size}, is one that no
   * other piece of this loop has at the same time. While the threads work for another caller, this one computes its pieces alone.
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
