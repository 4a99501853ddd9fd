// Convolutions to few channels, and their gradients by the filter, computed by their definition. Vectors hold values under a row of the
// filter, which are contiguous in the image; vectors of output channels would be nearly empty.
#pragma once
#include "convolutions.h"
#include "threads.h"
#include "vectors.h"

namespace convolutions {
namespace {

/** Number of neighbouring output places that are computed together, so that each value of the filter is read once for all of them. */
constexpr int64_t togetherNarrow = 4;

/** The columns of the filter that lie inside the image, from `first` to before `end`, when its first column lies at `start`. */
struct Inside {
  int64_t first, end;
  Inside(int64_t start, int64_t size, int64_t width) : first(most(0, -start)), end(least(size, width - start)) {}
};

inline float sumOf(Vector v) {
  float sum = 0;
  for (int64_t i = 0; i < lanes; i++) sum += v[i];
  return sum;
}

/**
 * Multiplies vectors at p places, `step` floats apart, by vectors of k filters, `filterStep` floats apart, and adds each product to its
 * sum.
 */
template <int p, int k>
inline void addProducts(const float *x, int64_t step, const float *filters, int64_t filterStep, int64_t count, Vector (&sums)[p][k]) {
  Vector factors[k];
#pragma GCC unroll 4
  for (int output = 0; output < k; output++) factors[output] = loadSome(filters + output * filterStep, count);
#pragma GCC unroll 8
  for (int place = 0; place < p; place++) {
    const Vector values = loadSome(x + place * step, count);
#pragma GCC unroll 4
    for (int output = 0; output < k; output++) sums[place][output] += values * factors[output];
  }
}

template <int k>
struct NarrowConvolver {
  const Convolution &of;
  /** The filter, as [k, size, size, x's channels]. */
  const float *const filters;

  /** Computes one row of an image's output. */
  void computeRow(int64_t image, int64_t row) const {
    const Shape &x = of.xShape, &y = of.yShape;
    float *to = of.y + (image * y.height + row) * y.width * k;
    for (int64_t j = 0; j < y.width;) {
      const bool whole = j >= of.pad && j + togetherNarrow - 1 + of.size <= x.width + of.pad && j + togetherNarrow <= y.width;
      if (whole) compute<togetherNarrow>(image, row, j, to + j * k);
      else compute<1>(image, row, j, to + j * k);
      j += whole ? togetherNarrow : 1;
    }
  }

 private:
  template <int p>
  void compute(int64_t image, int64_t row, int64_t j, float *to) const {
    const Shape &x = of.xShape;
    const int64_t line = of.size * x.channels, start = j - of.pad;
    const Inside rows(row - of.pad, of.size, x.height), inside(start, of.size, x.width);
    Vector sums[p][k] = {};
    for (int64_t i = rows.first; i < rows.end && inside.first < inside.end; i++) {
      const float *from = of.x + ((image * x.height + row - of.pad + i) * x.width + start + inside.first) * x.channels;
      const float *factors = filters + i * line + inside.first * x.channels;
      const int64_t count = (inside.end - inside.first) * x.channels;
      int64_t at = 0;
      for (; at + lanes <= count; at += lanes) addProducts(from + at, x.channels, factors + at, of.size * line, lanes, sums);
      if (at < count) addProducts(from + at, x.channels, factors + at, of.size * line, count - at, sums);
    }
    for (int place = 0; place < p; place++)
      for (int output = 0; output < k; output++) to[place * k + output] = sumOf(sums[place][output]);
  }
};

/** Copies a filter [size², inputs, k] to [k, size², inputs]; a turned filter [size², k, inputs] to the same, rotated by half a turn. */
inline void arrangeFilters(const Convolution &of, float *to) {
  const int64_t taps = of.size * of.size, inputs = of.xShape.channels, outputs = of.yShape.channels;
  for (int64_t tap = 0; tap < taps; tap++)
    for (int64_t k = 0; k < outputs; k++)
      for (int64_t c = 0; c < inputs; c++)
        to[(k * taps + tap) * inputs + c] =
            of.filter[of.turned ? ((taps - 1 - tap) * outputs + k) * inputs + c : (tap * inputs + c) * outputs + k];
}

template <int k>
inline void narrowConvolutionTo(const Convolution &of, Memory &memory, ThreadPool &pool) {
  if constexpr (k > 0) {
    if (of.yShape.channels < k) return narrowConvolutionTo<k - 1>(of, memory, pool);
    float *filters = memory.workspaces(of.size * of.size * of.xShape.channels * k);
    if (filters == nullptr) return;
    arrangeFilters(of, filters);
    const NarrowConvolver<k> convolver{of, filters};
    pool.run(of.yShape.images * of.yShape.height, [&](int64_t i, int) { convolver.computeRow(i / of.yShape.height, i % of.yShape.height); });
  }
}

inline void narrowConvolution(const Convolution &of, Memory &memory, ThreadPool &pool) { narrowConvolutionTo<mostNarrow>(of, memory, pool); }

/** Number of vectors, and of values, of a filter's row [size, x's channels] whose sums for all outputs fit into registers. */
constexpr int64_t vectorsNarrow = ROWS * 2 / mostNarrow, inRegisters = vectorsNarrow * lanes;

/** Number of filter values whose gradients a thread computes at a time, while a row of x stays in its core's cache. */
constexpr int64_t pieceNarrow = 192;

/** The gradients of some of a filter's values: `pieceNarrow` values of a row from `first` on, or the whole row if it is shorter. */
template <int k>
struct NarrowFilterPiece {
  const FilterGradient &of;
  const int64_t row, first;
  const int64_t count = least(pieceNarrow, of.size * of.xShape.channels);
  float sums[k][pieceNarrow] = {};

