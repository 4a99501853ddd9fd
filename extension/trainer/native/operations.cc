/*
 * Custom TensorFlow operations for CPUs, through its C API for kernels: instance norm, reflection and replication padding, and their
 * gradients, for activations [n, …, c] with any number of spatial axes; im2col; stacking of slices; rounding to a grid and max |x|, for
 * the reversible core. Each makes as few passes over its data as possible, in the calling thread: TensorFlow's compositions of several
 * operations wake its thread pool several times, which takes longer than the work.
 * Milliseconds on two cores, TensorFlow's and ours:
 *   32²×64:   norm 0.25, 0.06   its gradient 0.25, 0.04   padding by 1 0.12, 0.03   its gradient 0.11, 0.03
 *   64²×128:  norm 0.42, 0.14   its gradient 0.40, 0.17   padding by 1 0.33, 0.08   its gradient 0.45, 0.11
 *   256²×64:  norm 1.5, 1.9     its gradient 1.9, 2.3     padding by 3 1.4, 0.9     its gradient 2.5, 1.2
 */
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include <node_api.h>

#include "operation.h"
#include "threads.h"
#include "winograd.h"

namespace {

/** An activation [n, …, c] as n images of `count` positions with c channels. */
struct Images {
  int64_t n, count = 1, c;
  explicit Images(const Shape &shape) : n(shape.front()), c(shape.back()) {
    for (size_t axis = 1; axis + 1 < shape.size(); axis++) count *= shape[axis];
  }
  int64_t size() const { return count * c; }

  /** Calls `work` for each image with the offset of its values and that of its per-channel values. */
  template <typename Work>
  void each(Work work) const {
    for (int64_t i = 0; i < n; i++) work(i * size(), i * c);
  }
};

// Loops over positions and, inside, channels, which compilers vectorise. Float sums cover at most this many positions, and the
// partial sums are added in double precision: as accurate as pairwise summation.
constexpr int64_t blockOfPlaces = 64;

/** Calls `work(first, count)` for the blocks of an image. */
template <typename Work>
void inBlocks(int64_t count, Work work) {
  for (int64_t first = 0; first < count; first += blockOfPlaces) work(first, std::min(blockOfPlaces, count - first));
}

/** One pass over x for mean and variance, whose blocks are merged as in Chan, Golub and LeVeque (1979); a second pass for y. */
void normalizeImage(const float *x, int64_t count, int64_t c, float epsilon, float *y, float *rstd) {
  std::vector<float> level(c), spread(c);
  std::vector<double> mean(c), squares(c);
  inBlocks(count, [&](int64_t first, int64_t places) {
    const float *block = x + first * c;
    std::fill(level.begin(), level.end(), 0.0f);
    std::fill(spread.begin(), spread.end(), 0.0f);
    for (int64_t i = 0; i < places; i++)
      for (int64_t k = 0; k < c; k++) level[k] += block[i * c + k];
    for (int64_t k = 0; k < c; k++) level[k] /= places;
    for (int64_t i = 0; i < places; i++)
      for (int64_t k = 0; k < c; k++) {
        const float distance = block[i * c + k] - level[k];
        spread[k] += distance * distance;
      }
    const double share = static_cast<double>(places) / (first + places);
    for (int64_t k = 0; k < c; k++) {
      const double distance = level[k] - mean[k];
      mean[k] += distance * share;
      squares[k] += spread[k] + distance * distance * first * share;
    }
  });
  for (int64_t k = 0; k < c; k++) {
    level[k] = static_cast<float>(mean[k]);
    rstd[k] = static_cast<float>(1 / std::sqrt(squares[k] / count + epsilon));
  }
  for (int64_t i = 0; i < count; i++)
    for (int64_t k = 0; k < c; k++) y[i * c + k] = (x[i * c + k] - level[k]) * rstd[k];
}

/** dx = rstd · (dy − mean(dy) − y · mean(dy · y)) (Ioffe and Szegedy 2015). */
void normalizeImageGradient(const float *dy, const float *y, const float *rstd, int64_t count, int64_t c, float *dx) {
  std::vector<float> level(c), along(c);
  std::vector<double> levels(c), alongs(c);
  inBlocks(count, [&](int64_t first, int64_t places) {
    const float *gradient = dy + first * c, *normal = y + first * c;
    std::fill(level.begin(), level.end(), 0.0f);
    std::fill(along.begin(), along.end(), 0.0f);
    for (int64_t i = 0; i < places; i++)
      for (int64_t k = 0; k < c; k++) {
        level[k] += gradient[i * c + k];
        along[k] += gradient[i * c + k] * normal[i * c + k];
      }
    for (int64_t k = 0; k < c; k++) {
      levels[k] += level[k];
      alongs[k] += along[k];
    }
  });
  for (int64_t k = 0; k < c; k++) {
    level[k] = static_cast<float>(levels[k] / count);
    along[k] = static_cast<float>(alongs[k] / count);
  }
  for (int64_t i = 0; i < count; i++)
    for (int64_t k = 0; k < c; k++) dx[i * c + k] = (dy[i * c + k] - level[k] - y[i * c + k] * along[k]) * rstd[k];
}

/** A spatial axis: its size, and its stride in floats in an image and in a padded image. */
struct Axis {
  int64_t size, step, paddedStep;
};

/** An image's spatial axes, followed by an axis of size 1 whose stride is the whole image. */
struct Padding {
  const int64_t width;
  const bool replicates;
  const int64_t n;
  std::vector<Axis> axes;
  int64_t step, paddedStep;

