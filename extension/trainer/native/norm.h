// Instance norm and its gradient, of activations [n, …, c] with any number of spatial axes.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "operation.h"
#include "pieces.h"

namespace {

/** An activation [n, …, c] as n images of `count` positions with c channels. */
struct Images {
  int64_t n, count = 1, c;
  explicit Images(const Shape &shape) : n(shape.front()), c(shape.back()) {
    for (size_t axis = 1; axis + 1 < shape.size(); axis++) count *= shape[axis];
  }
};

// Number of positions that are summed up in single precision, before these sums are merged in double precision: as accurate as pairwise
// summation. All loops run over positions and, inside, over channels, which compilers vectorise.
constexpr int64_t positionsOfBlock = 64;

/**
 * Computes two values for each image and channel, [n, 2, c]. Pieces of the images are summed on all cores, and their sums merged in order.
 *
 * @param sum (first, positions, a, b): writes a block's two values for each channel to a and b, which are 0 before. `first` counts the
 *   positions of all images.
 * @param merge (a, b, before, otherA, otherB, positions): merges a channel's values otherA and otherB, of `positions` positions, into a and
 *   b, its values of the `before` positions before these
 */
template <typename Sum, typename Merge>
std::vector<double> channelSums(const Images &images, Sum sum, Merge merge) {
  const int64_t c = images.c, size = std::max<int64_t>(1, floatsOfPiece / c / positionsOfBlock) * positionsOfBlock;
  const int64_t pieces = (images.count + size - 1) / size;
  std::vector<double> ofPieces(images.n * pieces * 2 * c), ofImages(images.n * 2 * c);
  ThreadPool::shared().run(images.n * pieces, [&](int64_t piece, int) {
    const int64_t begin = piece % pieces * size, end = std::min(begin + size, images.count), image = piece / pieces * images.count;
    double *to = ofPieces.data() + piece * 2 * c;
    std::vector<float> a(c), b(c);
    for (int64_t first = begin; first < end; first += positionsOfBlock) {
      const int64_t positions = std::min(positionsOfBlock, end - first);
      std::fill(a.begin(), a.end(), 0.0f);
      std::fill(b.begin(), b.end(), 0.0f);
      sum(image + first, positions, a.data(), b.data());
      for (int64_t k = 0; k < c; k++) merge(to[k], to[c + k], first - begin, a[k], b[k], positions);
    }
  });
  for (int64_t piece = 0; piece < images.n * pieces; piece++) {
    const int64_t begin = piece % pieces * size, positions = std::min(size, images.count - begin);
    const double *from = ofPieces.data() + piece * 2 * c;
    double *to = ofImages.data() + piece / pieces * 2 * c;
    for (int64_t k = 0; k < c; k++) merge(to[k], to[c + k], begin, from[k], from[c + k], positions);
  }
  return ofImages;
}

/** Merges the means, and sums of squared distances from them, of two sets of positions, as in Chan, Golub and LeVeque (1979). */
inline void mergeMoments(double &mean, double &squares, int64_t before, double otherMean, double otherSquares, int64_t positions) {
  const double share = static_cast<double>(positions) / (before + positions), distance = otherMean - mean;
  mean += distance * share;
  squares += otherSquares + distance * distance * before * share;
}

/** One pass over x for mean and variance, a second pass for y. */
void normalizeImages(const float *x, const Images &images, float epsilon, float *y, float *rstd) {
  const int64_t c = images.c;
  const auto momentsOfBlock = [&](int64_t first, int64_t positions, float *mean, float *squares) {
    const float *block = x + first * c;
    for (int64_t i = 0; i < positions; i++)
      for (int64_t k = 0; k < c; k++) mean[k] += block[i * c + k];
    for (int64_t k = 0; k < c; k++) mean[k] /= positions;
    for (int64_t i = 0; i < positions; i++)
      for (int64_t k = 0; k < c; k++) {
        const float distance = block[i * c + k] - mean[k];
        squares[k] += distance * distance;
      }
  };
  const std::vector<double> moments = channelSums(images, momentsOfBlock, mergeMoments);
  std::vector<float> means(images.n * c);
  for (int64_t image = 0; image < images.n; image++)
    for (int64_t k = 0; k < c; k++) {
      means[image * c + k] = static_cast<float>(moments[2 * image * c + k]);
      rstd[image * c + k] = static_cast<float>(1 / std::sqrt(moments[(2 * image + 1) * c + k] / images.count + epsilon));
    }
  inPieces(images.n * images.count, c, [&](int64_t first, int64_t positions) {
    for (int64_t i = first; i < first + positions; i++) {
      const float *mean = means.data() + i / images.count * c, *scale = rstd + i / images.count * c;
      for (int64_t k = 0; k < c; k++) y[i * c + k] = (x[i * c + k] - mean[k]) * scale[k];
    }
  });
}

/** dx = rstd · (dy − mean(dy) − y · mean(dy · y)) (Ioffe and Szegedy 2015). */
void normalizeImagesGradient(const float *dy, const float *y, const float *rstd, const Images &images, float *dx) {
  const int64_t c = images.c;
  const auto sumsOfBlock = [&](int64_t first, int64_t positions, float *sum, float *sumAlong) {
    const float *gradient = dy + first * c, *normal = y + first * c;
    for (int64_t i = 0; i < positions; i++)
      for (int64_t k = 0; k < c; k++) {
        sum[k] += gradient[i * c + k];
        sumAlong[k] += gradient[i * c + k] * normal[i * c + k];
      }
  };
  const auto add = [](double &a, double &b, int64_t, double otherA, double otherB, int64_t) {
    a += otherA;
    b += otherB;
  };
  const std::vector<double> sums = channelSums(images, sumsOfBlock, add);
  std::vector<float> means(sums.size());
  for (size_t i = 0; i < sums.size(); i++) means[i] = static_cast<float>(sums[i] / images.count);
  inPieces(images.n * images.count, c, [&](int64_t first, int64_t positions) {
    for (int64_t i = first; i < first + positions; i++) {
      const int64_t image = i / images.count;
      const float *mean = means.data() + 2 * image * c, *meanAlong = mean + c, *scale = rstd + image * c;
      for (int64_t k = 0; k < c; k++) dx[i * c + k] = (dy[i * c + k] - mean[k] - y[i * c + k] * meanAlong[k]) * scale[k];
    }
  });
}

/** Instance norm: x [n, …, c] → y of the same shape, and rstd [n, c]. */
struct Normalize {
  const float epsilon;
  explicit Normalize(Attributes &attributes) : epsilon(attributes.number("epsilon")) {}

  void run(Call &call) const {
    const Array x(call.input(0));
    call.require(x.shape.size() >= 2, "x must be [n, ..., c]");
    const Images images(x.shape);
    const Array y(call.output(0, x.shape)), rstd(call.output(1, {images.n, images.c}));
    normalizeImages(x.data(), images, epsilon, y.data(), rstd.data());
  }
};

/** The gradient of {@link Normalize}: dy and y [n, …, c], and rstd [n, c] → dx. */
struct NormalizeGradient {
  explicit NormalizeGradient(Attributes &) {}

  void run(Call &call) const {
    const Array dy(call.input(0)), y(call.input(1)), rstd(call.input(2));
    call.require(y.shape.size() >= 2 && dy.shape == y.shape, "dy and y must be of one shape [n, ..., c]");
    const Images images(y.shape);
    call.require(rstd.shape == Shape{images.n, images.c}, "rstd must be [n, c]");
    const Array dx(call.output(0, y.shape));
    normalizeImagesGradient(dy.data(), y.data(), rstd.data(), images, dx.data());
  }
};

}  // namespace
