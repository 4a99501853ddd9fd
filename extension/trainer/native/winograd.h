// Convolutions with stride 1 by minimal filtering (Winograd 1980; Lavin and Gray 2016), which multiplies less often than the definition:
// with filters of 3×3 a fourth (F(4×4, 3×3)), with filters of 4×4 4 times in 16 (F(3×3, 4×4)).
#pragma once
#include <stdint.h>

class ThreadPool;

namespace winograd {

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
  int64_t size, pad;
  const float *x;
  Shape xShape;
  const float *dy;
  Shape yShape;
  float *dw;
};

/**
 * For one set of instructions. They use the scratch memory that `kernels/winogradScratch.ts` tells, and a megabyte or so for each thread, and
 * return false where one or the other does not suffice. A result does not depend on the number of threads.
 */
struct Functions {
  bool (*convolve)(const Convolution &, Scratch &, ThreadPool &);
  bool (*filterGradient)(const FilterGradient &, Scratch &, ThreadPool &);
};

#ifdef __x86_64__
extern const Functions avx512, avx2;
#endif
/** With what every processor has that TensorFlow runs on: AVX, or NEON. */
extern const Functions plain;

}  // namespace winograd