  /**
   * @param shape of the image without padding
   * @param replicates whether the padding replicates the edge rather than reflects the image
   */
  Padding(const Shape &shape, int64_t width, bool replicates)
      : width(width), replicates(replicates), n(shape.front()), axes(shape.size() - 2), step(shape.back()), paddedStep(shape.back()) {
    for (size_t i = axes.size(); i-- > 0;) {
      axes[i] = {shape[i + 1], step, paddedStep};
      step *= axes[i].size;
      paddedStep *= axes[i].size + 2 * width;
    }
  }

  bool isPossible() const {
    for (const Axis &axis : axes)
      if (width < 0 || axis.size <= (replicates ? 0 : width)) return false;
    return !axes.empty();
  }

  /** The source position along an axis of a position inside or outside the image. */
  int64_t source(int64_t place, int64_t size) const {
    if (replicates) return std::min(std::max<int64_t>(place, 0), size - 1);
    return size - 1 - std::llabs(size - 1 - std::llabs(place));
  }

  /** Writes the image along this axis and all later ones, then copies the padding along this axis. */
  void pad(const float *x, float *y, size_t depth = 0) const {
    const Axis &axis = axes[depth];
    float *first = y + width * axis.paddedStep;
    const auto copy = [&](int64_t place) {
      std::memcpy(first + place * axis.paddedStep, first + source(place, axis.size) * axis.paddedStep, axis.paddedStep * sizeof(float));
    };
    if (depth + 1 == axes.size()) std::memcpy(first, x, axis.size * axis.step * sizeof(float));
    else for (int64_t i = 0; i < axis.size; i++) pad(x + i * axis.step, first + i * axis.paddedStep, depth + 1);
    for (int64_t i = 1; i <= width; i++) {
      copy(-i);
      copy(axis.size - 1 + i);
    }
  }

  /** Adds each position of a padded image onto its source. */
  void fold(const float *dy, float *dx, size_t depth = 0) const {
    if (depth == axes.size()) {
      const int64_t c = axes.back().step;
      for (int64_t k = 0; k < c; k++) dx[k] += dy[k];
      return;
    }
    const Axis &axis = axes[depth];
    for (int64_t i = -width; i < axis.size + width; i++) fold(dy + (i + width) * axis.paddedStep, dx + source(i, axis.size) * axis.step, depth + 1);
  }
};

Shape widened(Shape shape, int64_t by) {
  for (size_t axis = 1; axis + 1 < shape.size(); axis++) shape[axis] += by;
  return shape;
}

/** x [n, …, c] → y of its shape, rstd [n, c]. */
struct Normalize {
  const float epsilon;
  explicit Normalize(Attributes &attributes) : epsilon(attributes.number("epsilon")) {}

  void run(Call &call) const {
    const Array x(call.input(0));
    call.require(x.shape.size() >= 2, "x must be [n, ..., c]");
    const Images images(x.shape);
    const Array y(call.output(0, x.shape)), rstd(call.output(1, {images.n, images.c}));
    images.each([&](int64_t at, int64_t scale) {
      normalizeImage(x.data() + at, images.count, images.c, epsilon, y.data() + at, rstd.data() + scale);
    });
  }
};

/** dy, y [n, …, c] and rstd [n, c] → dx. */
struct NormalizeGradient {
  explicit NormalizeGradient(Attributes &) {}

