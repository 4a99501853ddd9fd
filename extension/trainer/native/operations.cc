/*
 * Custom TensorFlow operations for CPUs, through its C API for kernels: convolutions and their gradients; instance norm, reflection and
 * replication padding, also behind a ReLU, and their gradients, for activations [n, …, c] with any number of spatial axes; im2col; stacking
 * of slices; rounding to a grid and max |x|, for the reversible core. Each makes as few passes over its data as possible, and wakes other
 * threads only for large ones: TensorFlow's compositions of several operations wake its thread pool several times, which takes longer than
 * the work. Milliseconds on two cores of an EPYC with AVX-512, TensorFlow's and ours:
 *   32²×64:    norm 0.19, 0.03   its gradient 0.18, 0.03   padding by 1 0.10, 0.01   its gradient 0.09, 0.02
 *   64²×128:   norm 0.41, 0.23   its gradient 0.38, 0.22   padding by 1 0.40, 0.10   its gradient 0.45, 0.11
 *   128²×128:  norm 0.95, 0.49   its gradient 1.10, 0.62   padding by 1 1.28, 0.15   its gradient 0.95, 0.25
 *   256²×64:   norm 1.37, 1.24   its gradient 2.49, 1.53   padding by 3 2.77, 0.44   its gradient 2.59, 0.82
 */
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <node_api.h>

#include "convolutions.h"
#include "norm.h"
#include "operation.h"
#include "padding.h"
#include "pieces.h"
#include "stacking.h"
#include "threads.h"

namespace {

/** x → y: the nearest multiples of 2^-grid, ties to even as in IEEE 754. */
struct Snap {
  const float scale;
  explicit Snap(Attributes &attributes) : scale(std::ldexp(1.0f, static_cast<int>(attributes.whole("grid")))) {}

  void run(Call &call) const {
    const Array x(call.input(0)), y(call.output(0, x.shape));
    const float up = scale, down = 1 / scale;
    inPieces(x.count(), 1, [&](int64_t first, int64_t count) {
      const float *from = x.data() + first;
      float *to = y.data() + first;
      for (int64_t i = 0; i < count; i++) to[i] = std::nearbyint(from[i] * up) * down;
    });
  }
};

/** x → max |x|, a scalar; NaN if any element is NaN. */
struct Largest {
  explicit Largest(Attributes &) {}

  void run(Call &call) const {
    const Array x(call.input(0)), y(call.output(0, {}));
    // As unsigned integers, the bits of |x| order like |x|, with infinity above all finite values and NaN above infinity.
    std::atomic<uint32_t> largest{0};
    inPieces(x.count(), 1, [&](int64_t first, int64_t count) {
      const float *from = x.data() + first;
      uint32_t most = 0;
      for (int64_t i = 0; i < count; i++) {
        uint32_t bits;
        std::memcpy(&bits, from + i, sizeof bits);
        most = std::max(most, bits & 0x7fffffffu);
      }
      for (uint32_t before = largest; before < most && !largest.compare_exchange_weak(before, most);) {}
    });
    const uint32_t most = largest;
    std::memcpy(y.data(), &most, sizeof most);
  }
};

/** A set of instructions, and the convolutions that were compiled for it. */
struct Instructions {
  const char *const name;
  const convolutions::Functions &functions;
};

/**
 * The set of instructions that the environment variable `REVGAN_INSTRUCTIONS` names, if the processor supports it; else the newest that it
 * supports.
 */
const Instructions &instructions() {
  static const Instructions chosen = [] {
#ifdef __x86_64__
    const bool has512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    const bool has2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const std::pair<bool, Instructions> all[]{{has512, {"avx512", convolutions::avx512}}, {has2, {"avx2", convolutions::avx2}}, {true, {"plain", convolutions::plain}}};
    const char *named = std::getenv("REVGAN_INSTRUCTIONS");
    for (const auto &[has, each] : all)
      if (has && named != nullptr && std::strcmp(named, each.name) == 0) return each;
    for (const auto &[has, each] : all)
      if (has) return each;
#endif
    return Instructions{"plain", convolutions::plain};
  }();
  return chosen;
}

/** A convolution's memory, from TensorFlow's allocator. */
struct Temporaries : convolutions::Memory {
  Call &call;
  /** The floats of scratch memory that the caller says the operation needs, and those that it has asked for. */
  const int64_t told;
  int64_t asked = 0;
  std::vector<TF_Tensor *> tensors;
  Temporaries(Call &call, int64_t scratchBytes) : call(call), told(scratchBytes / sizeof(float)) {}
  Temporaries(const Temporaries &) = delete;
  ~Temporaries() {
    for (TF_Tensor *tensor : tensors) TF_DeleteTensor(tensor);
  }

