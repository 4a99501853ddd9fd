/*
 * Lets JavaScript compute on a GPU through wgpu-native, a library that is opened by its path. Calls return when they have queued their
 * work, except `read`, which waits for the device. JavaScript writes dispatches as numbers into an array of its own, from which `submit`
 * encodes a whole batch, so that a dispatch costs no call. Results are copied into JavaScript's arrays, since Electron forbids array
 * buffers in memory that is not V8's.
 */
#include <node_api.h>
#include <string.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "openedLibrary.h"
#include "webgpuAbi.h"

namespace {

// --- The library -----------------------------------------------------------------------------------------------------------------------

#define FOR_EACH_FUNCTION(use)                                                                                                      \
  use(GetVersion) use(CreateInstance) use(InstanceEnumerateAdapters) use(AdapterGetInfo) use(AdapterInfoFreeMembers)                \
      use(AdapterGetLimits) use(AdapterRequestDevice) use(DeviceGetQueue) use(DeviceDestroy) use(DeviceRelease) use(DevicePoll)     \
          use(DeviceCreateBuffer) use(DeviceCreateShaderModule) use(DeviceCreateBindGroupLayout) use(DeviceCreatePipelineLayout)    \
              use(DeviceCreateComputePipeline) use(DeviceCreateBindGroup) use(DeviceCreateCommandEncoder) use(ShaderModuleRelease)  \
                  use(ComputePipelineRelease) use(PipelineLayoutRelease) use(BindGroupLayoutRelease) use(BindGroupRelease)          \
                      use(QueueRelease) use(QueueWriteBuffer) use(QueueSubmit) use(CommandEncoderBeginComputePass)                  \
                          use(CommandEncoderCopyBufferToBuffer) use(CommandEncoderFinish) use(CommandEncoderRelease)                \
                              use(CommandBufferRelease) use(ComputePassEncoderSetPipeline) use(ComputePassEncoderSetBindGroup)      \
                                  use(ComputePassEncoderDispatchWorkgroups) use(ComputePassEncoderEnd)                              \
                                      use(ComputePassEncoderRelease) use(BufferMapAsync) use(BufferGetConstMappedRange)             \
                                          use(BufferUnmap) use(BufferRelease)

struct Library {
#define DECLARE(name) decltype(&wgpu##name) name;
  FOR_EACH_FUNCTION(DECLARE)
#undef DECLARE
  WGPUInstance instance = nullptr;
  std::vector<WGPUAdapter> adapters;
} wgpu;

std::string versionText(uint32_t version) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += (shift < 24 ? "." : "") + std::to_string((version >> shift) & 255);
  return text;
}

/**
 * Opens the library, finds its functions and lists the adapters, once in a process. Returns an error message, or an empty text for success.
 */
