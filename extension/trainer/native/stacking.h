// Operations that turn convolutions into matrix products (im2col), and convolutions of volumes into those of images (stacking of slices).
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "operation.h"

namespace {

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

/**
 * x [n, d, h, w, c] → [n · d', h, w, size · c]: for each position of the filter along the depth an image, whose channels are those of all
 * slices under the filter.
 */
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

}  // namespace