  void run(Call &call) const {
    const Array dy(call.input(0)), y(call.input(1)), rstd(call.input(2));
    call.require(y.shape.size() >= 2 && dy.shape == y.shape, "dy and y must be of one shape [n, ..., c]");
    const Images images(y.shape);
    call.require(rstd.shape == Shape{images.n, images.c}, "rstd must be [n, c]");
    const Array dx(call.output(0, y.shape));
    images.each([&](int64_t at, int64_t scale) {
      normalizeImageGradient(dy.data() + at, y.data() + at, rstd.data() + scale, images.count, images.c, dx.data() + at);
    });
  }
};

/** @param picture shape without padding */
Padding paddingOf(Call &call, const Shape &picture, int64_t width, bool replicates) {
  call.require(picture.size() >= 3, "a picture must be [n, ..., c]");
  const Padding padding(picture, width, replicates);
  call.require(padding.isPossible(), "every axis in space must be longer than what is reflected, and not empty");
  return padding;
}

/** x [n, …, c] → y, padded by `width` at both ends of every spatial axis. */
struct Pad {
  const int64_t width;
  const bool replicates;
  explicit Pad(Attributes &attributes) : width(attributes.whole("width")), replicates(attributes.holds("replicates")) {}

  void run(Call &call) const {
    const Array x(call.input(0));
    const Padding padding = paddingOf(call, x.shape, width, replicates);
    const Array y(call.output(0, widened(x.shape, 2 * width)));
    for (int64_t i = 0; i < padding.n; i++) padding.pad(x.data() + i * padding.step, y.data() + i * padding.paddedStep);
  }
};

/** dy, of the padded shape of x → dx. */
struct PadGradient {
  const int64_t width;
  const bool replicates;
  explicit PadGradient(Attributes &attributes) : width(attributes.whole("width")), replicates(attributes.holds("replicates")) {}

  void run(Call &call) const {
    const Array dy(call.input(0));
    const Shape shape = widened(dy.shape, -2 * width);
    const Padding padding = paddingOf(call, shape, width, replicates);
    const Array dx(call.output(0, shape));
    std::fill_n(dx.data(), padding.n * padding.step, 0.0f);
    for (int64_t i = 0; i < padding.n; i++) padding.fold(dy.data() + i * padding.paddedStep, dx.data() + i * padding.step);
  }
};

/**
 * im2col: x [n, …, c] → [positions, size · … · c], the elements under the filter at each of its positions, with this stride and zero
 * padding.
 */
struct Columns {
  const int64_t size, stride, pad;
  explicit Columns(Attributes &attributes) : size(attributes.whole("size")), stride(attributes.whole("stride")), pad(attributes.whole("pad")) {}

  void run(Call &call) const {
    const Array x(call.input(0));
    call.require(x.shape.size() >= 3 && size > 0 && stride > 0 && pad >= 0, "x must be [n, ..., c], and size and stride must not be 0");
    const size_t axes = x.shape.size() - 2;
    int64_t places = x.shape.front(), taps = 1;
    for (size_t axis = 1; axis <= axes; axis++) {
      call.require(x.shape[axis] + 2 * pad >= size, "the filter must not be larger than the picture with its zeros");
      places *= (x.shape[axis] + 2 * pad - size) / stride + 1;
      taps *= size;
    }
    const Array y(call.output(0, {places, taps * x.shape.back()}));
    float *to = y.data();
    for (int64_t i = 0; i < x.shape.front(); i++) stops(x, i, 1, to, {});
  }

  /** Iterates over the filter's positions along an axis and all later ones. `corner`: its position on the earlier axes. */
  void stops(const Array &x, int64_t image, size_t axis, float *&to, const Shape &corner) const {
    if (axis + 1 == x.shape.size()) return taps(x, image, 1, to, corner);
    for (int64_t at = -pad; at + size <= x.shape[axis] + pad; at += stride) {
      Shape next = corner;
      next.push_back(at);
      stops(x, image, axis + 1, to, next);
    }
  }

