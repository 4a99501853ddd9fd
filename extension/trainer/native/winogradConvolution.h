// Winograd's convolutions and their gradients by x.
#pragma once
#include "winogradTiles.h"

namespace convolutions {
namespace {

/**
 * If there are many tiles, of at most `mostGroupedChannels` channels, each thread computes groups of tiles, whose factors (about
 * `bytesOfGroup` bytes) should stay in its core's cache. All threads then share the filter factors of a chunk of outputs.
 */
constexpr int64_t mostGroupedChannels = 192, bytesOfGroup = 384 << 10;

/** Number of inputs whose filter factors and products a thread computes at a time, where each thread transforms filters for itself. */
constexpr int64_t inputsOfSum = 128;

/** A range of tiles. */
struct Range {
  int64_t first, count;
};

/** 36 arrays of factors, which begin `step` floats apart. */
struct Factors {
  const float *data;
  int64_t step;
};

/** A range of a convolution's inputs, and one of its outputs. */
struct Part {
  Chunk inputs, outputs;
};

/** Filters of a part: the value for a tap, its input c and its output k is at `data[tap * tapStep + c * step + k]`. */
struct Filters {
  const float *data;
  int64_t tapStep, step;
};

/**
 * Copies one tap of a part's turned filters: [size², outputs, inputs] → [size², the part's inputs, its outputs], rotated by half a turn.
 */
template <int size>
inline void turnTap(const Convolution &of, int64_t tap, const Part &part, float *to) {
  typedef float Four __attribute__((vector_size(16), aligned(4), may_alias));
  const int64_t all = of.xShape.channels, inputs = part.inputs.count, outputs = part.outputs.count;
  const float *from = of.filter + (tap * of.yShape.channels + part.outputs.first) * all + part.inputs.first;
  float *turned = to + (size * size - 1 - tap) * inputs * outputs;
  int64_t k = 0;
  for (; k + 4 <= outputs; k += 4) {
    const float *a = from + k * all, *b = a + all, *c = b + all, *d = c + all;
    for (int64_t i = 0; i < inputs; i++) *reinterpret_cast<Four *>(turned + i * outputs + k) = Four{a[i], b[i], c[i], d[i]};
  }
  for (; k < outputs; k++)
    for (int64_t i = 0; i < inputs; i++) turned[i * outputs + k] = from[k * all + i];
}

/** A part's filters. @param turned where {@link turnTap} has copied them to, for turned filters */
inline Filters filtersOf(const Convolution &of, const Part &part, const float *turned) {
  const int64_t inputs = of.xShape.channels, outputs = of.yShape.channels;
  if (of.turned) return {turned, part.inputs.count * part.outputs.count, part.outputs.count};
  return {of.filter + part.inputs.first * outputs + part.outputs.first, inputs * outputs, outputs};
}

/**
 * Computes the factors of input c's filters. They go into 36 arrays [blocks][the part's inputs][columns], which begin `step` floats apart,
 * with zeros after the last output.
 */
template <int size>
inline void transformFilters(const Filters &filters, const Part &part, int64_t c, float *to, int64_t step) {
  const int64_t count = part.outputs.count, blocks = (count + columns - 1) / columns;
  for (int64_t k = 0; k < blocks * columns; k += lanes) {
    Vector values[size * size], factors[36];
    for (int i = 0; i < size * size; i++)
      values[i] = k < count ? loadSome(filters.data + i * filters.tapStep + c * filters.step + k, count - k) : Vector{};
    transformFilter2<size>(values, factors);
    for (int p = 0; p < 36; p++) store(to + p * step + (k / columns * part.inputs.count + c) * columns + k % columns, factors[p]);
  }
}

/** Writes a tile of a chunk of outputs, from products [36][step] at `products`. */
template <int size>
inline void writeTile(float *images, const Shape &y, const Tile &tile, const Chunk &chunk, const float *products, int64_t step) {
  for (int64_t k = 0; k < chunk.count; k += lanes) {
    Vector values[size * size];
    transformOutput2<size>(products + k, step, values);
    for (int64_t i = 0; i < size && tile.row + i < y.height; i++)
      for (int64_t j = 0; j < size && tile.column + j < y.width; j++) {
        const int64_t place = (tile.image * y.height + tile.row + i) * y.width + tile.column + j;
        storeSome(images + place * y.channels + chunk.first + k, values[i * size + j], chunk.count - k);
      }
  }
}

/** Computes a convolution with filters of `size`×`size`. */
template <int size>
struct Convolver {
  static constexpr int side = 7 - size;
  const Convolution &of;
  ThreadPool &pool;
  const Tiles tiles{of.yShape, side};
  const int64_t channels = of.xShape.channels, outputs = of.yShape.channels, inputs = roundedUp(channels, inputMultiple);

  void run(Memory &memory) const {
    if (tiles.count <= fewTiles || channels > mostGroupedChannels) runRounds(memory);
    else runGroups(memory);
  }

