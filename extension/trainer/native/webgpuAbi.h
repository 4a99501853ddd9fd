// The parts of wgpu-native 29.0.1.1's C interface (webgpu.h and its own wgpu.h) that webgpu.cc uses. Layouts and numbers change between
// versions, so the addon refuses a library of another version.
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {

#define WGPU_VERSION 0x1d000101u

typedef struct WGPUInstanceImpl *WGPUInstance;
typedef struct WGPUAdapterImpl *WGPUAdapter;
typedef struct WGPUDeviceImpl *WGPUDevice;
typedef struct WGPUQueueImpl *WGPUQueue;
typedef struct WGPUBufferImpl *WGPUBuffer;
typedef struct WGPUShaderModuleImpl *WGPUShaderModule;
typedef struct WGPUComputePipelineImpl *WGPUComputePipeline;
typedef struct WGPUPipelineLayoutImpl *WGPUPipelineLayout;
typedef struct WGPUBindGroupLayoutImpl *WGPUBindGroupLayout;
typedef struct WGPUBindGroupImpl *WGPUBindGroup;
typedef struct WGPUCommandEncoderImpl *WGPUCommandEncoder;
typedef struct WGPUComputePassEncoderImpl *WGPUComputePassEncoder;
typedef struct WGPUCommandBufferImpl *WGPUCommandBuffer;

typedef uint32_t WGPUBool;
typedef uint32_t WGPUEnum;
typedef uint64_t WGPUFlags;

#define WGPU_STATUS_SUCCESS 1u
#define WGPU_CALLBACK_SPONTANEOUS 3u
#define WGPU_ADAPTER_DISCRETE 1u
#define WGPU_ADAPTER_INTEGRATED 2u
#define WGPU_ADAPTER_CPU 3u
#define WGPU_BACKEND_D3D12 4u
#define WGPU_BACKEND_METAL 5u
#define WGPU_BACKEND_VULKAN 6u
#define WGPU_ERROR_OUT_OF_MEMORY 3u
#define WGPU_SHADER_SOURCE_WGSL 2u
#define WGPU_INSTANCE_EXTRAS 0x00030004u
#define WGPU_BINDING_UNIFORM 2u
#define WGPU_BINDING_STORAGE 3u
#define WGPU_BINDING_READ_ONLY_STORAGE 4u
#define WGPU_STAGE_COMPUTE 4u
#define WGPU_MAP_READ 1u
#define WGPU_USAGE_MAP_READ 1u
#define WGPU_USAGE_COPY_SRC 4u
#define WGPU_USAGE_COPY_DST 8u
#define WGPU_USAGE_UNIFORM 0x40u
#define WGPU_USAGE_STORAGE 0x80u
// The backends Vulkan, Metal and Direct3D 12. OpenGL is left out, since it lists the same devices again.
#define WGPU_BACKENDS_PRIMARY 0x2du

typedef struct {
  const char *data;
  size_t length;
} WGPUStringView;

typedef struct WGPUChainedStruct {
  struct WGPUChainedStruct *next;
  WGPUEnum sType;
} WGPUChainedStruct;

typedef struct {
  uint64_t id;
} WGPUFuture;

typedef struct {
  WGPUChainedStruct *nextInChain;
  size_t requiredFeatureCount;
  const WGPUEnum *requiredFeatures;
  const void *requiredLimits;
} WGPUInstanceDescriptor;

typedef struct {
  WGPUChainedStruct chain;
  WGPUFlags backends;
  WGPUFlags flags;
  WGPUEnum dx12ShaderCompiler;
  WGPUEnum gles3MinorVersion;
  WGPUEnum glFenceBehaviour;
  WGPUStringView dxcPath;
  WGPUEnum dxcMaxShaderModel;
  WGPUEnum dx12PresentationSystem;
  const uint8_t *budgetForDeviceCreation;
  const uint8_t *budgetForDeviceLoss;
  struct {
    WGPUEnum type;
    void *display;
    int32_t screen;
  } displayHandle;
} WGPUInstanceExtras;

typedef struct {
  const WGPUChainedStruct *nextInChain;
  WGPUFlags backends;
} WGPUInstanceEnumerateAdapterOptions;

typedef struct {
  WGPUChainedStruct *nextInChain;
  WGPUStringView vendor;
  WGPUStringView architecture;
  WGPUStringView device;
  WGPUStringView description;
  WGPUEnum backendType;
  WGPUEnum adapterType;
  uint32_t vendorID;
  uint32_t deviceID;
  uint32_t subgroupMinSize;
  uint32_t subgroupMaxSize;
} WGPUAdapterInfo;

typedef struct {
  WGPUChainedStruct *nextInChain;
  uint32_t maxTextureDimension1D;
  uint32_t maxTextureDimension2D;
  uint32_t maxTextureDimension3D;
  uint32_t maxTextureArrayLayers;
  uint32_t maxBindGroups;
  uint32_t maxBindGroupsPlusVertexBuffers;
  uint32_t maxBindingsPerBindGroup;
  uint32_t maxDynamicUniformBuffersPerPipelineLayout;
  uint32_t maxDynamicStorageBuffersPerPipelineLayout;
  uint32_t maxSampledTexturesPerShaderStage;
  uint32_t maxSamplersPerShaderStage;
  uint32_t maxStorageBuffersPerShaderStage;
  uint32_t maxStorageTexturesPerShaderStage;
  uint32_t maxUniformBuffersPerShaderStage;
  uint64_t maxUniformBufferBindingSize;
  uint64_t maxStorageBufferBindingSize;
  uint32_t minUniformBufferOffsetAlignment;
  uint32_t minStorageBufferOffsetAlignment;
  uint32_t maxVertexBuffers;
  uint64_t maxBufferSize;
  uint32_t maxVertexAttributes;
  uint32_t maxVertexBufferArrayStride;
  uint32_t maxInterStageShaderVariables;
  uint32_t maxColorAttachments;
  uint32_t maxColorAttachmentBytesPerSample;
  uint32_t maxComputeWorkgroupStorageSize;
  uint32_t maxComputeInvocationsPerWorkgroup;
  uint32_t maxComputeWorkgroupSizeX;
  uint32_t maxComputeWorkgroupSizeY;
  uint32_t maxComputeWorkgroupSizeZ;
  uint32_t maxComputeWorkgroupsPerDimension;
  uint32_t maxImmediateSize;
} WGPULimits;

/** Defines the structure that passes a callback of one of the types below. */
#define WGPU_CALLBACK_INFO(name, callbackType) \
  typedef struct {                             \
    WGPUChainedStruct *nextInChain;            \
    WGPUEnum mode;                             \
    callbackType callback;                     \
    void *userdata1;                           \
    void *userdata2;                           \
  } name

typedef void (*WGPURequestDeviceCallback)(WGPUEnum status, WGPUDevice device, WGPUStringView message, void *, void *);
typedef void (*WGPUDeviceLostCallback)(const WGPUDevice *device, WGPUEnum reason, WGPUStringView message, void *, void *);
typedef void (*WGPUBufferMapCallback)(WGPUEnum status, WGPUStringView message, void *, void *);
typedef void (*WGPUUncapturedErrorCallback)(const WGPUDevice *device, WGPUEnum type, WGPUStringView message, void *, void *);
WGPU_CALLBACK_INFO(WGPURequestDeviceCallbackInfo, WGPURequestDeviceCallback);
WGPU_CALLBACK_INFO(WGPUDeviceLostCallbackInfo, WGPUDeviceLostCallback);
WGPU_CALLBACK_INFO(WGPUBufferMapCallbackInfo, WGPUBufferMapCallback);
#undef WGPU_CALLBACK_INFO

typedef struct {
  WGPUChainedStruct *nextInChain;
  WGPUUncapturedErrorCallback callback;
  void *userdata1;
  void *userdata2;
} WGPUUncapturedErrorCallbackInfo;

typedef struct {
  WGPUChainedStruct *nextInChain;
  WGPUStringView label;
} WGPUQueueDescriptor;

typedef struct {
  WGPUChainedStruct *nextInChain;
  WGPUStringView label;
  size_t requiredFeatureCount;
  const WGPUEnum *requiredFeatures;
  const WGPULimits *requiredLimits;
  WGPUQueueDescriptor defaultQueue;
  WGPUDeviceLostCallbackInfo deviceLostCallbackInfo;
  WGPUUncapturedErrorCallbackInfo uncapturedErrorCallbackInfo;
} WGPUDeviceDescriptor;

typedef struct {
  WGPUChainedStruct *nextInChain;
  WGPUStringView label;
  WGPUFlags usage;
  uint64_t size;
  WGPUBool mappedAtCreation;
} WGPUBufferDescriptor;

typedef struct {
  WGPUChainedStruct chain;
  WGPUStringView code;
} WGPUShaderSourceWGSL;

typedef struct {
  WGPUChainedStruct *nextInChain;
  WGPUStringView label;
} WGPUShaderModuleDescriptor;

typedef struct {
  WGPUChainedStruct *nextInChain;
  WGPUEnum type;
  WGPUBool hasDynamicOffset;
  uint64_t minBindingSize;
} WGPUBufferBindingLayout;

typedef struct {
  WGPUChainedStruct *nextInChain;
  uint32_t binding;
  WGPUFlags visibility;
  uint32_t bindingArraySize;
  WGPUBufferBindingLayout buffer;
  struct {
    WGPUChainedStruct *nextInChain;
    WGPUEnum type;
  } sampler;
  struct {
    WGPUChainedStruct *nextInChain;
    WGPUEnum sampleType;
    WGPUEnum viewDimension;
    WGPUBool multisampled;
  } texture;
  struct {
    WGPUChainedStruct *nextInChain;
    WGPUEnum access;
    WGPUEnum format;
    WGPUEnum viewDimension;
  } storageTexture;
} WGPUBindGroupLayoutEntry;

typedef struct {
  WGPUChainedStruct *nextInChain;
  WGPUStringView label;
  size_t entryCount;
  const WGPUBindGroupLayoutEntry *entries;
} WGPUBindGroupLayoutDescriptor;

typedef struct {
  WGPUChainedStruct *nextInChain;
  WGPUStringView label;
  size_t bindGroupLayoutCount;
  const WGPUBindGroupLayout *bindGroupLayouts;
  uint32_t immediateSize;
} WGPUPipelineLayoutDescriptor;

typedef struct {
  WGPUChainedStruct *nextInChain;
  uint32_t binding;
  WGPUBuffer buffer;
  uint64_t offset;
  uint64_t size;
  void *sampler;
  void *textureView;
} WGPUBindGroupEntry;

typedef struct {
  WGPUChainedStruct *nextInChain;
  WGPUStringView label;
  WGPUBindGroupLayout layout;
  size_t entryCount;
  const WGPUBindGroupEntry *entries;
} WGPUBindGroupDescriptor;

typedef struct {
  WGPUChainedStruct *nextInChain;
  WGPUStringView label;
  WGPUPipelineLayout layout;
  struct {
    WGPUChainedStruct *nextInChain;
    WGPUShaderModule module;
    WGPUStringView entryPoint;
    size_t constantCount;
    const void *constants;
  } compute;
} WGPUComputePipelineDescriptor;

uint32_t wgpuGetVersion(void);
WGPUInstance wgpuCreateInstance(const WGPUInstanceDescriptor *);
size_t wgpuInstanceEnumerateAdapters(WGPUInstance, const WGPUInstanceEnumerateAdapterOptions *, WGPUAdapter *);
WGPUEnum wgpuAdapterGetInfo(WGPUAdapter, WGPUAdapterInfo *);
void wgpuAdapterInfoFreeMembers(WGPUAdapterInfo);
WGPUEnum wgpuAdapterGetLimits(WGPUAdapter, WGPULimits *);
WGPUFuture wgpuAdapterRequestDevice(WGPUAdapter, const WGPUDeviceDescriptor *, WGPURequestDeviceCallbackInfo);
WGPUQueue wgpuDeviceGetQueue(WGPUDevice);
void wgpuDeviceDestroy(WGPUDevice);
void wgpuDeviceRelease(WGPUDevice);
WGPUBool wgpuDevicePoll(WGPUDevice, WGPUBool wait, const uint64_t *submission);
WGPUBuffer wgpuDeviceCreateBuffer(WGPUDevice, const WGPUBufferDescriptor *);
WGPUShaderModule wgpuDeviceCreateShaderModule(WGPUDevice, const WGPUShaderModuleDescriptor *);
WGPUBindGroupLayout wgpuDeviceCreateBindGroupLayout(WGPUDevice, const WGPUBindGroupLayoutDescriptor *);
WGPUPipelineLayout wgpuDeviceCreatePipelineLayout(WGPUDevice, const WGPUPipelineLayoutDescriptor *);
WGPUComputePipeline wgpuDeviceCreateComputePipeline(WGPUDevice, const WGPUComputePipelineDescriptor *);
WGPUBindGroup wgpuDeviceCreateBindGroup(WGPUDevice, const WGPUBindGroupDescriptor *);
WGPUCommandEncoder wgpuDeviceCreateCommandEncoder(WGPUDevice, const void *);
void wgpuShaderModuleRelease(WGPUShaderModule);
void wgpuComputePipelineRelease(WGPUComputePipeline);
void wgpuPipelineLayoutRelease(WGPUPipelineLayout);
void wgpuBindGroupLayoutRelease(WGPUBindGroupLayout);
void wgpuBindGroupRelease(WGPUBindGroup);
void wgpuQueueRelease(WGPUQueue);
void wgpuQueueWriteBuffer(WGPUQueue, WGPUBuffer, uint64_t offset, const void *data, size_t size);
void wgpuQueueSubmit(WGPUQueue, size_t count, const WGPUCommandBuffer *);
WGPUComputePassEncoder wgpuCommandEncoderBeginComputePass(WGPUCommandEncoder, const void *);
void wgpuCommandEncoderCopyBufferToBuffer(WGPUCommandEncoder, WGPUBuffer, uint64_t, WGPUBuffer, uint64_t, uint64_t size);
WGPUCommandBuffer wgpuCommandEncoderFinish(WGPUCommandEncoder, const void *);
void wgpuCommandEncoderRelease(WGPUCommandEncoder);
void wgpuCommandBufferRelease(WGPUCommandBuffer);
void wgpuComputePassEncoderSetPipeline(WGPUComputePassEncoder, WGPUComputePipeline);
void wgpuComputePassEncoderSetBindGroup(WGPUComputePassEncoder, uint32_t index, WGPUBindGroup, size_t count, const uint32_t *offsets);
void wgpuComputePassEncoderDispatchWorkgroups(WGPUComputePassEncoder, uint32_t x, uint32_t y, uint32_t z);
void wgpuComputePassEncoderEnd(WGPUComputePassEncoder);
void wgpuComputePassEncoderRelease(WGPUComputePassEncoder);
WGPUFuture wgpuBufferMapAsync(WGPUBuffer, WGPUFlags mode, size_t offset, size_t size, WGPUBufferMapCallbackInfo);
const void *wgpuBufferGetConstMappedRange(WGPUBuffer, size_t offset, size_t size);
void wgpuBufferUnmap(WGPUBuffer);
void wgpuBufferRelease(WGPUBuffer);

}  // extern "C"
