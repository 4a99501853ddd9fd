// The convolutions of winograd.h for one set of instructions. Compiled once for each, with
//   WINOGRAD_SET   its name in winograd.h
//   LANES          floats of a vector
//   ROWS           rows of a product of matrices that are kept in registers, with two vectors each
// Everything is in an anonymous namespace and nothing is of the standard library: of an inline function the linker keeps one copy for all
// processors, and that might be the one with the newest instructions.
#include "winograd.h"

#include <stdlib.h>

#include "threads.h"

namespace winograd {
namespace {

typedef float Vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

constexpr int64_t lanes = LANES, rows = ROWS, columns = 2 * lanes;

/** The channels of tiles' factors, and the outputs of filters' factors, are filled up to a multiple of these, whatever the number of lanes. */
constexpr int64_t inputMultiple = 16, outputMultiple = 32;

/**
 * Floats between the arrays of the 36 factors or products, so that those of one element, which are read or written together, do not share the
 * few places that a cache has for addresses a power of two apart.
 */
constexpr int64_t skew = 16;

/** Tiles are transformed in rounds, all of them at once where they are few, else so many that their factors are these floats. */
constexpr int64_t fewTiles = 128, floatsOfRound = 1 << 20, leastRound = 64;

/**
 * Many tiles of at most so many channels are computed in groups instead, each by one thread, whose factors should stay in the core's cache.
 * The factors of filters are then the threads' in common: those of a chunk of outputs.
 */
constexpr int64_t mostGroupedChannels = 192, bytesOfGroup = 384 << 10;

/** Floats of a chunk's factors, or sums, and its least outputs. */
constexpr int64_t floatsOfChunk = 1 << 20, leastChunk = 64;

/** A filter's gradient sums so many tiles in registers before it adds them to the others, so that rounding errors grow less. */
constexpr int64_t tilesOfSum = 64;

/** Rows or tiles that a block of outputs is divided by where there are more threads than blocks: for each its filters are transformed anew. */
constexpr int64_t leastShare = 32;

inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t roundedUp(int64_t value, int64_t multiple) { return (value + multiple - 1) / multiple * multiple; }

/** A piece of the scratch memory, for as long as this lives. The next pieces must live shorter. */
struct Piece {
  Scratch &scratch;
  const int64_t before;
  /** Not initialised. Not to be touched unless it {@link fits}. */
  float *const data;
  Piece(Scratch &scratch, int64_t count) : scratch(scratch), before(scratch.used), data(scratch.data + before) {
    scratch.used += count;
    if (scratch.used > scratch.most) scratch.most = scratch.used;
  }
  Piece(const Piece &) = delete;
  ~Piece() { scratch.used = before; }
  bool fits() const { return scratch.used <= scratch.size; }
};

/** The threads' own memory. */
struct Workspaces {
  float *const data;
  explicit Workspaces(int64_t count) : data(static_cast<float *>(aligned_alloc(64, roundedUp(count * 4, 64)))) {}
  Workspaces(const Workspaces &) = delete;
  ~Workspaces() { free(data); }
};

/** Where a tile's inputs or outputs begin. */
struct Tile {
  int64_t image, row, column;
};

/** The tiles of `side`² outputs that cover all images. */
struct Tiles {
  const int64_t side, across, down, count;
  Tiles(const Shape &y, int64_t side)
      : side(side), across((y.width + side - 1) / side), down((y.height + side - 1) / side), count(y.images * across * down) {}
  /** Tiles of a round; rounds are of about equal size. */
  int64_t roundOf(int64_t inputs) const {
    const int64_t fit = floatsOfRound / (36 * inputs), limit = fit < leastRound ? leastRound : fit;
    const int64_t rounds = count <= fewTiles ? 1 : (count + limit - 1) / limit;
    return (count + rounds - 1) / rounds;
  }
  Tile at(int64_t i, int64_t shift) const { return {i / (across * down), i / across % down * side + shift, i % across * side + shift}; }
};

/** A matrix, of which one element lies `rowStep` and `depthStep` floats from its neighbours. */
struct Matrix {
  const float *data;
  int64_t rowStep, depthStep;
};

inline Vector load(const float *from) { return *reinterpret_cast<const Vector *>(from); }
inline void store(float *to, Vector v) { *reinterpret_cast<Vector *>(to) = v; }

/** The first `count` values, then zeros. */
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

// Along one axis (Lavin and Gray 2016, "Fast algorithms for convolutional neural networks"), six inputs become six products' factors, a
// filter of three or four values the other factors, and the products four or three outputs: polynomials are multiplied by their values at
// six points. These are 0, ±a, ±b and infinity. With the usual ±1 and ±2 the rounding error is twice as large: rms 1.8e-6 for 3×3 filters of
// 64 normally distributed channels, here 0.8e-6, where the sum as it is defined has 0.4e-6.

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

/** The filter's 36 factors from its size² values, both in the order of rows. */
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

/** size² outputs from 36 products, which lie `step` floats apart. */
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
 * The 36 factors of all channels of a tile. Its 6×6 inputs may lie outside the image, where they are 0. The factors of a channel lie `step`
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

/**
 * r rows of a product of matrices in registers: m[i, …] = Σ left[i, k] · right[k, …] over `depth` of k, with one or two vectors of columns. Each
 * element is summed in the order of k, whatever r is.
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

/** Some of a convolution's outputs. */
struct Chunk {
  int64_t first, count;
};

/** Outputs of which the factors of filters with so many inputs are in memory at a time. */
inline int64_t chunkOf(int64_t inputs) {
  const int64_t fit = floatsOfChunk / (36 * inputs) / outputMultiple * outputMultiple;
  return fit < leastChunk ? leastChunk : fit;
}

/** Calls `work` with a convolution's outputs, `size` at a time. */
template <typename Work>
inline void eachChunk(int64_t outputs, int64_t size, Work work) {
  for (int64_t first = 0; first < outputs; first += size) work(Chunk{first, least(size, outputs - first)});
}

/** How many parts blocks of outputs are divided into, so that all threads have work. */
inline int64_t partsOf(int64_t blocks, int64_t rowsOfBlock, const ThreadPool &pool) {
  const int64_t wanted = (2 * pool.size() + blocks - 1) / blocks, most = rowsOfBlock / leastShare;
  return pool.size() == 1 || most < 1 ? 1 : least(wanted, most);
}

/** Some of the tiles. */
struct Range {
  int64_t first, count;
};

/** 36 arrays of factors, which begin `step` floats apart. */
struct Factors {
  const float *data;
  int64_t step;
};

/** Filters with stride: the value for tap, input c and output k is at `data[(tap * inputs + c) * step + k]`. */
struct Filters {
  const float *data;
  int64_t step;
};

/** Copies one tap of a chunk of turned filters: [size², outputs, inputs] → [size², inputs, outputs of the chunk], rotated by half a turn. */
template <int size>
inline void turnTap(const Convolution &of, int64_t tap, const Chunk &chunk, float *to) {
  const int64_t inputs = of.xShape.channels;
  const float *from = of.filter + (tap * of.yShape.channels + chunk.first) * inputs;
  float *turned = to + (size * size - 1 - tap) * inputs * chunk.count;
  constexpr int64_t block = 16;
  // In blocks, whose lines all stay in the cache.
  for (int64_t c = 0; c < inputs; c += block)
    for (int64_t k = 0; k < chunk.count; k++)
      for (int64_t i = c; i < least(c + block, inputs); i++) turned[i * chunk.count + k] = from[k * inputs + i];
}

/** A chunk's filters as they are. */
inline Filters plainFilters(const Convolution &of, const Chunk &chunk) { return {of.filter + chunk.first, of.yShape.channels}; }

/**
 * Factors of one input's filters: blocks of columns, [blocks][inputs][columns], for each of the 36, with zeros behind the last of `count`
 * outputs. Those of the next of the 36 are `step` floats further.
 */
template <int size>
inline void transformFilters(const Filters &filters, int64_t inputs, int64_t c, int64_t count, float *to, int64_t step) {
  const int64_t blocks = (count + columns - 1) / columns;
  for (int64_t k = 0; k < blocks * columns; k += lanes) {
    Vector values[size * size], factors[36];
    for (int i = 0; i < size * size; i++) values[i] = k < count ? loadSome(filters.data + (i * inputs + c) * filters.step + k, count - k) : Vector{};
    transformFilter2<size>(values, factors);
    for (int p = 0; p < 36; p++) store(to + p * step + (k / columns * inputs + c) * columns + k % columns, factors[p]);
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

/** A convolution while it is computed. */
template <int size>
struct Convolver {
  static constexpr int side = 7 - size;
  const Convolution &of;
  ThreadPool &pool;
  const Tiles tiles{of.yShape, side};
  const int64_t channels = of.xShape.channels, outputs = of.yShape.channels, inputs = roundedUp(channels, inputMultiple);

  bool run(Scratch &scratch) const { return tiles.count <= fewTiles || channels > mostGroupedChannels ? runRounds(scratch) : runGroups(scratch); }

  /** The threads transform a round of tiles together; then each computes blocks of outputs, for which it transforms the filters. */
  bool runRounds(Scratch &scratch) const {
    const int64_t round = tiles.roundOf(inputs), blocks = (outputs + columns - 1) / columns, parts = partsOf(blocks, round, pool);
    const int64_t share = (round + parts - 1) / parts;
    const int64_t leftStep = round * inputs + skew, factorStep = channels * columns + skew, productStep = share * columns + skew;
    const Piece left(scratch, 36 * leftStep);
    const int64_t turnedSize = of.turned ? size * size * channels * columns : 0, workSize = 36 * (factorStep + productStep) + turnedSize;
    const Workspaces work(pool.size() * workSize);
    if (!left.fits() || work.data == nullptr) return false;
    for (int64_t first = 0; first < tiles.count; first += round) {
      const int64_t count = least(round, tiles.count - first);
      pool.run(count, [&](int64_t t, int) { read(first + t, left.data + t * inputs, leftStep); });
      pool.run(blocks * parts, [&](int64_t i, int slot) {
        float *factors = work.data + slot * workSize, *products = factors + 36 * factorStep, *turned = products + 36 * productStep;
        const int64_t k = i / parts * columns, from = i % parts * share;
        const Chunk chunk{k, least(columns, outputs - k)};
        if (of.turned) for (int64_t tap = 0; tap < size * size; tap++) turnTap<size>(of, tap, chunk, turned);
        const Filters filters = of.turned ? Filters{turned, chunk.count} : plainFilters(of, chunk);
        for (int64_t c = 0; c < channels; c++) transformFilters<size>(filters, channels, c, chunk.count, factors, factorStep);
        const Range range{first + from, least(share, count - from)};
        computeBlock(chunk, range, {left.data + from * inputs, leftStep}, {factors, factorStep}, products, productStep);
      });
    }
    return true;
  }

  /** The threads transform a chunk's filters together; then each computes groups of tiles. */
  bool runGroups(Scratch &scratch) const {
    const int64_t chunkSize = least(chunkOf(channels), outputs);
    const int64_t factorStep = channels * roundedUp(chunkSize, outputMultiple) + skew;
    const Piece factors(scratch, 36 * factorStep);
    const Piece turned(scratch, of.turned ? size * size * channels * chunkSize : 0);
    const int64_t fit = roundedUp(bytesOfGroup / (36 * 4 * (inputs + columns)), rows), group = least(fit < rows ? rows : fit, 8 * rows);
    const int64_t leftStep = group * inputs + skew, productStep = group * columns + skew, workSize = 36 * (leftStep + productStep);
    const Workspaces work(pool.size() * workSize);
    if (!turned.fits() || work.data == nullptr) return false;
    eachChunk(outputs, chunkSize, [&](const Chunk &chunk) {
      if (of.turned) pool.run(size * size, [&](int64_t tap, int) { turnTap<size>(of, tap, chunk, turned.data); });
      const Filters filters = of.turned ? Filters{turned.data, chunk.count} : plainFilters(of, chunk);
      pool.run(channels, [&](int64_t c, int) { transformFilters<size>(filters, channels, c, chunk.count, factors.data, factorStep); });
      pool.run((tiles.count + group - 1) / group, [&](int64_t g, int slot) {
        float *left = work.data + slot * workSize;
        const Range range{g * group, least(group, tiles.count - g * group)};
        for (int64_t t = 0; t < range.count; t++) read(range.first + t, left + t * inputs, leftStep);
        for (int64_t k = 0; k < chunk.count; k += columns) {
          const Chunk written{chunk.first + k, least(columns, chunk.count - k)};
          computeBlock(written, range, {left, leftStep}, {factors.data + k * channels, factorStep}, left + 36 * leftStep, productStep);
        }
      });
    });
    return true;
  }

  void read(int64_t tile, float *to, int64_t step) const { transformTile(of.x, of.xShape, tiles.at(tile, -of.pad), to, step); }

  /**
   * Writes a block of outputs of some tiles.
   *
   * @param left of the tiles, [inputs] each
   * @param filters of the block, [inputs][columns]
   * @param products memory for the products, [columns] for each tile
   */
  void computeBlock(const Chunk &block, const Range &range, const Factors &left, const Factors &filters, float *products, int64_t step) const {
    for (int64_t p = 0; p < 36; p++) {
      const Matrix tile{left.data + p * left.step, inputs, 1};
      multiply<false>(range.count, block.count, tile, filters.data + p * filters.step, columns, channels, products + p * step, columns);
    }
    for (int64_t t = 0; t < range.count; t++) writeTile<side>(of.y, of.yShape, tiles.at(range.first + t, 0), block, products + t * columns, step);
  }
};

/** The 36 factors of a tile of a gradient for a chunk of its channels: side² values, which are 0 outside of the image. */
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
bool filterGradient(const FilterGradient &of, Scratch &scratch, ThreadPool &pool) {
  constexpr int side = 7 - size;
  const Shape &x = of.xShape, &y = of.yShape;
  const Tiles tiles(y, side);
  const int64_t inputs = roundedUp(x.channels, inputMultiple), round = tiles.roundOf(inputs);
  // After one round the sums are complete, and each thread needs only those of its block.
  const bool isOneRound = round == tiles.count;
  const int64_t chunkSize = isOneRound ? y.channels : least(chunkOf(x.channels), y.channels);
  const int64_t leftStep = round * inputs + skew, rightStep = round * columns + skew, sumStep = x.channels * columns + (isOneRound ? skew : 0);
  const Piece left(scratch, 36 * leftStep), sums(scratch, isOneRound ? 0 : 36 * x.channels * roundedUp(chunkSize, outputMultiple));
  const int64_t workSize = 36 * (rightStep + (isOneRound ? sumStep : 0));
  const Workspaces work(pool.size() * workSize);
  if (!sums.fits() || work.data == nullptr) return false;
  eachChunk(y.channels, chunkSize, [&](const Chunk &chunk) {
    const int64_t blocks = (chunk.count + columns - 1) / columns, parts = partsOf(blocks, x.channels, pool);
    const int64_t share = (x.channels + parts - 1) / parts;
    for (int64_t first = 0; first < tiles.count; first += round) {
      const int64_t count = least(round, tiles.count - first);
      pool.run(count, [&](int64_t t, int) { transformTile(of.x, x, tiles.at(first + t, -of.pad), left.data + t * inputs, leftStep); });
      pool.run(blocks * parts, [&](int64_t i, int slot) {
        float *right = work.data + slot * workSize, *m = isOneRound ? right + 36 * rightStep : sums.data + i / parts * 36 * sumStep;
        const int64_t k = i / parts * columns, from = i % parts * share, to = least(from + share, x.channels);
        const Chunk block{chunk.first + k, least(columns, chunk.count - k)};
        for (int64_t t = 0; t < count; t++) transformGradientTile<side>(of.dy, y, tiles.at(first + t, 0), block, right + t * columns, rightStep);
        for (int64_t p = 0; p < 36; p++) {
          float *sum = m + p * sumStep + from * columns;
          for (int64_t t = 0; t < count; t += tilesOfSum) {
            const Matrix factors{left.data + p * leftStep + t * inputs + from, 1, inputs};
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
  return true;
}

bool convolveAny(const Convolution &of, Scratch &scratch, ThreadPool &pool) {
  return of.size == 3 ? Convolver<3>{of, pool}.run(scratch) : Convolver<4>{of, pool}.run(scratch);
}

bool filterGradientAny(const FilterGradient &of, Scratch &scratch, ThreadPool &pool) {
  return of.size == 3 ? filterGradient<3>(of, scratch, pool) : filterGradient<4>(of, scratch, pool);
}

}  // namespace

extern const Functions WINOGRAD_SET;
const Functions WINOGRAD_SET = {convolveAny, filterGradientAny};

}  // namespace winograd
