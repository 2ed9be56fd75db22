#pragma once
#include <cstddef>
#include <cstdint>

/// The part of the C interface webgpu.h that midlab uses, as it was when the pinned library was built (webgpu_library.cpp):
/// names, numbers and layouts are facts of that interface. It is no stable ABI: another build of the library may crash, so
/// none is opened whose hash is not known.
namespace mid::gpu::api {

#define MID_HANDLE(name) \
  struct name##Opaque;   \
  using name = name##Opaque*;
MID_HANDLE(Instance)
MID_HANDLE(Adapter)
MID_HANDLE(DeviceHandle)
MID_HANDLE(Queue)
MID_HANDLE(Buffer)
MID_HANDLE(ShaderModule)
MID_HANDLE(ComputePipeline)
MID_HANDLE(BindGroupLayout)
MID_HANDLE(BindGroup)
MID_HANDLE(CommandEncoder)
MID_HANDLE(CommandBuffer)
MID_HANDLE(ComputePass)
MID_HANDLE(PipelineLayout)
MID_HANDLE(Sampler)
MID_HANDLE(TextureView)
MID_HANDLE(Surface)
MID_HANDLE(QuerySet)
#undef MID_HANDLE

struct StringView {
  const char* data = nullptr;
  std::size_t length = static_cast<std::size_t>(-1);  // all ones with null data: no string
};
struct Chained {
  const Chained* next = nullptr;
  std::uint32_t type = 0;
};
struct Future {
  std::uint64_t id = 0;
};

using Bool = std::uint32_t;
enum : std::uint32_t { kSuccess = 1 };                                    // of every status
enum : std::uint32_t { kSourceWgsl = 2, kDawnToggles = 327690 };          // Chained::type
enum : std::uint32_t { kAllowProcessEvents = 2, kAllowSpontaneous = 3 };  // when callbacks may come
enum : std::uint32_t { kPowerHigh = 2, kFeatureLevelCore = 2 };
enum : std::uint32_t { kBackendNull = 1 };
enum : std::uint32_t { kAdapterDiscrete = 1, kAdapterIntegrated = 2, kAdapterCpu = 3 };
enum : std::uint32_t { kLostDestroyed = 2, kLostCancelled = 3 };
enum : std::uint64_t { kMapRead = 1, kCopySource = 4, kCopyTarget = 8, kUniform = 0x40, kStorage = 0x80 };  // of a buffer
enum : std::uint64_t { kModeRead = 1 };

struct AdapterOptions {
  const Chained* next = nullptr;
  std::uint32_t feature_level = kFeatureLevelCore, power = kPowerHigh;
  Bool fallback = 0;
  std::uint32_t backend = 0;
  Surface surface = nullptr;
};
template <class Callback>
struct CallbackInfo {
  const Chained* next = nullptr;
  std::uint32_t mode = kAllowProcessEvents;
  Callback callback = nullptr;
  void *user1 = nullptr, *user2 = nullptr;
};
using AdapterCallback = void (*)(std::uint32_t status, Adapter, StringView message, void*, void*);
using DeviceCallback = void (*)(std::uint32_t status, DeviceHandle, StringView message, void*, void*);
using LostCallback = void (*)(DeviceHandle const*, std::uint32_t reason, StringView message, void*, void*);
using ErrorCallback = void (*)(DeviceHandle const*, std::uint32_t kind, StringView message, void*, void*);
using MapCallback = void (*)(std::uint32_t status, StringView message, void*, void*);
struct ErrorCallbackInfo {
  const Chained* next = nullptr;
  ErrorCallback callback = nullptr;
  void *user1 = nullptr, *user2 = nullptr;
};

struct AdapterInfo {
  Chained* next = nullptr;
  StringView vendor, architecture, device, description;
  std::uint32_t backend = 0, type = 0, vendor_id = 0, device_id = 0, subgroup_least = 0, subgroup_most = 0;
};
struct Limits {
  Chained* next = nullptr;
  std::uint32_t texture_1d = 0, texture_2d = 0, texture_3d = 0, texture_layers = 0, bind_groups = 0, bind_groups_and_vertex = 0,
                bindings = 0;
  std::uint32_t dynamic_uniform = 0, dynamic_storage = 0, sampled_textures = 0, samplers = 0;
  std::uint32_t storage_buffers = 0;  ///< of a shader
  std::uint32_t storage_textures = 0, uniform_buffers = 0;
  std::uint64_t uniform_size = 0;
  std::uint64_t storage_size = 0;  ///< bytes of one binding
  std::uint32_t uniform_alignment = 0, storage_alignment = 0, vertex_buffers = 0;
  std::uint64_t buffer_size = 0;
  std::uint32_t vertex_attributes = 0, vertex_stride = 0, between_stages = 0, color_attachments = 0, color_bytes = 0;
  std::uint32_t workgroup_memory = 0, workgroup_threads = 0, workgroup_x = 0, workgroup_y = 0, workgroup_z = 0;
  std::uint32_t workgroups = 0;  ///< in each dimension of a dispatch
  std::uint32_t immediate = 0, vertex_storage = 0, vertex_textures = 0, fragment_storage = 0, fragment_textures = 0;
};
struct QueueDescriptor {
  const Chained* next = nullptr;
  StringView label;
};
struct DeviceDescriptor {
  const Chained* next = nullptr;
  StringView label;
  std::size_t feature_count = 0;
  const std::uint32_t* features = nullptr;
  const Limits* limits = nullptr;
  QueueDescriptor queue;
  CallbackInfo<LostCallback> lost;
  ErrorCallbackInfo error;
};
struct Toggles {
  Chained chain;
  std::size_t on_count = 0;
  const char* const* on = nullptr;
  std::size_t off_count = 0;
  const char* const* off = nullptr;
};
struct BufferDescriptor {
  const Chained* next = nullptr;
  StringView label;
  std::uint64_t usage = 0, size = 0;
  Bool mapped = 0;
};
struct WgslSource {
  Chained chain;
  StringView code;
};
struct ShaderDescriptor {
  const Chained* next = nullptr;
  StringView label;
};
struct ComputeState {
  const Chained* next = nullptr;
  ShaderModule module = nullptr;
  StringView entry;
  std::size_t constant_count = 0;
  const void* constants = nullptr;
};
struct PipelineDescriptor {
  const Chained* next = nullptr;
  StringView label;
  PipelineLayout layout = nullptr;  // null: from the shader
  ComputeState compute;
};
struct BindEntry {
  const Chained* next = nullptr;
  std::uint32_t binding = 0;
  Buffer buffer = nullptr;
  std::uint64_t offset = 0, size = 0;
  Sampler sampler = nullptr;
  TextureView texture = nullptr;
};
struct BindGroupDescriptor {
  const Chained* next = nullptr;
  StringView label;
  BindGroupLayout layout = nullptr;
  std::size_t count = 0;
  const BindEntry* entries = nullptr;
};

// MID_WEBGPU(function, result, arguments): what the library must have.
#define MID_WEBGPU_FUNCTIONS(MID_WEBGPU)                                                                                            \
  MID_WEBGPU(CreateInstance, Instance, (const void*))                                                                               \
  MID_WEBGPU(InstanceProcessEvents, void, (Instance))                                                                               \
  MID_WEBGPU(InstanceRequestAdapter, Future, (Instance, const AdapterOptions*, CallbackInfo<AdapterCallback>))                      \
  MID_WEBGPU(InstanceRelease, void, (Instance))                                                                                     \
  MID_WEBGPU(AdapterGetInfo, std::uint32_t, (Adapter, AdapterInfo*))                                                                \
  MID_WEBGPU(AdapterInfoFreeMembers, void, (AdapterInfo))                                                                           \
  MID_WEBGPU(AdapterGetLimits, std::uint32_t, (Adapter, Limits*))                                                                   \
  MID_WEBGPU(AdapterRequestDevice, Future, (Adapter, const DeviceDescriptor*, CallbackInfo<DeviceCallback>))                        \
  MID_WEBGPU(AdapterRelease, void, (Adapter))                                                                                       \
  MID_WEBGPU(DeviceGetQueue, Queue, (DeviceHandle))                                                                                 \
  MID_WEBGPU(DeviceCreateBuffer, Buffer, (DeviceHandle, const BufferDescriptor*))                                                   \
  MID_WEBGPU(DeviceCreateShaderModule, ShaderModule, (DeviceHandle, const ShaderDescriptor*))                                       \
  MID_WEBGPU(DeviceCreateComputePipeline, ComputePipeline, (DeviceHandle, const PipelineDescriptor*))                               \
  MID_WEBGPU(DeviceCreateBindGroup, BindGroup, (DeviceHandle, const BindGroupDescriptor*))                                          \
  MID_WEBGPU(DeviceCreateCommandEncoder, CommandEncoder, (DeviceHandle, const void*))                                               \
  MID_WEBGPU(DeviceForceLoss, void, (DeviceHandle, std::uint32_t reason, StringView message))                                       \
  MID_WEBGPU(DeviceDestroy, void, (DeviceHandle))                                                                                   \
  MID_WEBGPU(DeviceRelease, void, (DeviceHandle))                                                                                   \
  MID_WEBGPU(ShaderModuleRelease, void, (ShaderModule))                                                                             \
  MID_WEBGPU(ComputePipelineGetBindGroupLayout, BindGroupLayout, (ComputePipeline, std::uint32_t))                                  \
  MID_WEBGPU(ComputePipelineRelease, void, (ComputePipeline))                                                                       \
  MID_WEBGPU(BindGroupLayoutRelease, void, (BindGroupLayout))                                                                       \
  MID_WEBGPU(BindGroupRelease, void, (BindGroup))                                                                                   \
  MID_WEBGPU(CommandEncoderBeginComputePass, ComputePass, (CommandEncoder, const void*))                                            \
  MID_WEBGPU(CommandEncoderCopyBufferToBuffer, void, (CommandEncoder, Buffer, std::uint64_t, Buffer, std::uint64_t, std::uint64_t)) \
  MID_WEBGPU(CommandEncoderFinish, CommandBuffer, (CommandEncoder, const void*))                                                    \
  MID_WEBGPU(CommandEncoderRelease, void, (CommandEncoder))                                                                         \
  MID_WEBGPU(CommandBufferRelease, void, (CommandBuffer))                                                                           \
  MID_WEBGPU(ComputePassEncoderSetPipeline, void, (ComputePass, ComputePipeline))                                                   \
  MID_WEBGPU(ComputePassEncoderSetBindGroup, void, (ComputePass, std::uint32_t, BindGroup, std::size_t, const std::uint32_t*))      \
  MID_WEBGPU(ComputePassEncoderDispatchWorkgroups, void, (ComputePass, std::uint32_t, std::uint32_t, std::uint32_t))                \
  MID_WEBGPU(ComputePassEncoderEnd, void, (ComputePass))                                                                            \
  MID_WEBGPU(ComputePassEncoderRelease, void, (ComputePass))                                                                        \
  MID_WEBGPU(QueueSubmit, void, (Queue, std::size_t, CommandBuffer const*))                                                         \
  MID_WEBGPU(QueueWriteBuffer, void, (Queue, Buffer, std::uint64_t, const void*, std::size_t))                                      \
  MID_WEBGPU(QueueRelease, void, (Queue))                                                                                           \
  MID_WEBGPU(BufferMapAsync, Future, (Buffer, std::uint64_t, std::size_t, std::size_t, CallbackInfo<MapCallback>))                  \
  MID_WEBGPU(BufferGetConstMappedRange, const void*, (Buffer, std::size_t, std::size_t))                                            \
  MID_WEBGPU(BufferUnmap, void, (Buffer))                                                                                           \
  MID_WEBGPU(BufferDestroy, void, (Buffer))                                                                                         \
  MID_WEBGPU(BufferRelease, void, (Buffer))

/// The functions of an opened library, by their names without "wgpu".
struct Functions {
#define MID_WEBGPU(name, result, arguments) result(*name) arguments = nullptr;
  MID_WEBGPU_FUNCTIONS(MID_WEBGPU)
#undef MID_WEBGPU
};

}  // namespace mid::gpu::api
