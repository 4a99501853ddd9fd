// Gradients by the filter, computed by their definition, for any size, stride and zero padding.
#pragma once
#include <string.h>

#include "convolutions.h"
#include "narrowConvolution.h"
#include "threads.h"
#include "vectors.h"

namespace convolutions {
namespace {

/**
 * The gradient of one row of a filter for a block of its outputs: sums of products, [size, x's channels, columns]. The values of x under a
 * row of the filter are contiguous. So the values at all positions along a row of y form a matrix without being copied.
 */
struct FilterRow {
  const FilterGradient &of;
  /** Index of the filter's row. */
  const int64_t row;
  /** The block's first output, and the number of its outputs. */
  const int64_t first, width;
  float *const sums;
  /** Memory for the block's channels of a row of dy, [y's width, columns]. */
  float *const right;

  void compute() const {
    const Shape &x = of.xShape, &y = of.yShape;
    const int64_t count = of.size * x.channels;
    memset(sums, 0, count * columns * sizeof(float));
    for (int64_t image = 0; image < x.images; image++)
      for (int64_t i = 0; i < y.height; i++) {
        const int64_t xRow = i * of.stride + row - of.pad;
        if (xRow < 0 || xRow >= x.height) continue;
        const float *dy = of.dy + (image * y.height + i) * y.width * y.channels + first;
        for (int64_t j = 0; j < y.width; j++)
          for (int64_t k = 0; k < width; k += lanes) store(right + j * columns + k, loadSome(dy + j * y.channels + k, width - k));
        addRow(of.x + (image * x.height + xRow) * x.width * x.channels);
      }
    for (int64_t i = 0; i < count; i++)
      for (int64_t k = 0; k < width; k += lanes)
        storeSome(of.dw + (row * count + i) * y.channels + first + k, load(sums + i * columns + k), width - k);
  }

 private:
  /** Adds the products of a row of x and the gradients in `right`. */
  void addRow(const float *x) const {
    const int64_t channels = of.xShape.channels, xWidth = of.xShape.width, yWidth = of.yShape.width;
    for (int64_t j = 0, count; j < yWidth; j += count) {
      // At the edges only some of the filter's columns lie in the image.
      const int64_t start = j * of.stride - of.pad, from = most(0, -start), to = least(of.size, xWidth - start);
      count = from == 0 && to == of.size ? least(yWidth - j, (xWidth - of.size - start) / of.stride + 1) : 1;
      if (from >= to) continue;
      const Matrix under{x + (start + from) * channels, 1, of.stride * channels};
      multiply<true>((to - from) * channels, width, under, right + j * columns, columns, count, sums + from * channels * columns, columns);
    }
  }
};

inline void filterGradient(const FilterGradient &of, Memory &memory, ThreadPool &pool) {
  if (of.yShape.channels <= mostNarrow) return narrowFilterGradient<mostNarrow>(of, pool);
  const int64_t blocks = (of.yShape.channels + columns - 1) / columns;
  const int64_t sumsSize = of.size * of.xShape.channels * columns, workSize = sumsSize + of.yShape.width * columns;
  float *work = memory.workspaces(pool.size() * workSize);
  if (work == nullptr) return;
  pool.run(of.size * blocks, [&](int64_t i, int slot) {
    float *sums = work + slot * workSize;
    const int64_t first = i % blocks * columns;
    FilterRow{of, i / blocks, first, least(columns, of.yShape.channels - first), sums, sums + sumsSize}.compute();
  });
}

}  // namespace
}  // namespace convolutions