  void compute() {
    const Shape &x = of.xShape, &y = of.yShape;
    for (int64_t image = 0; image < x.images; image++)
      for (int64_t i = 0; i < y.height; i++) {
        const int64_t xRow = i * of.stride + row - of.pad;
        if (xRow < 0 || xRow >= x.height) continue;
        addRow(of.x + (image * x.height + xRow) * x.width * x.channels + first, of.dy + (image * y.height + i) * y.width * k);
      }
  }

  /** Writes all sums but the first `skipped`. */
  void write(int64_t skipped) const {
    float *to = of.dw + (row * of.size * of.xShape.channels + first) * k;
    for (int64_t i = skipped; i < count; i++)
      for (int output = 0; output < k; output++) to[i * k + output] = sums[output][i];
  }

 private:
  void addRow(const float *x, const float *dy) {
    const int64_t last = of.yShape.width - 1, room = of.xShape.width + of.pad - of.size;
    // At positions from `from` to before `to`, the whole row of the filter lies in the image.
    const int64_t from = least((of.pad + of.stride - 1) / of.stride, last + 1), to = room < 0 ? 0 : least(room / of.stride, last) + 1;
    for (int64_t j = 0; j < from; j++) addAtEdge(x, dy, j, 0);
    int64_t at = 0;
    for (; at + inRegisters <= count; at += inRegisters) addInside(x, dy, from, to, at);
    for (int64_t j = from; j < to && at < count; j++) addAtEdge(x, dy, j, at);
    for (int64_t j = most(from, to); j <= last; j++) addAtEdge(x, dy, j, 0);
  }

  /** Adds the products at positions from `from` to before `to` to the sums of `inRegisters` values from `at` on. */
  void addInside(const float *x, const float *dy, int64_t from, int64_t to, int64_t at) {
    Vector partial[vectorsNarrow][k] = {};
    for (int64_t j = from; j < to; j++) {
      const float *under = x + (j * of.stride - of.pad) * of.xShape.channels + at;
#pragma GCC unroll 8
      for (int64_t v = 0; v < vectorsNarrow; v++) {
        const Vector values = load(under + v * lanes);
#pragma GCC unroll 4
        for (int output = 0; output < k; output++) partial[v][output] += dy[j * k + output] * values;
      }
    }
#pragma GCC unroll 8
    for (int64_t v = 0; v < vectorsNarrow; v++)
#pragma GCC unroll 4
      for (int output = 0; output < k; output++) {
        float *sum = sums[output] + at + v * lanes;
        store(sum, load(sum) + partial[v][output]);
      }
  }

  /** Adds the products of a position, at which the filter may lie over an edge of the image, to the sums of the values from `at` on. */
  void addAtEdge(const float *x, const float *dy, int64_t j, int64_t at) {
    const int64_t start = j * of.stride - of.pad, channels = of.xShape.channels;
    const Inside inside(start, of.size, of.xShape.width);
    const int64_t begin = most(at, inside.first * channels - first), end = least(count, inside.end * channels - first);
    for (int output = 0; output < k; output++)
      for (int64_t i = begin; i < end; i++) sums[output][i] += dy[j * k + output] * x[start * channels + i];
  }
};

template <int k>
inline void narrowFilterGradient(const FilterGradient &of, ThreadPool &pool) {
  if constexpr (k > 0) {
    if (of.yShape.channels < k) return narrowFilterGradient<k - 1>(of, pool);
    const int64_t line = of.size * of.xShape.channels, pieces = (line + pieceNarrow - 1) / pieceNarrow;
    pool.run(of.size * pieces, [&](int64_t i, int) {
      // The last piece of a row overlaps the one before it.
      const int64_t begin = i % pieces * pieceNarrow, first = most(0, least(begin, line - pieceNarrow));
      NarrowFilterPiece<k> piece{of, i / pieces, first};
      piece.compute();
      piece.write(begin - first);
    });
  }
}

}  // namespace
}  // namespace convolutions
