// Winograd's minimal filtering (Winograd 1980; Lavin and Gray 2016) needs fewer multiplications than a convolution's definition: a fourth
// with filters of 3×3 (F(4×4, 3×3)), 4 instead of 16 with filters of 4×4 (F(3×3, 4×4)). This file has the tiles, their transforms, and the
// division into rounds and chunks.
#pragma once
#include "convolutions.h"
#include "threads.h"
#include "vectors.h"

namespace convolutions {
namespace {

/**
 * The channels of tiles' factors are filled up to a multiple of `inputMultiple`, the outputs of filters' factors to one of
 * `outputMultiple`, whatever the number of lanes.
 */
constexpr int64_t inputMultiple = 16, outputMultiple = 32;

/**
 * Floats between the arrays of the 36 factors or products, so that the 36 values of one element, which are read or written together, do not
 * compete for the few places that a cache has for addresses a power of two apart.
 */
constexpr int64_t skew = 16;

/**
 * Tiles are transformed in rounds: all at once if there are at most `fewTiles`, else about as many as have `floatsOfRound` floats of
 * factors, but not fewer than `leastRound`.
 */
constexpr int64_t fewTiles = 128, floatsOfRound = 1 << 20, leastRound = 64;

/**
 * The most floats of the filter factors, or sums, of a chunk of outputs; but a chunk has at least `leastChunk` outputs, if there are as
 * many.
 */
constexpr int64_t floatsOfChunk = 1 << 20, leastChunk = 64;

/**
 * The fewest rows or tiles of a part, where blocks of outputs are divided into parts so that all threads have work. Parts must not be
 * small, since each transforms the factors of the block again.
 */
constexpr int64_t leastShare = 32;

/** The image, row and column at which a tile's inputs or outputs begin. */
struct Tile {
  int64_t image, row, column;
};

/** The tiles of `side`² outputs that cover all images. */
struct Tiles {
  const int64_t side, across, down, count;
  Tiles(const Shape &y, int64_t side)
      : side(side), across((y.width + side - 1) / side), down((y.height + side - 1) / side), count(y.images * across * down) {}
  /** Number of tiles in a round; rounds have about equal sizes. */
  int64_t roundOf(int64_t inputs) const {
    const int64_t fit = floatsOfRound / (36 * inputs), limit = fit < leastRound ? leastRound : fit;
    const int64_t rounds = count <= fewTiles ? 1 : (count + limit - 1) / limit;
    return (count + rounds - 1) / rounds;
  }
  Tile at(int64_t i, int64_t shift) const { return {i / (across * down), i / across % down * side + shift, i % across * side + shift}; }
};

/** A range of a convolution's output or input channels. */
struct Chunk {
  int64_t first, count;
};

/** Number of outputs in a chunk: those whose filter factors, for this many inputs, are in memory at the same time. */
inline int64_t chunkOf(int64_t inputs) {
  const int64_t fit = floatsOfChunk / (36 * inputs) / outputMultiple * outputMultiple;
  return fit < leastChunk ? leastChunk : fit;
}

/** Calls `work` with a convolution's outputs, `size` at a time. */
template <typename Work>
inline void eachChunk(int64_t outputs, int64_t size, Work work) {
  for (int64_t first = 0; first < outputs; first += size) work(Chunk{first, least(size, outputs - first)});
}

/** Number of parts that each block of outputs is divided into, so that all threads have work. */
inline int64_t partsOf(int64_t blocks, int64_t rowsOfBlock, const ThreadPool &pool) {
  const int64_t wanted = (2 * pool.size() + blocks - 1) / blocks, most = rowsOfBlock / leastShare;
  return pool.size() == 1 || most < 1 ? 1 : least(wanted, most);
}

// The transforms along one axis (Lavin and Gray 2016, "Fast algorithms for convolutional neural networks"). Six inputs are transformed to
// one factor of each of six products, a filter of three or four values to the other factors, and the products to four or three outputs:
// polynomials are multiplied by way of their values at six points. These are 0, ±a, ±b and infinity. With the usual ±1 and ±2 the rounding
// error would be twice as large: rms 1.8e-6 for 3×3 filters of 64 normally distributed channels, instead of 0.8e-6; a sum computed by its
// definition has 0.4e-6.

constexpr float a = 0.625f, b = 1.5f, a2 = a * a, b2 = b * b;

inline void transformInput(const Vector d[6], Vector v[6]) {
  const Vector evenA = d[4] - b2 * d[2], oddA = a * (d[3] - b2 * d[1]), evenB = d[4] - a2 * d[2], oddB = b * (d[3] - a2 * d[1]);
  v[0] = a2 * b2 * d[0] - (a2 + b2) * d[2] + d[4];
  v[1] = evenA + oddA;
  v[2] = evenA - oddA;
  v[3] = evenB + oddB;
  v[4] = evenB - oddB;
  v[5] = a2 * b2 * d[1] - (a2 + b2) * d[3] + d[5];
}

template <int size>
inline void transformFilter(const Vector w[size], Vector u[6]) {
  constexpr float overA = 1 / (2 * a2 * (a2 - b2)), overB = 1 / (2 * b2 * (b2 - a2));
  Vector oddA = overA * a * w[1], oddB = overB * b * w[1];
  if (size == 4) {
    oddA += overA * a * a2 * w[size - 1];
    oddB += overB * b * b2 * w[size - 1];
  }
  const Vector evenA = overA * w[0] + overA * a2 * w[2], evenB = overB * w[0] + overB * b2 * w[2];
  u[0] = 1 / (a2 * b2) * w[0];
  u[1] = evenA + oddA;
  u[2] = evenA - oddA;
  u[3] = evenB + oddB;
  u[4] = evenB - oddB;
  u[5] = w[size - 1];
}

template <int size>
inline void transformOutput(const Vector m[6], Vector y[size]) {
  const Vector evenA = m[1] + m[2], oddA = m[1] - m[2], evenB = m[3] + m[4], oddB = m[3] - m[4];
  y[0] = m[0] + evenA + evenB;
  y[1] = a * oddA + b * oddB;
  y[2] = a2 * evenA + b2 * evenB;
  if (size == 4) y[3] = a * a2 * oddA + b * b2 * oddB;
  y[size - 1] += m[5];
}

/** Transforms a filter's size² values to its 36 factors, both row by row. */
template <int size>
inline void transformFilter2(const Vector *w, Vector u[36]) {
  Vector t[6][size];
  for (int j = 0; j < size; j++) {
    Vector along[size], factors[6];
    for (int i = 0; i < size; i++) along[i] = w[i * size + j];
    transformFilter<size>(along, factors);
    for (int i = 0; i < 6; i++) t[i][j] = factors[i];
  }
  for (int i = 0; i < 6; i++) transformFilter<size>(t[i], u + 6 * i);
}

/** Transforms 36 products, which lie `step` floats apart, to size² outputs. */
template <int size>
inline void transformOutput2(const float *products, int64_t step, Vector y[size * size]) {
  Vector t[size][6];
  for (int j = 0; j < 6; j++) {
    Vector m[6], along[size];
    for (int i = 0; i < 6; i++) m[i] = load(products + (6 * i + j) * step);
    transformOutput<size>(m, along);
    for (int i = 0; i < size; i++) t[i][j] = along[i];
  }
  for (int i = 0; i < size; i++) transformOutput<size>(t[i], y + size * i);
}

/**
 * Transforms a tile's 6×6 inputs to 36 factors, for all channels. Inputs outside the image are 0. The factors of a channel lie `step`
 * floats apart.
 */
inline void transformTile(const float *images, const Shape &x, const Tile &tile, float *to, int64_t step) {
  const bool inside = tile.row >= 0 && tile.column >= 0 && tile.row + 6 <= x.height && tile.column + 6 <= x.width;
  for (int64_t c = 0; c < x.channels; c += lanes) {
    const float *from = images + tile.image * x.height * x.width * x.channels + c;
    const int64_t count = x.channels - c;
    Vector t[6][6];
    for (int j = 0; j < 6; j++) {
      Vector d[6], along[6];
      for (int i = 0; i < 6; i++) {
        const int64_t row = tile.row + i, column = tile.column + j;
        const bool there = inside || (row >= 0 && column >= 0 && row < x.height && column < x.width);
        d[i] = there ? loadSome(from + (row * x.width + column) * x.channels, count) : Vector{};
      }
      transformInput(d, along);
      for (int i = 0; i < 6; i++) t[i][j] = along[i];
    }
    for (int i = 0; i < 6; i++) {
      Vector factors[6];
      transformInput(t[i], factors);
      for (int j = 0; j < 6; j++) store(to + (6 * i + j) * step + c, factors[j]);
    }
  }
}

}  // namespace
}  // namespace convolutions