  float *scratch(int64_t floats) override {
    asked += floats;
    return workspaces(floats);
  }

  float *workspaces(int64_t floats) override {
    TF_AllocatorAttributes anywhere{sizeof anywhere, 0};
    TF_Tensor *tensor = TF_AllocateTemp(call.context, TF_FLOAT, &floats, 1, &anywhere, call.status.raw);
    if (!call.status.ok()) return nullptr;
    tensors.push_back(tensor);
    return static_cast<float *>(TF_TensorData(tensor));
  }

  /** Fails if memory could not be allocated, or if the convolution has asked for more or less scratch memory than the caller said. */
  void check() const {
    call.check();
    call.require(asked == told, "a convolution needs other scratch memory than it was told");
  }
};

convolutions::Shape imagesOf(Call &call, const Shape &shape) {
  call.require(shape.size() == 4, "images must be [n, h, w, c]");
  return {shape[0], shape[1], shape[2], shape[3]};
}

/** The shape of a convolution's output. */
Shape convolved(Call &call, const Shape &x, int64_t size, int64_t stride, int64_t pad, int64_t channels) {
  call.require(size > 0 && stride > 0 && pad >= 0, "size and stride must not be 0");
  call.require(x[1] + 2 * pad >= size && x[2] + 2 * pad >= size, "the filter must not be larger than the picture with its zeros");
  return {x[0], (x[1] + 2 * pad - size) / stride + 1, (x[2] + 2 * pad - size) / stride + 1, channels};
}

void requireWinogradForm(Call &call, int64_t size, int64_t pad) {
  call.require((size == 3 || size == 4) && pad < size, "a filter must be 3×3 or 4×4, and zeros fewer than its side");
}

/** x [n, h, w, in] and a filter [size, size, in, out], or turned [size, size, out, in], → [n, h', w', out], with stride 1. */
struct Convolution {
  const int64_t pad;
  const bool turned;
  explicit Convolution(Attributes &attributes) : pad(attributes.whole("pad")), turned(attributes.holds("turned")) {}

 protected:
  /**
   * @param scratch bytes of scratch memory that the convolution takes, as the caller says
   * @param requireForm (size, outputs): fails where `compute` does not take such filters
   */
  template <typename RequireForm>
  void runBy(decltype(convolutions::Functions::winograd) compute, Call &call, int64_t scratch, RequireForm requireForm) const {
    const Array x(call.input(0)), filter(call.input(1));
    const convolutions::Shape xShape = imagesOf(call, x.shape);
    call.require(filter.shape.size() == 4 && filter.shape[0] == filter.shape[1], "a filter must be [size, size, in, out]");
    call.require(filter.shape[turned ? 3 : 2] == xShape.channels, "a filter must have as many inputs as the picture has channels");
    const int64_t size = filter.shape[0], outputs = filter.shape[turned ? 2 : 3];
    requireForm(size, outputs);
    const Array y(call.output(0, convolved(call, x.shape, size, 1, pad, outputs)));
    Temporaries memory(call, scratch);
    compute({size, pad, x.data(), xShape, filter.data(), turned, y.data(), imagesOf(call, y.shape)}, memory, ThreadPool::shared());
    memory.check();
  }
};

struct Winograd : Convolution {
  const int64_t bytes;
  explicit Winograd(Attributes &attributes) : Convolution(attributes), bytes(attributes.whole("scratch")) {}

  void run(Call &call) const {
    runBy(instructions().functions.winograd, call, bytes, [&](int64_t size, int64_t) { requireWinogradForm(call, size, pad); });
  }
};

struct NarrowConvolution : Convolution {
  explicit NarrowConvolution(Attributes &attributes) : Convolution(attributes) {}

  void run(Call &call) const {
    runBy(instructions().functions.narrow, call, 0, [&](int64_t, int64_t outputs) {
      call.require(outputs <= convolutions::mostNarrow, "there must be few outputs");
    });
  }
};

/** x [n, h, w, in] and dy [n, h', w', out] → the gradient [size, size, in, out] of a convolution by its filter. */
struct FilterGradient {
  const int64_t size, stride, pad;
  explicit FilterGradient(Attributes &attributes) : FilterGradient(attributes, attributes.whole("stride")) {}
  void run(Call &call) const { runBy(instructions().functions.filterGradient, call, 0); }

 protected:
  FilterGradient(Attributes &attributes, int64_t stride) : size(attributes.whole("size")), stride(stride), pad(attributes.whole("pad")) {}

