// The gradients of Winograd's convolutions by their filters.
#pragma once
#include "winogradTiles.h"

namespace convolutions {
namespace {

/** Number of tiles whose products are summed in registers before this sum is added to the total, so that rounding errors grow less. */
constexpr int64_t tilesOfSum = 64;

/** Transforms a tile of dy, of side² values, to 36 factors, for a chunk of its channels. Values outside the image are 0. */
template <int side>
inline void transformGradientTile(const float *images, const Shape &y, const Tile &tile, const Chunk &chunk, float *to, int64_t step) {
  for (int64_t k = 0; k < chunk.count; k += lanes) {
    Vector values[side * side], factors[36];
    for (int64_t i = 0; i < side; i++)
      for (int64_t j = 0; j < side; j++) {
        const int64_t row = tile.row + i, column = tile.column + j;
        const float *from = images + ((tile.image * y.height + row) * y.width + column) * y.channels + chunk.first + k;
        values[i * side + j] = row < y.height && column < y.width ? loadSome(from, chunk.count - k) : Vector{};
      }
    transformFilter2<side>(values, factors);
    for (int p = 0; p < 36; p++) store(to + p * step + k, factors[p]);
  }
}

template <int size>
inline void winogradFilterGradientOf(const FilterGradient &of, Memory &memory, ThreadPool &pool) {
  constexpr int side = 7 - size;
  const Shape &x = of.xShape, &y = of.yShape;
  const Tiles tiles(y, side);
  const int64_t inputs = roundedUp(x.channels, inputMultiple), round = tiles.roundOf(inputs);
  // With a single round, a block's sums are complete after it, so a thread needs memory only for the sums of its current block.
  const bool isOneRound = round == tiles.count;
  const int64_t chunkSize = isOneRound ? y.channels : least(chunkOf(x.channels), y.channels);
  const int64_t leftStep = round * inputs + skew, rightStep = round * columns + skew, sumStep = x.channels * columns + (isOneRound ? skew : 0);
  float *left = memory.scratch(36 * leftStep);
  float *sums = isOneRound ? nullptr : memory.scratch(36 * x.channels * roundedUp(chunkSize, outputMultiple));
  const int64_t workSize = 36 * (rightStep + (isOneRound ? sumStep : 0));
  float *work = memory.workspaces(pool.size() * workSize);
  if (left == nullptr || (!isOneRound && sums == nullptr) || work == nullptr) return;
  eachChunk(y.channels, chunkSize, [&](const Chunk &chunk) {
    const int64_t blocks = (chunk.count + columns - 1) / columns, parts = partsOf(blocks, x.channels, pool);
    const int64_t share = (x.channels + parts - 1) / parts;
    for (int64_t first = 0; first < tiles.count; first += round) {
      const int64_t count = least(round, tiles.count - first);
      pool.run(count, [&](int64_t t, int) { transformTile(of.x, x, tiles.at(first + t, -of.pad), left + t * inputs, leftStep); });
      pool.run(blocks * parts, [&](int64_t i, int slot) {
        float *right = work + slot * workSize, *m = isOneRound ? right + 36 * rightStep : sums + i / parts * 36 * sumStep;
        const int64_t k = i / parts * columns, from = i % parts * share, to = least(from + share, x.channels);
        const Chunk block{chunk.first + k, least(columns, chunk.count - k)};
        for (int64_t t = 0; t < count; t++) transformGradientTile<side>(of.dy, y, tiles.at(first + t, 0), block, right + t * columns, rightStep);
        for (int64_t p = 0; p < 36; p++) {
          float *sum = m + p * sumStep + from * columns;
          for (int64_t t = 0; t < count; t += tilesOfSum) {
            const Matrix factors{left + p * leftStep + t * inputs + from, 1, inputs};
            const float *others = right + p * rightStep + t * columns;
            const int64_t depth = least(tilesOfSum, count - t);
            if (first + t == 0) multiply<false>(to - from, block.count, factors, others, columns, depth, sum, columns);
            else multiply<true>(to - from, block.count, factors, others, columns, depth, sum, columns);
          }
        }
        if (first + count < tiles.count) return;
        for (int64_t c = from; c < to; c++)
          for (int64_t at = 0; at < block.count; at += lanes) {
            Vector values[size * size];
            transformOutput2<size>(m + c * columns + at, sumStep, values);
            for (int tap = 0; tap < size * size; tap++)
              storeSome(of.dw + (tap * x.channels + c) * y.channels + block.first + at, values[tap], block.count - at);
          }
      });
    }
  });
}

inline void winogradFilterGradient(const FilterGradient &of, Memory &memory, ThreadPool &pool) {
  if (of.size == 3) winogradFilterGradientOf<3>(of, memory, pool);
  else winogradFilterGradientOf<4>(of, memory, pool);
}

}  // namespace
}  // namespace convolutions
