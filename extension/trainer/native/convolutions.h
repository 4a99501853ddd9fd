// Convolutions of images, and their gradients, in vector instructions that are chosen when the program runs.
#pragma once
#include <stdint.h>

class ThreadPool;

namespace convolutions {

/**
 * Memory for intermediate results, which lives until the operation has returned. Methods return null if it cannot be allocated; the
 * operation then ends at once.
 */
struct Memory {
  /** Memory that the threads share. `kernels/winogradScratch.ts` tells how many floats an operation takes in all. */
  virtual float *scratch(int64_t floats) = 0;
  /** Memory for work that threads do alone: about a megabyte for each thread. */
  virtual float *workspaces(int64_t floats) = 0;
};

/** The shape of an activation, [images, height, width, channels]. */
struct Shape {
  int64_t images, height, width, channels;
};

/** A convolution with stride 1. */
struct Convolution {
  /** The side of the filter, and the width of the zero padding. */
  int64_t size, pad;
  const float *x;
  Shape xShape;
  /** [size, size, x's channels, y's channels]; where `turned`, [size, size, y's channels, x's channels] and rotated by half a turn. */
  const float *filter;
  /** Whether the filter is turned, as in the gradient by the input of a convolution from y to x. */
  bool turned;
  float *y;
  Shape yShape;
};

/** The gradient dw of a convolution from x to y by its filter. */
struct FilterGradient {
  int64_t size, stride, pad;
  const float *x;
  Shape xShape;
  const float *dy;
  Shape yShape;
  float *dw;
};

constexpr int64_t mostNarrow = 4;

/** The operations, compiled for one set of instructions. Results do not depend on the number of threads. */
struct Functions {
  /** A convolution by Winograd's algorithm (winogradTiles.h), for filters of 3×3 and 4×4 and zero padding narrower than the filter. */
  void (*winograd)(const Convolution &, Memory &, ThreadPool &);
  /** The gradient by the filter by Winograd's algorithm, for the same filters and padding, and stride 1. */
  void (*winogradFilterGradient)(const FilterGradient &, Memory &, ThreadPool &);
  /** A convolution by its definition, to at most {@link mostNarrow} channels, without scratch memory. */
  void (*narrow)(const Convolution &, Memory &, ThreadPool &);
  /** The gradient by the filter by its definition, for any filter, stride and zero padding, without scratch memory. */
  void (*filterGradient)(const FilterGradient &, Memory &, ThreadPool &);
};

#ifdef __x86_64__
extern const Functions avx512, avx2;
#endif
/** Compiled with the instructions of every processor that TensorFlow runs on: AVX or NEON. */
extern const Functions plain;

}  // namespace convolutions