  /** @param scratch bytes of scratch memory that the computation takes, as the caller says */
  void runBy(decltype(convolutions::Functions::filterGradient) compute, Call &call, int64_t scratch) const {
    const Array x(call.input(0)), dy(call.input(1));
    const convolutions::Shape xShape = imagesOf(call, x.shape), yShape = imagesOf(call, dy.shape);
    const Shape expected = convolved(call, x.shape, size, stride, pad, yShape.channels);
    call.require(dy.shape == expected, "dy must be of the shape of the convolution's output");
    const Array dw(call.output(0, {size, size, xShape.channels, yShape.channels}));
    Temporaries memory(call, scratch);
    compute({size, stride, pad, x.data(), xShape, dy.data(), yShape, dw.data()}, memory, ThreadPool::shared());
    memory.check();
  }
};

/** As {@link FilterGradient}, with stride 1, by Winograd's algorithm. */
struct WinogradFilterGradient : FilterGradient {
  const int64_t bytes;
  explicit WinogradFilterGradient(Attributes &attributes) : FilterGradient(attributes, 1), bytes(attributes.whole("scratch")) {}

  void run(Call &call) const {
    requireWinogradForm(call, size, pad);
    runBy(instructions().functions.winogradFilterGradient, call, bytes);
  }
};

bool addAll() {
  return addOperation<Normalize>("RevganNormalize", {"x: float"}, {"y: float", "rstd: float"}, {"epsilon: float"}) &&
         addOperation<NormalizeGradient>("RevganNormalizeGradient", {"dy: float", "y: float", "rstd: float"}, {"dx: float"}, {}) &&
         addOperation<Pad>("RevganPad", {"x: float"}, {"y: float"}, {"width: int", "replicates: bool", "rectifies: bool"}) &&
         addOperation<PadGradient>("RevganPadGradient", {"dy: float"}, {"dx: float"}, {"width: int", "replicates: bool"}) &&
         addOperation<RectifiedPadGradient>("RevganRectifiedPadGradient", {"dy: float", "x: float"}, {"dx: float"}, {"width: int", "replicates: bool"}) &&
         addOperation<Columns>("RevganColumns", {"x: float"}, {"y: float"}, {"size: int", "stride: int", "pad: int"}) &&
         addOperation<Stack>("RevganStack", {"x: float"}, {"y: float"}, {"size: int", "stride: int", "pad: int", "reversed: bool"}) &&
         addOperation<StackGradient>("RevganStackGradient", {"dy: float"}, {"dx: float"}, {"size: int", "stride: int", "pad: int", "reversed: bool", "slices: int"}) &&
         addOperation<Snap>("RevganSnap", {"x: float"}, {"y: float"}, {"grid: int"}) && addOperation<Largest>("RevganLargest", {"x: float"}, {"y: float"}, {}) &&
         addOperation<Winograd>("RevganWinograd", {"x: float", "filter: float"}, {"y: float"}, {"pad: int", "scratch: int", "turned: bool"}) &&
         addOperation<NarrowConvolution>("RevganNarrowConvolution", {"x: float", "filter: float"}, {"y: float"}, {"pad: int", "turned: bool"}) &&
         addOperation<WinogradFilterGradient>("RevganWinogradFilterGradient", {"x: float", "dy: float"}, {"dw: float"}, {"size: int", "pad: int", "scratch: int"}) &&
         addOperation<FilterGradient>("RevganFilterGradient", {"x: float", "dy: float"}, {"dw: float"}, {"size: int", "stride: int", "pad: int"});
}

/**
 * Lets glibc return freed blocks of 256 KB and more to the system. With oneDNN, TensorFlow reuses its own blocks of this size; the other
 * ones are JavaScript's arrays, such as new weights. From glibc's heap these would never be returned to the system, which takes 40 MB more
 * with 12 million weights.
 */
void returnLargeBlocks() {
#ifdef __GLIBC__
  const char *chosen = std::getenv("TF_ENABLE_ONEDNN_OPTS");
  if (chosen != nullptr && std::strcmp(chosen, "1") == 0) mallopt(M_MMAP_THRESHOLD, 256 << 10);
#endif
}

/**
 * Registers the operations when the addon is loaded, which Node may do once per thread. Exports the name of the set of instructions in use.
 */
napi_value init(napi_env env, napi_value exports) {
  static const bool added = addAll();
  returnLargeBlocks();
  if (!added) napi_throw_error(env, nullptr, "TensorFlow does not take RevGAN's operations");
  napi_value name;
  napi_create_string_utf8(env, instructions().name, NAPI_AUTO_LENGTH, &name);
  napi_set_named_property(env, exports, "instructions", name);
  return exports;
}

}  // namespace

NAPI_MODULE(operations, init)