  /** Copies the elements under the filter at `corner`. `row`: flattened index on the earlier axes. */
  void taps(const Array &x, int64_t row, size_t axis, float *&to, const Shape &corner) const {
    const int64_t c = x.shape.back(), length = x.shape[axis], first = corner[axis - 1];
    if (axis + 2 < x.shape.size()) {
      for (int64_t at = first; at < first + size; at++) taps(x, row < 0 || at < 0 || at >= length ? -1 : row * length + at, axis + 1, to, corner);
      return;
    }
    // Along the last axis the elements under the filter are contiguous.
    const int64_t before = row < 0 ? size : std::min(size, std::max<int64_t>(0, -first));
    const int64_t inside = std::max<int64_t>(0, std::min(size, length - first) - before);
    to = std::fill_n(to, before * c, 0.0f);
    if (inside > 0) std::memcpy(to, x.data() + (row * length + first + before) * c, inside * c * sizeof(float));
    to = std::fill_n(to + inside * c, (size - before - inside) * c, 0.0f);
  }
};

/**
 * A filter's positions along the depth of volumes [n, d, h, w, c], with this stride and zero padding, and whether the slices under it are
 * taken from the last to the first.
 */
struct Depth {
  const int64_t size, stride, pad;
  const bool reversed;
  explicit Depth(Attributes &attributes)
      : size(attributes.whole("size")), stride(attributes.whole("stride")), pad(attributes.whole("pad")), reversed(attributes.holds("reversed")) {}

  int64_t places(Call &call, const Shape &volumes) const {
    call.require(volumes.size() == 5 && size > 0 && stride > 0 && pad >= 0, "volumes must be [n, d, h, w, c], and size and stride must not be 0");
    call.require(volumes[1] + 2 * pad >= size, "the filter must not be deeper than the volume with its empty slices");
    return (volumes[1] + 2 * pad - size) / stride + 1;
  }

  /**
   * Calls `work(slice, stack, count)` for every slice under every position of the filter: the slice's offset in the volumes, or -1 in the
   * padding; the offset of its first pixel's channels in the stack; and the number of pixels of a slice.
   */
  template <typename Work>
  void each(const Shape &volumes, int64_t places, Work work) const {
    const int64_t count = volumes[2] * volumes[3], c = volumes[4];
    for (int64_t i = 0; i < volumes[0] * places; i++)
      for (int64_t tap = 0; tap < size; tap++) {
        const int64_t at = i % places * stride + tap - pad, first = (i / places * volumes[1] + at) * count * c;
        work(at < 0 || at >= volumes[1] ? -1 : first, (i * count * size + (reversed ? size - 1 - tap : tap)) * c, count);
      }
  }
};

/** x [n, d, h, w, c] → [n · d', h, w, size · c]: for each position along the depth an image whose channels are all slices under the filter. */
struct Stack {
  const Depth depth;
  explicit Stack(Attributes &attributes) : depth(attributes) {}

  void run(Call &call) const {
    const Array x(call.input(0));
    const int64_t places = depth.places(call, x.shape), c = x.shape.back(), step = depth.size * c;
    const Array y(call.output(0, {x.shape[0] * places, x.shape[2], x.shape[3], step}));
    depth.each(x.shape, places, [&](int64_t slice, int64_t stack, int64_t count) {
      float *to = y.data() + stack;
      if (slice < 0) {
        for (int64_t i = 0; i < count; i++) std::fill_n(to + i * step, c, 0.0f);
        return;
      }
      const float *from = x.data() + slice;
      for (int64_t i = 0; i < count; i++)
        for (int64_t k = 0; k < c; k++) to[i * step + k] = from[i * c + k];
    });
  }
};

/** dy, of the shape of stacked volumes → dx: each slice gets the sum of its copies' gradients. */
struct StackGradient {
  const Depth depth;
  const int64_t slices;
  explicit StackGradient(Attributes &attributes) : depth(attributes), slices(attributes.whole("slices")) {}

  void run(Call &call) const {
    const Array dy(call.input(0));
    call.require(dy.shape.size() == 4 && depth.size > 0 && dy.shape[3] % depth.size == 0, "dy must be [n, h, w, size · c]");
    Shape shape{1, slices, dy.shape[1], dy.shape[2], dy.shape[3] / depth.size};
    const int64_t places = depth.places(call, shape), c = shape.back(), step = dy.shape[3];
    call.require(dy.shape[0] % places == 0, "dy must have an image for each stop");
    shape[0] = dy.shape[0] / places;
    const Array dx(call.output(0, shape));
    std::fill_n(dx.data(), dx.count(), 0.0f);
    depth.each(shape, places, [&](int64_t slice, int64_t stack, int64_t count) {
      if (slice < 0) return;
      const float *from = dy.data() + stack;
      float *to = dx.data() + slice;
      for (int64_t i = 0; i < count; i++)
        for (int64_t k = 0; k < c; k++) to[i * c + k] += from[i * step + k];
    });
  }
};

/** x → y: the nearest multiples of 2^-grid, ties to even as in IEEE 754. */
struct Snap {
  const float scale;
  explicit Snap(Attributes &attributes) : scale(std::ldexp(1.0f, static_cast<int>(attributes.whole("grid")))) {}

