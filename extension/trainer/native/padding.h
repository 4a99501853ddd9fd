// Reflection and replication padding and their gradients, of activations [n, …, c] with any number of spatial axes.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "operation.h"
#include "pieces.h"

namespace {

/** A spatial axis of an image: its size without padding, and its stride, in floats, without and with padding. */
struct Axis {
  int64_t size, step, paddedStep;
};

/** An image's spatial axes, and in `step` and `paddedStep` the number of floats of a whole image, without and with padding. */
struct Padding {
  const int64_t width;
  const bool replicates;
  const int64_t n;
  std::vector<Axis> axes;
  int64_t step, paddedStep;

  /**
   * @param shape shape of the images [n, …, c] without padding
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

  /** The position along an axis that a position is copied from. Positions below 0, and from `size` on, lie in the padding. */
  int64_t source(int64_t place, int64_t size) const {
    if (replicates) return std::min(std::max<int64_t>(place, 0), size - 1);
    return size - 1 - std::llabs(size - 1 - std::llabs(place));
  }

  /**
   * Pads all images, on all cores. Calls `write(from, to, count)` to copy `count` floats of x to y; the padding copies from y itself,
   * except along the first axis.
   */
  template <typename Write>
  void padAll(const float *x, float *y, const Write &write) const {
    const Axis &first = axes.front();
    const int64_t lines = first.size + 2 * width;
    inPieces(n * lines, first.paddedStep, [&](int64_t begin, int64_t count) {
      for (int64_t i = begin; i < begin + count; i++) {
        const float *from = x + i / lines * step + source(i % lines - width, first.size) * first.step;
        float *to = y + i * first.paddedStep;
        if (axes.size() > 1) pad(from, to, 1, write);
        else write(from, to, first.step);
      }
    });
  }

  /** Writes a line along this axis and all later ones, then copies the padding along this axis. */
  template <typename Write>
  void pad(const float *x, float *y, size_t depth, const Write &write) const {
    const Axis &axis = axes[depth];
    float *first = y + width * axis.paddedStep;
    const auto copy = [&](int64_t place) {
      std::memcpy(first + place * axis.paddedStep, first + source(place, axis.size) * axis.paddedStep, axis.paddedStep * sizeof(float));
    };
    if (depth + 1 == axes.size()) write(x, first, axis.size * axis.step);
    else for (int64_t i = 0; i < axis.size; i++) pad(x + i * axis.step, first + i * axis.paddedStep, depth + 1, write);
    for (int64_t i = 1; i <= width; i++) {
      copy(-i);
      copy(axis.size - 1 + i);
    }
  }

  /**
   * Sets each element of dx to the sum of dy over the padded positions that were copied from it. Calls `done(first, count)` when `count`
   * elements of dx, from `first` on, are complete.
   */
  template <typename Done>
  void foldAll(const float *dy, float *dx, const Done &done) const {
    const Axis &first = axes.front();
    inPieces(n * first.size, first.step, [&](int64_t begin, int64_t count) {
      for (int64_t i = begin; i < begin + count; i++) {
        const int64_t line = i % first.size;
        const float *image = dy + i / first.size * paddedStep;
        float *to = dx + i * first.step;
        std::fill_n(to, first.step, 0.0f);
        const auto foldIf = [&](int64_t padded) {
          if (source(padded, first.size) == line) fold(image + (padded + width) * first.paddedStep, to, 1);
        };
        for (int64_t padded = -width; padded < 0; padded++) foldIf(padded);
        foldIf(line);
        for (int64_t padded = first.size; padded < first.size + width; padded++) foldIf(padded);
        done(i * first.step, first.step);
      }
    });
  }

  /** Adds each position of a padded line, along this axis and all later ones, to the position that it was copied from. */
  void fold(const float *dy, float *dx, size_t depth) const {
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

/** @param picture the picture's shape without padding */
Padding paddingOf(Call &call, const Shape &picture, int64_t width, bool replicates) {
  call.require(picture.size() >= 3, "a picture must be [n, ..., c]");
  const Padding padding(picture, width, replicates);
  call.require(padding.isPossible(), "every axis in space must be longer than what is reflected, and not empty");
  return padding;
}

/** x [n, …, c] → y, padded by `width` at both ends of every spatial axis. If it `rectifies`, y is max(x, 0), padded. */
struct Pad {
  const int64_t width;
  const bool replicates, rectifies;
  explicit Pad(Attributes &attributes)
      : width(attributes.whole("width")), replicates(attributes.holds("replicates")), rectifies(attributes.holds("rectifies")) {}

  void run(Call &call) const {
    const Array x(call.input(0));
    const Padding padding = paddingOf(call, x.shape, width, replicates);
    const Array y(call.output(0, widened(x.shape, 2 * width)));
    if (rectifies) padding.padAll(x.data(), y.data(), rectify);
    else padding.padAll(x.data(), y.data(), [](const float *from, float *to, int64_t count) { std::memcpy(to, from, count * sizeof(float)); });
  }

  /** Copies max(x, 0); NaN stays NaN. */
  static void rectify(const float *from, float *to, int64_t count) {
    for (int64_t i = 0; i < count; i++) to[i] = from[i] < 0 ? 0 : from[i];
  }
};

/** The gradient of {@link Pad} without rectifying: dy, of the padded shape of x → dx. */
struct PadGradient {
  const int64_t width;
  const bool replicates;
  explicit PadGradient(Attributes &attributes) : width(attributes.whole("width")), replicates(attributes.holds("replicates")) {}

  void run(Call &call) const {
    const Array dy(call.input(0));
    const Shape shape = widened(dy.shape, -2 * width);
    const Padding padding = paddingOf(call, shape, width, replicates);
    const Array dx(call.output(0, shape));
    padding.foldAll(dy.data(), dx.data(), [](int64_t, int64_t) {});
  }
};

/** The gradient of {@link Pad} with rectifying: dy, of the padded shape of x, and x → dx. */
struct RectifiedPadGradient {
  const int64_t width;
  const bool replicates;
  explicit RectifiedPadGradient(Attributes &attributes) : width(attributes.whole("width")), replicates(attributes.holds("replicates")) {}

  void run(Call &call) const {
    const Array dy(call.input(0)), x(call.input(1));
    call.require(widened(x.shape, 2 * width) == dy.shape, "dy must be of the padded shape of x");
    const Padding padding = paddingOf(call, x.shape, width, replicates);
    const Array dx(call.output(0, x.shape));
    padding.foldAll(dy.data(), dx.data(), [&](int64_t first, int64_t count) {
      const float *from = x.data() + first;
      float *to = dx.data() + first;
      for (int64_t i = 0; i < count; i++) to[i] = from[i] > 0 ? to[i] : 0;
    });
  }
};

}  // namespace