std::string openLibrary(const std::string &path) {
  if (wgpu.instance != nullptr) return "";
  OpenedLibrary library;
  const std::string refusal = library.open(path);
  if (!refusal.empty()) return refusal;
#define FIND(name) \
  if ((wgpu.name = library.find<decltype(wgpu.name)>("wgpu" #name)) == nullptr) return path + " has no wgpu" #name;
  FOR_EACH_FUNCTION(FIND)
#undef FIND
  if (wgpu.GetVersion() != WGPU_VERSION)
    return path + " is version " + versionText(wgpu.GetVersion()) + " of wgpu-native, and this addon is for " + versionText(WGPU_VERSION);
  WGPUInstanceExtras extras{};
  extras.chain.sType = WGPU_INSTANCE_EXTRAS;
  extras.backends = WGPU_BACKENDS_PRIMARY;
  WGPUInstanceDescriptor descriptor{};
  descriptor.nextInChain = &extras.chain;
  wgpu.instance = wgpu.CreateInstance(&descriptor);
  if (wgpu.instance == nullptr) return "wgpu-native does not start";
  WGPUInstanceEnumerateAdapterOptions options{nullptr, WGPU_BACKENDS_PRIMARY};
  wgpu.adapters.resize(wgpu.InstanceEnumerateAdapters(wgpu.instance, &options, nullptr));
  if (!wgpu.adapters.empty()) wgpu.InstanceEnumerateAdapters(wgpu.instance, &options, wgpu.adapters.data());
  return "";
}

std::string textOf(WGPUStringView view) {
  return view.data == nullptr ? "" : std::string(view.data, view.length == SIZE_MAX ? strlen(view.data) : view.length);
}

WGPUStringView viewOf(const std::string &text) { return {text.data(), text.size()}; }

// --- A device --------------------------------------------------------------------------------------------------------------------------

/** The most storage buffers of a dispatch. Every WebGPU device supports eight. */
const size_t mostBuffers = 8;
/** Bytes of a dispatch's parameters: `array<vec4<u32>, 8>` in a shader. */
const uint32_t parameterBytes = 128;
/** The most dispatches of a batch. */
const uint32_t mostDispatches = 256;
/** The most bind groups that are kept for reuse. */
const size_t mostGroups = 16384;
/** Bytes of the staging buffer: the most that is copied to the host at a time. */
const uint64_t stagingBytes = 8 << 20;

/** The buffers of a bind group, and the layout that they are bound by. */
struct GroupKey {
  uint32_t layout = 0, count = 0, ids[mostBuffers] = {};
  bool operator==(const GroupKey &other) const { return memcmp(this, &other, sizeof *this) == 0; }
};

struct GroupHash {
  size_t operator()(const GroupKey &key) const {
    uint64_t hash = key.layout * 31 + key.count;
    for (uint32_t i = 0; i < key.count; i++) hash = (hash ^ key.ids[i]) * 0x9e3779b97f4a7c15ull;
    return static_cast<size_t>(hash ^ (hash >> 29));
  }
};

struct Buffer {
  WGPUBuffer buffer = nullptr;
  uint64_t bytes = 0;
  /** Keys of the bind groups that the buffer may be in. */
  std::vector<GroupKey> groups;
};

/** A layout of bindings: the parameters, then the buffers that a shader reads, then those that it writes. */
struct Layout {
  uint32_t reads, writes;
  WGPUBindGroupLayout group;
  WGPUPipelineLayout pipeline;
};

struct Pipeline {
  WGPUComputePipeline pipeline;
  uint32_t layout;
};

struct Device {
  WGPUDevice device = nullptr;
  WGPUQueue queue = nullptr;
  WGPULimits limits{};
  WGPUBuffer parameters = nullptr, staging = nullptr;
  uint32_t slotBytes = 256;
  std::vector<Buffer> buffers;
  std::vector<uint32_t> freeIds;
  std::vector<Layout> layouts;
  std::vector<Pipeline> pipelines;
  std::unordered_map<GroupKey, WGPUBindGroup, GroupHash> groups;
  /** JavaScript's array of dispatches. */
  napi_ref commandsReference = nullptr;
  uint32_t *commands = nullptr;
  size_t commandsLength = 0;
  /** The first error that has not been thrown to JavaScript yet. */
  std::string error;
  const char *errorCode = nullptr;
  bool lost = false;

  void fail(const char *code, const std::string &text) {
    if (errorCode != nullptr) return;
    errorCode = code;
    error = text;
  }

  WGPUBuffer create(uint64_t bytes, WGPUFlags usage) {
    WGPUBufferDescriptor descriptor{};
    descriptor.usage = usage;
    descriptor.size = bytes;
    return wgpu.DeviceCreateBuffer(device, &descriptor);
  }

  void forgetGroups() {
    for (auto &entry : groups) wgpu.BindGroupRelease(entry.second);
    groups.clear();
    for (Buffer &buffer : buffers) buffer.groups.clear();
  }

  WGPUBindGroup groupOf(const GroupKey &key) {
    auto found = groups.find(key);
    if (found != groups.end()) return found->second;
    if (groups.size() >= mostGroups) forgetGroups();
    WGPUBindGroupEntry entries[mostBuffers + 1] = {};
    entries[0].buffer = parameters;
    entries[0].size = parameterBytes;
    for (uint32_t i = 0; i < key.count; i++) {
      Buffer &buffer = buffers[key.ids[i]];
      entries[i + 1].binding = i + 1;
      entries[i + 1].buffer = buffer.buffer;
      entries[i + 1].size = buffer.bytes;
      buffer.groups.push_back(key);
    }
    WGPUBindGroupDescriptor descriptor{};
    descriptor.layout = layouts[key.layout].group;
    descriptor.entryCount = key.count + 1;
    descriptor.entries = entries;
    WGPUBindGroup group = wgpu.DeviceCreateBindGroup(device, &descriptor);
    groups.emplace(key, group);
    return group;
  }

  uint32_t layoutFor(uint32_t reads, uint32_t writes) {
    for (size_t i = 0; i < layouts.size(); i++)
      if (layouts[i].reads == reads && layouts[i].writes == writes) return static_cast<uint32_t>(i);
    WGPUBindGroupLayoutEntry entries[mostBuffers + 1] = {};
    for (uint32_t i = 0; i <= reads + writes; i++) {
      entries[i].binding = i;
      entries[i].visibility = WGPU_STAGE_COMPUTE;
      entries[i].buffer.type =
          i == 0 ? WGPU_BINDING_UNIFORM : i <= reads ? WGPU_BINDING_READ_ONLY_STORAGE : WGPU_BINDING_STORAGE;
      entries[i].buffer.hasDynamicOffset = i == 0;
      entries[i].buffer.minBindingSize = i == 0 ? parameterBytes : 0;
    }
    WGPUBindGroupLayoutDescriptor groupDescriptor{};
    groupDescriptor.entryCount = reads + writes + 1;
    groupDescriptor.entries = entries;
    Layout layout{reads, writes, wgpu.DeviceCreateBindGroupLayout(device, &groupDescriptor), nullptr};
    WGPUPipelineLayoutDescriptor descriptor{};
    descriptor.bindGroupLayoutCount = 1;
    descriptor.bindGroupLayouts = &layout.group;
    layout.pipeline = wgpu.DeviceCreatePipelineLayout(device, &descriptor);
    layouts.push_back(layout);
    return static_cast<uint32_t>(layouts.size() - 1);
  }

  /**
   * Encodes the dispatches in the first `length` numbers of `commands` and submits them. Each dispatch is: the pipeline; workgroups along
   * x, y and z; how many buffers; how many parameters; the buffers; the parameters.
   */
  void submit(size_t length) {
    if (length == 0 || lost) return;
    std::vector<uint8_t> values;
    values.reserve(mostDispatches * slotBytes);
    WGPUCommandEncoder encoder = wgpu.DeviceCreateCommandEncoder(device, nullptr);
    WGPUComputePassEncoder pass = wgpu.CommandEncoderBeginComputePass(encoder, nullptr);
    uint32_t current = UINT32_MAX;
    for (size_t at = 0; at < length;) {
      const uint32_t *words = commands + at;
      const Pipeline &pipeline = pipelines[words[0]];
      const uint32_t count = words[4], parameterCount = words[5];
      GroupKey key;
      key.layout = pipeline.layout;
      key.count = count;
      memcpy(key.ids, words + 6, count * 4);
      const uint32_t offset = static_cast<uint32_t>(values.size());
      values.resize(offset + slotBytes);
      memcpy(values.data() + offset, words + 6 + count, parameterCount * 4);
      if (words[0] != current) wgpu.ComputePassEncoderSetPipeline(pass, pipeline.pipeline);
      current = words[0];
      wgpu.ComputePassEncoderSetBindGroup(pass, 0, groupOf(key), 1, &offset);
      wgpu.ComputePassEncoderDispatchWorkgroups(pass, words[1], words[2], words[3]);
      at += 6 + count + parameterCount;
    }
    // This write takes effect after the batches submitted before, and before the batch that is submitted next.
    wgpu.QueueWriteBuffer(queue, parameters, 0, values.data(), values.size());
    wgpu.ComputePassEncoderEnd(pass);
    wgpu.ComputePassEncoderRelease(pass);
    finish(encoder);
  }

  void finish(WGPUCommandEncoder encoder) {
    WGPUCommandBuffer commandBuffer = wgpu.CommandEncoderFinish(encoder, nullptr);
    wgpu.QueueSubmit(queue, 1, &commandBuffer);
    wgpu.CommandBufferRelease(commandBuffer);
    wgpu.CommandEncoderRelease(encoder);
  }

  /** Waits for all work submitted before, and copies the first `bytes` bytes of the staging buffer to `to`. */
  void collect(uint8_t *to, uint64_t bytes) {
    struct State {
      bool done = false, works = false;
      std::string message;
    } state;
    WGPUBufferMapCallbackInfo info{};
    info.mode = WGPU_CALLBACK_SPONTANEOUS;
    info.userdata1 = &state;
    info.callback = [](WGPUEnum status, WGPUStringView message, void *data, void *) {
      State *answer = static_cast<State *>(data);
      answer->done = true;
      answer->works = status == WGPU_STATUS_SUCCESS;
      answer->message = textOf(message);
    };
    wgpu.BufferMapAsync(staging, WGPU_MAP_READ, 0, bytes, info);
    while (!state.done && !lost) wgpu.DevicePoll(device, 1, nullptr);
    if (lost) return;
    if (!state.works) return fail("WEBGPU_FAILED", state.message);
    memcpy(to, wgpu.BufferGetConstMappedRange(staging, 0, bytes), bytes);
    wgpu.BufferUnmap(staging);
  }

  /** Copies pieces of buffers to `to`, one after another. Each piece is three numbers: the buffer, its first byte, the number of bytes. */
  void read(const uint32_t *pieces, size_t count, uint8_t *to) {
    WGPUCommandEncoder encoder = nullptr;
    uint64_t filled = 0;
    const auto flush = [&] {
      if (encoder == nullptr) return;
      finish(encoder);
      encoder = nullptr;
      if (errorCode == nullptr) collect(to, filled);
      to += filled;
      filled = 0;
    };
    for (size_t i = 0; i < count && errorCode == nullptr && !lost; i++) {
      const uint32_t *piece = pieces + 3 * i;
      for (uint64_t done = 0; done < piece[2] && errorCode == nullptr && !lost;) {
        const uint64_t bytes = std::min<uint64_t>(piece[2] - done, stagingBytes - filled);
        if (encoder == nullptr) encoder = wgpu.DeviceCreateCommandEncoder(device, nullptr);
        wgpu.CommandEncoderCopyBufferToBuffer(encoder, buffers[piece[0]].buffer, piece[1] + done, staging, filled, bytes);
        filled += bytes;
        done += bytes;
        if (filled == stagingBytes) flush();
      }
    }
    flush();
  }

  void close() {
    if (device == nullptr) return;
    forgetGroups();
    for (Buffer &buffer : buffers)
      if (buffer.buffer != nullptr) wgpu.BufferRelease(buffer.buffer);
    for (Pipeline &pipeline : pipelines) wgpu.ComputePipelineRelease(pipeline.pipeline);
    for (Layout &layout : layouts) {
      wgpu.PipelineLayoutRelease(layout.pipeline);
      wgpu.BindGroupLayoutRelease(layout.group);
    }
    wgpu.BufferRelease(parameters);
    wgpu.BufferRelease(staging);
    wgpu.QueueRelease(queue);
    wgpu.DeviceRelease(device);
    device = nullptr;
  }
};

/** Opens a device on an adapter. On failure, `opened` has the error. */
void openDevice(Device &opened, WGPUAdapter adapter) {
  wgpu.AdapterGetLimits(adapter, &opened.limits);
  opened.limits.nextInChain = nullptr;
  WGPUDeviceDescriptor descriptor{};
  descriptor.requiredLimits = &opened.limits;
  descriptor.deviceLostCallbackInfo.mode = WGPU_CALLBACK_SPONTANEOUS;
  descriptor.deviceLostCallbackInfo.userdata1 = &opened;
  descriptor.deviceLostCallbackInfo.callback = [](const WGPUDevice *, WGPUEnum, WGPUStringView message, void *data, void *) {
    Device *device = static_cast<Device *>(data);
    device->lost = true;
    device->fail("WEBGPU_LOST", textOf(message));
  };
  descriptor.uncapturedErrorCallbackInfo.userdata1 = &opened;
  descriptor.uncapturedErrorCallbackInfo.callback = [](const WGPUDevice *, WGPUEnum type, WGPUStringView message, void *data, void *) {
    static_cast<Device *>(data)->fail(type == WGPU_ERROR_OUT_OF_MEMORY ? "WEBGPU_OUT_OF_MEMORY" : "WEBGPU_FAILED", textOf(message));
  };
  WGPURequestDeviceCallbackInfo info{};
  info.mode = WGPU_CALLBACK_SPONTANEOUS;
  info.userdata1 = &opened;
  info.callback = [](WGPUEnum status, WGPUDevice device, WGPUStringView message, void *data, void *) {
    Device *wanted = static_cast<Device *>(data);
    if (status == WGPU_STATUS_SUCCESS) wanted->device = device;
    else wanted->fail("WEBGPU_FAILED", textOf(message));
  };
  wgpu.AdapterRequestDevice(adapter, &descriptor, info);
  if (opened.device == nullptr) return opened.fail("WEBGPU_FAILED", "the device does not start");
  opened.queue = wgpu.DeviceGetQueue(opened.device);
  opened.slotBytes = std::max(parameterBytes, opened.limits.minUniformBufferOffsetAlignment);
  opened.parameters = opened.create(static_cast<uint64_t>(opened.slotBytes) * mostDispatches, WGPU_USAGE_UNIFORM | WGPU_USAGE_COPY_DST);
  opened.staging = opened.create(stagingBytes, WGPU_USAGE_MAP_READ | WGPU_USAGE_COPY_DST);
}

// --- JavaScript ------------------------------------------------------------------------------------------------------------------------

/** Arguments of a call, and the device that it is called on. */
struct Call {
  napi_value arguments[3] = {};
  Device *device = nullptr;

  Call(napi_env env, napi_callback_info info) {
    size_t count = 3;
    napi_value self;
    napi_get_cb_info(env, info, &count, arguments, &self, nullptr);
    void *data = nullptr;
    if (napi_unwrap(env, self, &data) == napi_ok) device = static_cast<Device *>(data);
  }
};

std::string stringOf(napi_env env, napi_value value) {
  size_t length = 0;
  napi_get_value_string_utf8(env, value, nullptr, 0, &length);
  std::string text(length, '\0');
  napi_get_value_string_utf8(env, value, &text[0], length + 1, &length);
  return text;
}

double numberOf(napi_env env, napi_value value) {
  double number = 0;
  napi_get_value_double(env, value, &number);
  return number;
}

napi_value numberFor(napi_env env, double value) {
  napi_value number;
  napi_create_double(env, value, &number);
  return number;
}

void set(napi_env env, napi_value object, const char *name, double value) {
  napi_set_named_property(env, object, name, numberFor(env, value));
}

void set(napi_env env, napi_value object, const char *name, const std::string &value) {
  napi_value text;
  napi_create_string_utf8(env, value.data(), value.size(), &text);
  napi_set_named_property(env, object, name, text);
}

/** The elements of a typed array of 4-byte numbers; sets `length` to how many there are. */
void *elementsOf(napi_env env, napi_value array, size_t *length) {
  void *data = nullptr;
  *length = 0;
  napi_get_typedarray_info(env, array, nullptr, length, &data, nullptr, nullptr);
  return data;
}

/** Throws the device's error, with its code, and returns true; returns false if there is none. A lost device fails in every call. */
bool throwError(napi_env env, Device &device) {
  if (device.errorCode == nullptr && !device.lost) return false;
  if (device.errorCode == nullptr) device.error = "the device was lost";
  napi_throw_error(env, device.lost ? "WEBGPU_LOST" : device.errorCode, device.error.c_str());
  device.errorCode = nullptr;
  return true;
}

const char *backendName(WGPUEnum backend) {
  switch (backend) {
    case WGPU_BACKEND_VULKAN:
      return "Vulkan";
    case WGPU_BACKEND_METAL:
      return "Metal";
    case WGPU_BACKEND_D3D12:
      return "Direct3D 12";
    default:
      return "unknown";
  }
}

const char *kindName(WGPUEnum type) {
  switch (type) {
    case WGPU_ADAPTER_DISCRETE:
      return "discrete";
    case WGPU_ADAPTER_INTEGRATED:
      return "integrated";
    case WGPU_ADAPTER_CPU:
      return "software";
    default:
      return "unknown";
  }
}

napi_value describeAdapter(napi_env env, WGPUAdapter adapter) {
  WGPUAdapterInfo info{};
  WGPULimits limits{};
  wgpu.AdapterGetInfo(adapter, &info);
  wgpu.AdapterGetLimits(adapter, &limits);
  napi_value result;
  napi_create_object(env, &result);
  set(env, result, "name", textOf(info.device));
  set(env, result, "vendor", textOf(info.vendor));
  set(env, result, "driver", textOf(info.description));
  set(env, result, "backend", std::string(backendName(info.backendType)));
  set(env, result, "kind", std::string(kindName(info.adapterType)));
  set(env, result, "bufferBytes", static_cast<double>(limits.maxBufferSize));
  set(env, result, "bindingBytes", static_cast<double>(limits.maxStorageBufferBindingSize));
  set(env, result, "storageBuffers", limits.maxStorageBuffersPerShaderStage);
  set(env, result, "workgroupBytes", limits.maxComputeWorkgroupStorageSize);
  set(env, result, "workgroupThreads", limits.maxComputeInvocationsPerWorkgroup);
  wgpu.AdapterInfoFreeMembers(info);
  return result;
}

/** adapters(library): opens the library and describes each of its devices. */
napi_value Adapters(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const std::string error = openLibrary(stringOf(env, call.arguments[0]));
  if (!error.empty()) {
    napi_throw_error(env, "WEBGPU_LIBRARY", error.c_str());
    return nullptr;
  }
  napi_value result;
  napi_create_array(env, &result);
  for (size_t i = 0; i < wgpu.adapters.size(); i++)
    napi_set_element(env, result, static_cast<uint32_t>(i), describeAdapter(env, wgpu.adapters[i]));
  return result;
}

/** new Device(adapter: number, commands: Uint32Array): opens a device. adapters() must have been called before. */
napi_value NewDevice(napi_env env, napi_callback_info info) {
  napi_value arguments[2], self;
  size_t count = 2;
  napi_get_cb_info(env, info, &count, arguments, &self, nullptr);
  const size_t index = static_cast<size_t>(numberOf(env, arguments[0]));
  if (index >= wgpu.adapters.size()) {
    napi_throw_error(env, "WEBGPU_FAILED", "there is no such adapter");
    return nullptr;
  }
  Device *device = new Device();
  openDevice(*device, wgpu.adapters[index]);
  if (throwError(env, *device)) {
    delete device;
    return nullptr;
  }
  device->commands = static_cast<uint32_t *>(elementsOf(env, arguments[1], &device->commandsLength));
  napi_create_reference(env, arguments[1], 1, &device->commandsReference);
  napi_wrap(
      env, self, device,
      [](napi_env env, void *data, void *) {
        Device *device = static_cast<Device *>(data);
        if (device->commandsReference != nullptr) napi_delete_reference(env, device->commandsReference);
        device->close();
        delete device;
      },
      nullptr, nullptr);
  return self;
}

/** createBuffer(bytes): creates a buffer and returns its number. `bytes` must be a multiple of 4. */
napi_value CreateBuffer(napi_env env, napi_callback_info info) {
  Call call(env, info);
  Device &device = *call.device;
  const uint64_t bytes = static_cast<uint64_t>(numberOf(env, call.arguments[0]));
  WGPUBuffer buffer = device.create(bytes, WGPU_USAGE_STORAGE | WGPU_USAGE_COPY_SRC | WGPU_USAGE_COPY_DST);
  if (device.errorCode != nullptr && buffer != nullptr) wgpu.BufferRelease(buffer);
  if (throwError(env, device)) return nullptr;
  uint32_t id = static_cast<uint32_t>(device.buffers.size());
  if (device.freeIds.empty()) device.buffers.emplace_back();
  else {
    id = device.freeIds.back();
    device.freeIds.pop_back();
  }
  device.buffers[id].buffer = buffer;
  device.buffers[id].bytes = bytes;
  return numberFor(env, id);
}

/** destroyBuffer(id): the buffer's memory is freed once all work submitted before has run. */
napi_value DestroyBuffer(napi_env env, napi_callback_info info) {
  Call call(env, info);
  Device &device = *call.device;
  const uint32_t id = static_cast<uint32_t>(numberOf(env, call.arguments[0]));
  Buffer &buffer = device.buffers[id];
  for (const GroupKey &key : buffer.groups) {
    auto found = device.groups.find(key);
    if (found == device.groups.end()) continue;
    wgpu.BindGroupRelease(found->second);
    device.groups.erase(found);
  }
  wgpu.BufferRelease(buffer.buffer);
  buffer = Buffer();
  device.freeIds.push_back(id);
  return nullptr;
}

/** createPipeline(code, reads, writes): compiles a shader, which reads and writes this many buffers, and returns the pipeline's number. */
napi_value CreatePipeline(napi_env env, napi_callback_info info) {
  Call call(env, info);
  Device &device = *call.device;
  const std::string code = stringOf(env, call.arguments[0]), entryPoint = "main";
  WGPUShaderSourceWGSL source{};
  source.chain.sType = WGPU_SHADER_SOURCE_WGSL;
  source.code = viewOf(code);
  WGPUShaderModuleDescriptor moduleDescriptor{};
  moduleDescriptor.nextInChain = &source.chain;
  WGPUShaderModule module = wgpu.DeviceCreateShaderModule(device.device, &moduleDescriptor);
  if (throwError(env, device)) return nullptr;
  Pipeline pipeline{nullptr, device.layoutFor(static_cast<uint32_t>(numberOf(env, call.arguments[1])),
                                              static_cast<uint32_t>(numberOf(env, call.arguments[2])))};
  WGPUComputePipelineDescriptor descriptor{};
  descriptor.layout = device.layouts[pipeline.layout].pipeline;
  descriptor.compute.module = module;
  descriptor.compute.entryPoint = viewOf(entryPoint);
  pipeline.pipeline = wgpu.DeviceCreateComputePipeline(device.device, &descriptor);
  wgpu.ShaderModuleRelease(module);
  if (throwError(env, device)) return nullptr;
  device.pipelines.push_back(pipeline);
  return numberFor(env, static_cast<double>(device.pipelines.size() - 1));
}

/** submit(length): runs the dispatches in the first `length` numbers of the device's array. */
napi_value Submit(napi_env env, napi_callback_info info) {
  Call call(env, info);
  call.device->submit(static_cast<size_t>(numberOf(env, call.arguments[0])));
  throwError(env, *call.device);
  return nullptr;
}

/** write(id, values: Float32Array | Uint32Array): copies values to a buffer, after all work submitted before. */
napi_value Write(napi_env env, napi_callback_info info) {
  Call call(env, info);
  Device &device = *call.device;
  size_t length = 0;
  void *values = elementsOf(env, call.arguments[1], &length);
  if (!device.lost && length > 0)
    wgpu.QueueWriteBuffer(device.queue, device.buffers[static_cast<uint32_t>(numberOf(env, call.arguments[0]))].buffer, 0, values,
                          length * 4);
  throwError(env, device);
  return nullptr;
}

/**
 * read(pieces: Uint32Array, values: Float32Array): copies pieces of buffers, one after another. Each piece is three numbers: the buffer,
 * its first byte, the number of bytes.
 */
napi_value Read(napi_env env, napi_callback_info info) {
  Call call(env, info);
  size_t pieces = 0, length = 0;
  const uint32_t *list = static_cast<const uint32_t *>(elementsOf(env, call.arguments[0], &pieces));
  void *values = elementsOf(env, call.arguments[1], &length);
  call.device->read(list, pieces / 3, static_cast<uint8_t *>(values));
  throwError(env, *call.device);
  return nullptr;
}

/** lose(): makes the device behave as if the driver had reset it. */
napi_value Lose(napi_env env, napi_callback_info info) {
  Call call(env, info);
  wgpu.DeviceDestroy(call.device->device);
  call.device->lost = true;
  return nullptr;
}

napi_value Init(napi_env env, napi_value exports) {
  const auto method = [](const char *name, napi_callback call) {
    return napi_property_descriptor{name, nullptr, call, nullptr, nullptr, nullptr, napi_default_method, nullptr};
  };
  const napi_property_descriptor methods[] = {
      method("createBuffer", CreateBuffer), method("destroyBuffer", DestroyBuffer), method("createPipeline", CreatePipeline),
      method("submit", Submit),             method("write", Write),                 method("read", Read),
      method("lose", Lose)};
  napi_value device, adapters;
  napi_define_class(env, "Device", NAPI_AUTO_LENGTH, NewDevice, nullptr, sizeof methods / sizeof *methods, methods, &device);
  napi_set_named_property(env, exports, "Device", device);
  napi_create_function(env, "adapters", NAPI_AUTO_LENGTH, Adapters, nullptr, &adapters);
  napi_set_named_property(env, exports, "adapters", adapters);
  return exports;
}

}  // namespace

NAPI_MODULE(webgpu, Init)