  void run(Call &call) const {
    const Array x(call.input(0)), y(call.output(0, x.shape));
    const float up = scale, down = 1 / scale, *from = x.data();
    float *to = y.data();
    const int64_t count = x.count();
    for (int64_t i = 0; i < count; i++) to[i] = std::nearbyint(from[i] * up) * down;
  }
};

/** x → max |x|, a scalar; NaN if any element is NaN. */
struct Largest {
  explicit Largest(Attributes &) {}

  void run(Call &call) const {
    const Array x(call.input(0)), y(call.output(0, {}));
    // As unsigned integers, the bits of |x| order like |x|, with infinity above all finite values and NaN above infinity.
    const float *from = x.data();
    const int64_t count = x.count();
    uint32_t most = 0;
    for (int64_t i = 0; i < count; i++) {
      uint32_t bits;
      std::memcpy(&bits, from + i, sizeof bits);
      most = std::max(most, bits & 0x7fffffffu);
    }
    std::memcpy(y.data(), &most, sizeof most);
  }
};

/** A set of instructions, and the convolutions that were compiled for it. */
struct Instructions {
  const char *const name;
  const winograd::Functions &functions;
};

/** Those that `REVGAN_INSTRUCTIONS` names, if the processor has them, else the newest that it has. */
const Instructions &instructions() {
  static const Instructions chosen = [] {
#ifdef __x86_64__
    const bool has512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    const bool has2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const std::pair<bool, Instructions> all[]{{has512, {"avx512", winograd::avx512}}, {has2, {"avx2", winograd::avx2}}, {true, {"plain", winograd::plain}}};
    const char *named = std::getenv("REVGAN_INSTRUCTIONS");
    for (const auto &[has, each] : all)
      if (has && named != nullptr && std::strcmp(named, each.name) == 0) return each;
    for (const auto &[has, each] : all)
      if (has) return each;
#endif
    return Instructions{"plain", winograd::plain};
  }();
  return chosen;
}

/** Scratch memory of a Winograd convolution, of the bytes that its operation is told. */
struct Memory {
  winograd::Scratch scratch;
  Memory(Call &call, int64_t bytes) : scratch{static_cast<float *>(std::aligned_alloc(64, (bytes + 63) / 64 * 64)), bytes / 4, 0, 0} {
    if (scratch.data == nullptr) TF_SetStatus(call.status.raw, TF_RESOURCE_EXHAUSTED, "OOM: no memory for a convolution");
    call.check();
  }
  Memory(const Memory &) = delete;
  ~Memory() { std::free(scratch.data); }

  /** @param done what the convolution returned */
  void check(Call &call, bool done) const {
    call.require(scratch.most == scratch.size, "a convolution needs other scratch memory than it was told");
    if (!done) TF_SetStatus(call.status.raw, TF_RESOURCE_EXHAUSTED, "OOM: no memory for a convolution's threads");
    call.check();
  }
};

winograd::Shape imagesOf(Call &call, const Shape &shape) {
  call.require(shape.size() == 4, "images must be [n, h, w, c]");
  return {shape[0], shape[1], shape[2], shape[3]};
}

/** The shape of a convolution's output. */
Shape convolved(Call &call, const Shape &x, int64_t size, int64_t pad, int64_t channels) {
  call.require((size == 3 || size == 4) && pad >= 0 && pad < size, "a filter must be 3×3 or 4×4, and zeros fewer than its side");
  call.require(x[1] + 2 * pad >= size && x[2] + 2 * pad >= size, "the filter must not be larger than the picture with its zeros");
  return {x[0], x[1] + 2 * pad - size + 1, x[2] + 2 * pad - size + 1, channels};
}

/** x [n, h, w, in] and a filter [size, size, in, out], or turned [size, size, out, in], → [n, h', w', out], with stride 1 (winograd.h). */
struct Winograd {
  const int64_t pad, bytes;
  const bool turned;
  explicit Winograd(Attributes &attributes)
      : pad(attributes.whole("pad")), bytes(attributes.whole("scratch")), turned(attributes.holds("turned")) {}

