// TensorFlow's C API for kernels: an operation is a class with a constructor from its attributes and `run`, which reads inputs and writes
// outputs.
#pragma once
#include <cstdint>
#include <vector>

#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_tensor.h"

// Declarations of tensorflow/c/kernels.h, which includes headers that TensorFlow's C archives lack.
extern "C" {
typedef struct TF_KernelBuilder TF_KernelBuilder;
typedef struct TF_OpKernelConstruction TF_OpKernelConstruction;
typedef struct TF_OpKernelContext TF_OpKernelContext;
TF_KernelBuilder *TF_NewKernelBuilder(const char *operation, const char *device, void *(*create)(TF_OpKernelConstruction *),
                                      void (*compute)(void *, TF_OpKernelContext *), void (*destroy)(void *));
void TF_RegisterKernelBuilder(const char *operation, TF_KernelBuilder *, TF_Status *);
void TF_OpKernelConstruction_GetAttrInt64(TF_OpKernelConstruction *, const char *name, int64_t *value, TF_Status *);
void TF_OpKernelConstruction_GetAttrBool(TF_OpKernelConstruction *, const char *name, unsigned char *value, TF_Status *);
void TF_OpKernelConstruction_GetAttrFloat(TF_OpKernelConstruction *, const char *name, float *value, TF_Status *);
void TF_GetInput(TF_OpKernelContext *, int i, TF_Tensor **, TF_Status *);
TF_Tensor *TF_AllocateOutput(TF_OpKernelContext *, int i, TF_DataType, const int64_t *shape, int rank, size_t bytes, TF_Status *);
TF_Tensor *TF_AllocateTemp(TF_OpKernelContext *, TF_DataType, const int64_t *shape, int rank, TF_AllocatorAttributes *, TF_Status *);
void TF_OpKernelContext_Failure(TF_OpKernelContext *, TF_Status *);
}

using Shape = std::vector<int64_t>;

struct Status {
  TF_Status *const raw = TF_NewStatus();
  ~Status() { TF_DeleteStatus(raw); }
  bool ok() const { return TF_GetCode(raw) == TF_OK; }
};

/** A float tensor, an input or output of an operation. */
struct Array {
  TF_Tensor *const raw;
  Shape shape;
  explicit Array(TF_Tensor *tensor) : raw(tensor) {
    for (int axis = 0; axis < TF_NumDims(raw); axis++) shape.push_back(TF_Dim(raw, axis));
  }
  Array(const Array &) = delete;
  ~Array() { TF_DeleteTensor(raw); }
  float *data() const { return static_cast<float *>(TF_TensorData(raw)); }
  int64_t count() const { return TF_TensorElementCount(raw); }
};

/** Thrown when a call of TensorFlow's API fails. `Call::status` has the reason. */
struct Failed {};

/** One execution of an operation. */
struct Call {
  TF_OpKernelContext *const context;
  Status status{};

  TF_Tensor *input(int i) {
    TF_Tensor *tensor = nullptr;
    TF_GetInput(context, i, &tensor, status.raw);
    check();
    return tensor;
  }

  TF_Tensor *output(int i, const Shape &shape) {
    size_t bytes = sizeof(float);
    for (int64_t size : shape) bytes *= size;
    TF_Tensor *tensor = TF_AllocateOutput(context, i, TF_FLOAT, shape.data(), static_cast<int>(shape.size()), bytes, status.raw);
    check();
    return tensor;
  }

  void require(bool holds, const char *otherwise) {
    if (!holds) TF_SetStatus(status.raw, TF_INVALID_ARGUMENT, otherwise);
    check();
  }

  void check() {
    if (!status.ok()) throw Failed();
  }
};

/** Reads an attribute at construction of an operation; TensorFlow has checked its presence and type. */
struct Attributes {
  TF_OpKernelConstruction *const raw;
  Status status{};

  int64_t whole(const char *name) {
    int64_t value = 0;
    TF_OpKernelConstruction_GetAttrInt64(raw, name, &value, status.raw);
    return value;
  }

  bool holds(const char *name) {
    unsigned char value = 0;
    TF_OpKernelConstruction_GetAttrBool(raw, name, &value, status.raw);
    return value != 0;
  }

  float number(const char *name) {
    float value = 0;
    TF_OpKernelConstruction_GetAttrFloat(raw, name, &value, status.raw);
    return value;
  }
};

template <typename Operation>
void *create(TF_OpKernelConstruction *raw) {
  Attributes attributes{raw};
  return new Operation(attributes);
}

template <typename Operation>
void compute(void *operation, TF_OpKernelContext *context) {
  Call call{context};
  try {
    static_cast<Operation *>(operation)->run(call);
  } catch (Failed) {
    TF_OpKernelContext_Failure(context, call.status.raw);
  }
}

template <typename Operation>
void destroy(void *operation) {
  delete static_cast<Operation *>(operation);
}

/** Registers an operation and its kernel for CPUs. @return whether TensorFlow accepts them */
template <typename Operation>
bool addOperation(const char *name, std::vector<const char *> inputs, std::vector<const char *> outputs, std::vector<const char *> attributes) {
  Status status;
  TF_OpDefinitionBuilder *definition = TF_NewOpDefinitionBuilder(name);
  for (const char *input : inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char *output : outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  for (const char *attribute : attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, TF_ShapeInferenceContextSetUnknownShape);
  TF_RegisterOpDefinition(definition, status.raw);
  if (status.ok()) TF_RegisterKernelBuilder(name, TF_NewKernelBuilder(name, "CPU", create<Operation>, compute<Operation>, destroy<Operation>), status.raw);
  return status.ok();
}
