// Convolutions of images, and their gradients, in vector instructions that are chosen when the program runs.
#pragma once
#include <stdint.h>

class ThreadPool;

namespace convolutions {

/** Memory for intermediate results, allocated by the caller. */
struct Scratch {
  float *const data;
  const int64_t size;
  int64_t used, most;
};

/** Of an activation, [images, height, width, channels]. */
struct Shape {
  int64_t images, height, width, channels;
};

/** A convolution with stride 1. */
struct Convolution {
  /** The filter's sides: 3 or 4. */
  int64_t size;
  /** Zeros around the images, less than `size`. */
  int64_t pad;
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

/**
 * For one set of instructions. They use a megabyte or so for each thread, and return false where it can't be had. A result does not depend on
 * the number of threads.
 */
struct Functions {
  /**
   * By Winograd's algorithm (winogradTiles.h). It uses the scratch memory that `kernels/winogradScratch.ts` tells, and returns false where
   * that does not suffice.
   */
  bool (*winograd)(const Convolution &, Scratch &, ThreadPool &);
  /** For filters of 3×3 and 4×4, stride 1, and less zeros than that; as {@link winograd}. */
  bool (*winogradFilterGradient)(const FilterGradient &, Scratch &, ThreadPool &);
  /** As it is defined, for any filter, stride and zeros. */
  bool (*filterGradient)(const FilterGradient &, ThreadPool &);
};

#ifdef __x86_64__
extern const Functions avx512, avx2;
#endif
/** With what every processor has that TensorFlow runs on: AVX, or NEON. */
extern const Functions plain;

}  // namespace convolutions