  void run(Call &call) const {
    const Array x(call.input(0)), filter(call.input(1));
    const winograd::Shape xShape = imagesOf(call, x.shape);
    call.require(filter.shape.size() == 4 && filter.shape[0] == filter.shape[1], "a filter must be [size, size, in, out]");
    call.require(filter.shape[turned ? 3 : 2] == xShape.channels, "a filter must have as many inputs as the picture has channels");
    const Array y(call.output(0, convolved(call, x.shape, filter.shape[0], pad, filter.shape[turned ? 2 : 3])));
    Memory memory(call, bytes);
    const winograd::Convolution convolution{filter.shape[0], pad, x.data(), xShape, filter.data(), turned, y.data(), imagesOf(call, y.shape)};
    memory.check(call, instructions().functions.convolve(convolution, memory.scratch, ThreadPool::shared()));
  }
};

/** x [n, h, w, in] and dy [n, h', w', out] → the gradient [size, size, in, out] of a convolution with stride 1 by its filter. */
struct WinogradFilterGradient {
  const int64_t size, pad, bytes;
  explicit WinogradFilterGradient(Attributes &attributes)
      : size(attributes.whole("size")), pad(attributes.whole("pad")), bytes(attributes.whole("scratch")) {}

  void run(Call &call) const {
    const Array x(call.input(0)), dy(call.input(1));
    const winograd::Shape xShape = imagesOf(call, x.shape), yShape = imagesOf(call, dy.shape);
    call.require(dy.shape == convolved(call, x.shape, size, pad, yShape.channels), "dy must be of the shape of the convolution's output");
    const Array dw(call.output(0, {size, size, xShape.channels, yShape.channels}));
    Memory memory(call, bytes);
    const winograd::FilterGradient gradient{size, pad, x.data(), xShape, dy.data(), yShape, dw.data()};
    memory.check(call, instructions().functions.filterGradient(gradient, memory.scratch, ThreadPool::shared()));
  }
};

bool addAll() {
  return addOperation<Normalize>("RevganNormalize", {"x: float"}, {"y: float", "rstd: float"}, {"epsilon: float"}) &&
         addOperation<NormalizeGradient>("RevganNormalizeGradient", {"dy: float", "y: float", "rstd: float"}, {"dx: float"}, {}) &&
         addOperation<Pad>("RevganPad", {"x: float"}, {"y: float"}, {"width: int", "replicates: bool"}) &&
         addOperation<PadGradient>("RevganPadGradient", {"dy: float"}, {"dx: float"}, {"width: int", "replicates: bool"}) &&
         addOperation<Columns>("RevganColumns", {"x: float"}, {"y: float"}, {"size: int", "stride: int", "pad: int"}) &&
         addOperation<Stack>("RevganStack", {"x: float"}, {"y: float"}, {"size: int", "stride: int", "pad: int", "reversed: bool"}) &&
         addOperation<StackGradient>("RevganStackGradient", {"dy: float"}, {"dx: float"}, {"size: int", "stride: int", "pad: int", "reversed: bool", "slices: int"}) &&
         addOperation<Snap>("RevganSnap", {"x: float"}, {"y: float"}, {"grid: int"}) && addOperation<Largest>("RevganLargest", {"x: float"}, {"y: float"}, {}) &&
         addOperation<Winograd>("RevganWinograd", {"x: float", "filter: float"}, {"y: float"}, {"pad: int", "scratch: int", "turned: bool"}) &&
         addOperation<WinogradFilterGradient>("RevganWinogradFilterGradient", {"x: float", "dy: float"}, {"dw: float"}, {"size: int", "pad: int", "scratch: int"});
}

/** Loading the addon registers the operations. Node may load it once per thread. It exports the name of the instructions that it uses. */
napi_value init(napi_env env, napi_value exports) {
  static const bool added = addAll();
  if (!added) napi_throw_error(env, nullptr, "TensorFlow does not take RevGAN's operations");
  napi_value name;
  napi_create_string_utf8(env, instructions().name, NAPI_AUTO_LENGTH, &name);
  napi_set_named_property(env, exports, "instructions", name);
  return exports;
}

}  // namespace

NAPI_MODULE(operations, init)
