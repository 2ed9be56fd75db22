#include "gpu.hpp"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <utility>

#ifndef _WIN32
#include <fcntl.h>
#include <unistd.h>
#endif

#include "mid/base/error.hpp"

namespace mid::gpu {
namespace {

std::string text_of(api::StringView view) {
  if (!view.data) return {};
  return view.length == static_cast<std::size_t>(-1) ? std::string(view.data) : std::string(view.data, view.length);
}

api::StringView view_of(std::string_view text) { return {text.data(), text.size()}; }

const char* backend_name(std::uint32_t backend) {
  switch (backend) {
    case 3: return "D3D11";
    case 4: return "D3D12";
    case 5: return "Metal";
    case 6: return "Vulkan";
    case 7: return "OpenGL";
    case 8: return "OpenGL ES";
    default: return "other";
  }
}

/// What a callback leaves behind.
template <class H>
struct Answer {
  bool came = false;
  H handle = nullptr;
  std::string message;
};

template <class H>
void answered(std::uint32_t status, H handle, api::StringView message, void* to, void*) {
  auto& answer = *static_cast<Answer<H>*>(to);
  answer.came = true;
  if (status == api::kSuccess) answer.handle = handle;
  answer.message = text_of(message);
}

/// Keeps the standard error silent for as long as it lives: library and driver loader write lines of their own there, about every
/// backend they try, and a user is told in one sentence what came of it.
class Hush {
 public:
#ifdef _WIN32
  Hush() = default;
  ~Hush() = default;
#else
  Hush() : kept_(dup(STDERR_FILENO)) {
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (kept_ >= 0 && nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    if (nowhere >= 0) close(nowhere);
  }
  ~Hush() {
    if (kept_ < 0) return;
    dup2(kept_, STDERR_FILENO);
    close(kept_);
  }

 private:
  int kept_;

 public:
#endif
  Hush(const Hush&) = delete;
  Hush& operator=(const Hush&) = delete;
};

void append(std::string& where, api::StringView message) {
  if (!where.empty()) return;  // the first one is the cause
  where = text_of(message);
  std::replace(where.begin(), where.end(), '\n', ' ');
  if (where.empty()) where = "no reason was given";
}

}  // namespace

std::shared_ptr<Gpu> Gpu::open(std::string& why_not) {
  const Library& library = webgpu_library();
  if (!library.functions) {
    why_not = library.why_not;
    return nullptr;
  }
  static std::mutex one_at_a_time;  // two Hushes at once would leave the standard error silent for good
  const std::lock_guard lock(one_at_a_time);
  const Hush hush;
  const api::Functions& f = *library.functions;
  std::shared_ptr<Gpu> gpu(new Gpu);
  gpu->f_ = &f;
  gpu->instance_ = {f.CreateInstance(nullptr), f.InstanceRelease};
  if (!gpu->instance_) {
    why_not = "the WebGPU library " + library.file.string() + " could not be started";
    return nullptr;
  }
  const auto wait_for = [&](auto& answer) {
    while (!answer.came) f.InstanceProcessEvents(gpu->instance_.get());
  };
  Answer<api::Adapter> adapter;
  const api::AdapterOptions options;
  f.InstanceRequestAdapter(gpu->instance_.get(), &options, {.callback = answered<api::Adapter>, .user1 = &adapter});
  wait_for(adapter);
  if (!adapter.handle) {
    why_not = "no GPU was found (the WebGPU library says: " + (adapter.message.empty() ? "nothing" : adapter.message) + ")";
    return nullptr;
  }
  gpu->adapter_ = {adapter.handle, f.AdapterRelease};
  api::AdapterInfo info;
  info.backend = api::kBackendNull;
  if (f.AdapterGetInfo(adapter.handle, &info) == api::kSuccess) {
    gpu->facts_ = {text_of(info.device),
                   text_of(info.vendor),
                   text_of(info.architecture),
                   text_of(info.description),
                   backend_name(info.backend),
                   info.type == api::kAdapterCpu,
                   {}};
    if (gpu->facts_.name.empty()) gpu->facts_.name = gpu->facts_.vendor.empty() ? "unnamed adapter" : gpu->facts_.vendor;
    f.AdapterInfoFreeMembers(info);
  }
  if (info.backend == api::kBackendNull) {  // it takes all work and does none
    why_not = "no GPU was found: neither a Vulkan, Metal nor Direct3D 12 driver answers; install one (docs/gpu.md)";
    return nullptr;
  }
  api::Limits& limits = gpu->facts_.limits;
  f.AdapterGetLimits(adapter.handle, &limits);
  limits.next = nullptr;

  Answer<api::DeviceHandle> device;
  api::DeviceDescriptor wanted;
  // Every kernel of ours stays inside its buffers by itself; the library need not check each access once more.
  const char* const on[] = {"disable_robustness"};
  const api::Toggles toggles{{nullptr, api::kDawnToggles}, 1, on, 0, nullptr};
  wanted.next = &toggles.chain;
  wanted.limits = &limits;  // all that the adapter has: arrays of hundreds of megabytes are the reason to be here
  wanted.lost = {.mode = api::kAllowSpontaneous,
                 .callback =
                     [](api::DeviceHandle const*, std::uint32_t reason, api::StringView message, void* self, void*) {
                       if (reason != api::kLostDestroyed && reason != api::kLostCancelled) append(static_cast<Gpu*>(self)->lost_, message);
                     },
                 .user1 = gpu.get()};
  wanted.error = {.callback = [](api::DeviceHandle const*, std::uint32_t, api::StringView message, void* self,
                                 void*) { append(static_cast<Gpu*>(self)->refused_, message); },
                  .user1 = gpu.get()};
  f.AdapterRequestDevice(adapter.handle, &wanted, {.callback = answered<api::DeviceHandle>, .user1 = &device});
  wait_for(device);
  if (!device.handle) {
    why_not = "the GPU '" + gpu->facts_.name + "' could not be opened: " + device.message;
    return nullptr;
  }
  gpu->device_ = {device.handle, f.DeviceRelease};
  gpu->queue_ = {f.DeviceGetQueue(device.handle), f.QueueRelease};
  return gpu;
}

Gpu::~Gpu() {
  pipelines_.clear();
  if (device_) f_->DeviceDestroy(device_.get());  // no callback may come to us afterwards
  if (instance_) f_->InstanceProcessEvents(instance_.get());
}

void Gpu::check() {
  if (!lost_.empty())
    throw Failure("the GPU '" + facts_.name + "' was lost in the middle of the run (" + lost_ +
                  "); finished stages are kept: run again, or with the device cpu");
  if (!refused_.empty())
    throw Failure("the GPU '" + facts_.name + "' refused the work (" + refused_ + "); run with the device cpu, and tell us");
}

void Gpu::poll() {
  f_->InstanceProcessEvents(instance_.get());
  check();
}

Memory Gpu::memory(std::size_t bytes, bool to_processor) {
  const std::size_t size = std::max<std::size_t>((bytes + 15) / 16 * 16, 16);
  const auto& limits = facts_.limits;
  const std::uint64_t most = to_processor ? limits.buffer_size : std::min(limits.buffer_size, limits.storage_size);
  if (size > most)
    throw Failure("a matrix needs " + std::to_string(size >> 20) + " MB on the GPU, and '" + facts_.name + "' allows " +
                  std::to_string(most >> 20) + " MB in one piece; choose a smaller train.batch or model.hidden, or the device cpu");
  api::BufferDescriptor wanted;
  wanted.size = size;
  wanted.usage = to_processor ? api::kMapRead | api::kCopyTarget : api::kStorage | api::kCopySource | api::kCopyTarget;
  api::Buffer buffer = f_->DeviceCreateBuffer(device_.get(), &wanted);
  if (!buffer)
    throw Failure("the GPU '" + facts_.name + "' has no memory left; choose a smaller train.batch or model.hidden, or the device cpu");
  return {{buffer, f_->BufferRelease}, size};
}

Memory Gpu::uniform(std::size_t bytes) {
  api::BufferDescriptor wanted;
  wanted.size = (bytes + 15) / 16 * 16;
  wanted.usage = api::kUniform | api::kCopyTarget;
  return {{f_->DeviceCreateBuffer(device_.get(), &wanted), f_->BufferRelease}, wanted.size};
}

void Gpu::write(const Memory& to, std::size_t offset, const void* from, std::size_t bytes) {
  f_->QueueWriteBuffer(queue_.get(), to.buffer.get(), offset, from, bytes);
}

api::ComputePipeline Gpu::pipeline(const std::string& wgsl) {
  if (const auto found = pipelines_.find(wgsl); found != pipelines_.end()) return found->second.pipeline.get();
  api::WgslSource source{{nullptr, api::kSourceWgsl}, view_of(wgsl)};
  api::ShaderDescriptor shader_wanted;
  shader_wanted.next = &source.chain;
  const Owned<api::ShaderModule> shader(f_->DeviceCreateShaderModule(device_.get(), &shader_wanted), f_->ShaderModuleRelease);
  api::PipelineDescriptor wanted;
  wanted.compute.module = shader.get();
  wanted.compute.entry = view_of("main");
  Pipeline made;
  made.pipeline = {f_->DeviceCreateComputePipeline(device_.get(), &wanted), f_->ComputePipelineRelease};
  made.layout = {f_->ComputePipelineGetBindGroupLayout(made.pipeline.get(), 0), f_->BindGroupLayoutRelease};
  poll();  // what the compiler refuses comes as an error
  layouts_[made.pipeline.get()] = made.layout.get();
  return pipelines_.emplace(wgsl, std::move(made)).first->second.pipeline.get();
}

Owned<api::BindGroup> Gpu::bind(api::ComputePipeline pipeline, const Memory& numbers, std::span<const api::Buffer> others) {
  std::vector<api::BindEntry> entries(others.size() + 1);
  entries[0].buffer = numbers.buffer.get(), entries[0].size = numbers.bytes;
  for (std::size_t i = 0; i < others.size(); ++i) {
    entries[i + 1].binding = static_cast<std::uint32_t>(i + 1);
    entries[i + 1].buffer = others[i];
    entries[i + 1].size = static_cast<std::uint64_t>(-1);  // the whole
  }
  api::BindGroupDescriptor wanted;
  wanted.layout = layouts_.at(pipeline);
  wanted.count = entries.size(), wanted.entries = entries.data();
  return {f_->DeviceCreateBindGroup(device_.get(), &wanted), f_->BindGroupRelease};
}

void Gpu::begin(Fetch& fetch) {
  end(fetch);
  fetch.arrived = std::make_shared<bool>(false);
  // The callback comes once in any case, and perhaps after the fetch has gone.
  f_->BufferMapAsync(fetch.memory.buffer.get(), api::kModeRead, 0, fetch.memory.bytes,
                     {.callback =
                          [](std::uint32_t status, api::StringView, void* to, void*) {
                            const std::unique_ptr<std::shared_ptr<bool>> arrived(static_cast<std::shared_ptr<bool>*>(to));
                            if (status == api::kSuccess) **arrived = true;
                          },
                      .user1 = new std::shared_ptr<bool>(fetch.arrived)});
}

const float* Gpu::numbers(const Fetch& fetch, std::size_t count) const {
  const void* mapped = f_->BufferGetConstMappedRange(fetch.memory.buffer.get(), 0, (count * sizeof(float) + 7) / 8 * 8);
  if (!mapped) throw Failure("the GPU '" + facts_.name + "' did not hand over what it had computed; run with the device cpu");
  return static_cast<const float*>(mapped);
}

void Gpu::end(Fetch& fetch) {
  if (!fetch.arrived) return;
  f_->BufferUnmap(fetch.memory.buffer.get());
  fetch.arrived.reset();
}

std::shared_ptr<Weights> Gpu::weights_of(const Parameter& parameter) {
  std::erase_if(weights_, [](const auto& item) { return item.second.expired(); });
  auto& known = weights_[&parameter];
  const std::size_t stride = (static_cast<std::size_t>(parameter.value.size()) + 63) / 64 * 64;
  if (auto found = known.lock(); found && found->stride == stride) {
    // What the owner did before this Program was compiled counts, unless a run went on since: then its numbers are here.
    if (!found->newer_here) found->take_owners = true;
    return found;
  }
  auto made = std::make_shared<Weights>();
  made->stride = stride;
  made->memory = memory(3 * stride * sizeof(float));
  known = made;
  return made;
}

std::shared_ptr<Memory> Gpu::table(const Matrix& from) {
  std::erase_if(tables_, [](const Table& t) { return t.memory.expired(); });
  const auto size = static_cast<std::size_t>(from.size());
  for (const Table& t : tables_)
    if (t.data == from.data() && t.size == size) return t.memory.lock();
  auto made = std::make_shared<Memory>(memory(size * sizeof(float)));
  write(*made, 0, from.data(), size * sizeof(float));
  tables_.push_back({from.data(), size, made});
  return made;
}

void Gpu::lose() { f_->DeviceForceLoss(device_.get(), 1, view_of("a test asked for it")); }

// Batch

Gpu::Batch::Batch(Gpu& gpu)
    : gpu_(gpu), encoder_(gpu.f_->DeviceCreateCommandEncoder(gpu.device_.get(), nullptr), gpu.f_->CommandEncoderRelease) {}

void Gpu::Batch::dispatch(api::ComputePipeline pipeline, api::BindGroup group, std::array<std::uint32_t, 2> groups) {
  const api::Functions& f = *gpu_.f_;
  if (!pass_) pass_ = {f.CommandEncoderBeginComputePass(encoder_.get(), nullptr), f.ComputePassEncoderRelease};
  f.ComputePassEncoderSetPipeline(pass_.get(), pipeline);
  f.ComputePassEncoderSetBindGroup(pass_.get(), 0, group, 0, nullptr);
  f.ComputePassEncoderDispatchWorkgroups(pass_.get(), groups[0], groups[1], 1);
  ++gpu_.dispatches_;
}

void Gpu::Batch::end_pass() {
  if (!pass_) return;
  gpu_.f_->ComputePassEncoderEnd(pass_.get());
  pass_ = {};
}

void Gpu::Batch::copy(const Memory& from, std::size_t from_byte, const Memory& to, std::size_t to_byte, std::size_t bytes) {
  end_pass();
  gpu_.f_->CommandEncoderCopyBufferToBuffer(encoder_.get(), from.buffer.get(), from_byte, to.buffer.get(), to_byte, bytes);
}

void Gpu::Batch::submit() {
  end_pass();
  const api::Functions& f = *gpu_.f_;
  const Owned<api::CommandBuffer> commands(f.CommandEncoderFinish(encoder_.get(), nullptr), f.CommandBufferRelease);
  const api::CommandBuffer list[] = {commands.get()};
  f.QueueSubmit(gpu_.queue_.get(), 1, list);
}

}  // namespace mid::gpu