  /**
   * The threads transform a round of tiles together. Then each computes blocks of outputs, for which it transforms the filters of at most
   * `inputsOfSum` inputs at a time, so that their factors stay in its core's cache.
   */
  void runRounds(Memory &memory) const {
    const int64_t round = tiles.roundOf(inputs), blocks = (outputs + columns - 1) / columns, parts = partsOf(blocks, round, pool);
    const int64_t share = (round + parts - 1) / parts, depth = least(channels, inputsOfSum);
    const int64_t leftStep = round * inputs + skew, factorStep = depth * columns + skew, productStep = share * columns + skew;
    float *left = memory.scratch(36 * leftStep);
    const int64_t turnedSize = of.turned ? size * size * depth * columns : 0, workSize = 36 * (factorStep + productStep) + turnedSize;
    float *work = memory.workspaces(pool.size() * workSize);
    if (left == nullptr || work == nullptr) return;
    for (int64_t first = 0; first < tiles.count; first += round) {
      const int64_t count = least(round, tiles.count - first);
      pool.run(count, [&](int64_t t, int) { read(first + t, left + t * inputs, leftStep); });
      pool.run(blocks * parts, [&](int64_t i, int slot) {
        float *factors = work + slot * workSize, *products = factors + 36 * factorStep, *turned = products + 36 * productStep;
        const int64_t k = i / parts * columns, from = i % parts * share;
        const Range range{first + from, least(share, count - from)};
        const Chunk block{k, least(columns, outputs - k)};
        for (int64_t c = 0; c < channels; c += depth) {
          const Part part{{c, least(depth, channels - c)}, block};
          if (of.turned) for (int64_t tap = 0; tap < size * size; tap++) turnTap<size>(of, tap, part, turned);
          const Filters filters = filtersOf(of, part, turned);
          for (int64_t input = 0; input < part.inputs.count; input++) transformFilters<size>(filters, part, input, factors, factorStep);
          const Factors tile{left + from * inputs + c, leftStep};
          if (c == 0) multiplyBlock<false>(part, range.count, tile, {factors, factorStep}, products, productStep);
          else multiplyBlock<true>(part, range.count, tile, {factors, factorStep}, products, productStep);
        }
        writeBlock(block, range, products, productStep);
      });
    }
  }

  /** The threads transform a chunk's filters together; then each computes groups of tiles. */
  void runGroups(Memory &memory) const {
    const int64_t chunkSize = least(chunkOf(channels), outputs);
    const int64_t factorStep = channels * roundedUp(chunkSize, outputMultiple) + skew;
    float *factors = memory.scratch(36 * factorStep);
    float *turned = of.turned ? memory.scratch(size * size * channels * chunkSize) : nullptr;
    const int64_t fit = roundedUp(bytesOfGroup / (36 * 4 * (inputs + columns)), rows), group = least(fit < rows ? rows : fit, 8 * rows);
    const int64_t leftStep = group * inputs + skew, productStep = group * columns + skew, workSize = 36 * (leftStep + productStep);
    float *work = memory.workspaces(pool.size() * workSize);
    if (factors == nullptr || (of.turned && turned == nullptr) || work == nullptr) return;
    eachChunk(outputs, chunkSize, [&](const Chunk &chunk) {
      const Part part{{0, channels}, chunk};
      if (of.turned) pool.run(size * size, [&](int64_t tap, int) { turnTap<size>(of, tap, part, turned); });
      const Filters filters = filtersOf(of, part, turned);
      pool.run(channels, [&](int64_t c, int) { transformFilters<size>(filters, part, c, factors, factorStep); });
      pool.run((tiles.count + group - 1) / group, [&](int64_t g, int slot) {
        float *left = work + slot * workSize, *products = left + 36 * leftStep;
        const Range range{g * group, least(group, tiles.count - g * group)};
        for (int64_t t = 0; t < range.count; t++) read(range.first + t, left + t * inputs, leftStep);
        for (int64_t k = 0; k < chunk.count; k += columns) {
          const Chunk block{chunk.first + k, least(columns, chunk.count - k)};
          multiplyBlock<false>({part.inputs, block}, range.count, {left, leftStep}, {factors + k * channels, factorStep}, products, productStep);
          writeBlock(block, range, products, productStep);
        }
      });
    });
  }

  void read(int64_t tile, float *to, int64_t step) const { transformTile(of.x, of.xShape, tiles.at(tile, -of.pad), to, step); }

  /**
   * Computes the products of a part, whose outputs are one block, for `count` tiles.
   *
   * @param left the tiles' factors, `inputs` floats apart
   * @param filters the filters' factors, [the part's inputs][columns]
   * @param products [columns] for each tile; with `adds`, the products are added to them
   */
  template <bool adds>
  void multiplyBlock(const Part &part, int64_t count, const Factors &left, const Factors &filters, float *products, int64_t step) const {
    for (int64_t p = 0; p < 36; p++) {
      const Matrix tile{left.data + p * left.step, inputs, 1};
      const float *right = filters.data + p * filters.step;
      multiply<adds>(count, part.outputs.count, tile, right, columns, part.inputs.count, products + p * step, columns);
    }
  }

  void writeBlock(const Chunk &block, const Range &range, const float *products, int64_t step) const {
    for (int64_t t = 0; t < range.count; t++) writeTile<side>(of.y, of.yShape, tiles.at(range.first + t, 0), block, products + t * columns, step);
  }
};

inline void winograd(const Convolution &of, Memory &memory, ThreadPool &pool) {
  if (of.size == 3) Convolver<3>{of, pool}.run(memory);
  else Convolver<4>{of, pool}.run(memory);
}

}  // namespace
}  // namespace convolutions
