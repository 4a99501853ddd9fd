// Convolutions of images, and their gradients, in vector instructions that are chosen when the program runs.
#pragma once
#include <stdint.h>

class ThreadPool;

namespace convolutions {

/** Memory for intermediate results, which lives until the operation has returned. Null where it can't be had; then an operation ends at once. */
struct Memory {
  /** What the threads share: `kernels/winogradScratch.ts` tells how many floats an operation takes in all. */
  virtual float *scratch(int64_t floats) = 0;
  /** The threads' own: a megabyte or so for each. */
  virtual float *workspaces(int64_t floats) = 0;
};

/** Of an activation, [images, height, width, channels]. */
struct Shape {
  int64_t images, height, width, channels;
};

/** A convolution with stride 1. */
struct Convolution {
  /** The filter's sides, and zeros around the images. */
  int64_t size, pad;
  const float *x;
  Shape xShape;
  /** [size, size, x's channels, y's channels]; where `turned`, [size, size, y's channels, x's channels] and rotated by half a turn. */
  const float *filter;
  /** As for the gradient by x of a convolution from y to x. */
  bool turned;
  float *y;
  Shape yShape;
};

/** Of a convolution from x to y by its filter. */
struct FilterGradient {
  int64_t size, stride, pad;
  const float *x;
  Shape xShape;
  const float *dy;
  Shape yShape;
  float *dw;
};

constexpr int64_t mostNarrow = 4;

/** For one set of instructions. A result does not depend on the number of threads. */
struct Functions {
  /** By Winograd's algorithm (winogradTiles.h), for filters of 3×3 and 4×4 and less zeros than that. */
  void (*winograd)(const Convolution &, Memory &, ThreadPool &);
  /** The same with stride 1. */
  void (*winogradFilterGradient)(const FilterGradient &, Memory &, ThreadPool &);
  /** As it is defined, to at most {@link mostNarrow} channels, and without scratch memory. */
  void (*narrow)(const Convolution &, Memory &, ThreadPool &);
  /** As it is defined, for any filter, stride and zeros, and without scratch memory. */
  void (*filterGradient)(const FilterGradient &, Memory &, ThreadPool &);
};

#ifdef __x86_64__
extern const Functions avx512, avx2;
#endif
/** With what every processor has that TensorFlow runs on: AVX, or NEON. */
extern const Functions plain;

}  // namespace convolutions
