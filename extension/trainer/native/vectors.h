// Vectors of one set of instructions, and small matrix products. This file is compiled once for each set, with these definitions: LANES
// floats of a vector ROWS rows of a matrix product that are kept in registers, with two vectors each Everything is in an anonymous
// namespace, and nothing of the standard library is used: of an inline function the linker keeps one copy for all sets of instructions,
// which might be the one with the newest instructions, and not every processor has these.
#pragma once
#include <stdint.h>

namespace convolutions {
namespace {

typedef float Vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

constexpr int64_t lanes = LANES, rows = ROWS, columns = 2 * lanes;

inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
inline int64_t roundedUp(int64_t value, int64_t multiple) { return (value + multiple - 1) / multiple * multiple; }

/** A matrix in memory: neighbouring rows lie `rowStep` floats apart, neighbouring elements of a row `depthStep` floats. */
struct Matrix {
  const float *data;
  int64_t rowStep, depthStep;
};

inline Vector load(const float *from) { return *reinterpret_cast<const Vector *>(from); }
inline void store(float *to, Vector v) { *reinterpret_cast<Vector *>(to) = v; }

/** A vector of the first `count` values, filled up with zeros. */
inline Vector loadSome(const float *from, int64_t count) {
  if (count >= lanes) return load(from);
  Vector v{};
  for (int64_t i = 0; i < count; i++) v[i] = from[i];
  return v;
}

inline void storeSome(float *to, Vector v, int64_t count) {
  if (count >= lanes) return store(to, v);
  for (int64_t i = 0; i < count; i++) to[i] = v[i];
}

/**
 * Computes r rows of a matrix product in registers: m[i, …] = Σ left[i, k] · right[k, …] for k below `depth`, with one or two vectors of
 * columns. Each element is summed in the order of k, so its value does not depend on r.
 */
template <int r, int vectors, bool adds>
inline void multiplyRows(const Matrix &left, const float *right, int64_t rightStep, int64_t depth, float *m, int64_t mStep) {
  Vector sums[r][vectors] = {};
  for (int64_t k = 0; k < depth; k++) {
    Vector values[vectors];
    for (int v = 0; v < vectors; v++) values[v] = load(right + k * rightStep + v * lanes);
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
      const float value = left.data[i * left.rowStep + k * left.depthStep];
      for (int v = 0; v < vectors; v++) sums[i][v] += value * values[v];
    }
  }
  for (int i = 0; i < r; i++)
    for (int v = 0; v < vectors; v++) {
      float *to = m + i * mStep + v * lanes;
      store(to, adds ? load(to) + sums[i][v] : sums[i][v]);
    }
}

template <int r, bool adds>
inline void multiplyRemaining(int64_t count, int64_t width, const Matrix &left, const float *right, int64_t rightStep, int64_t depth, float *m, int64_t mStep) {
  if constexpr (r > 0) {
    if (count < r) return multiplyRemaining<r - 1, adds>(count, width, left, right, rightStep, depth, m, mStep);
    if (width > lanes) multiplyRows<r, 2, adds>(left, right, rightStep, depth, m, mStep);
    else multiplyRows<r, 1, adds>(left, right, rightStep, depth, m, mStep);
  }
}

/** m = left · right, or m += left · right, for `height` rows and up to `columns` columns. */
template <bool adds>
inline void multiply(int64_t height, int64_t width, Matrix left, const float *right, int64_t rightStep, int64_t depth, float *m, int64_t mStep) {
  for (int64_t i = 0; i < height; i += rows, left.data += rows * left.rowStep, m += rows * mStep)
    multiplyRemaining<rows, adds>(height - i, width, left, right, rightStep, depth, m, mStep);
}

}  // namespace
}  // namespace convolutions
