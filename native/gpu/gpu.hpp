#pragma once
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kernels.hpp"
#include "webgpu_library.hpp"

namespace mid::gpu {

/// A handle of the library, given back at the end.
template <class H>
class Owned {
 public:
  using Release = void (*)(H);
  Owned() = default;
  Owned(H handle, Release release) : handle_(handle), release_(release) {}
  Owned(Owned&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)), release_(other.release_) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(handle_, other.handle_), std::swap(release_, other.release_);
    return *this;
  }
  ~Owned() {
    if (handle_) release_(handle_);
  }
  H get() const { return handle_; }
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  H handle_ = nullptr;
  Release release_ = nullptr;
};

/// What an adapter says of itself.
struct AdapterFacts {
  std::string name, vendor, architecture, driver, backend;
  bool software = false;
  api::Limits limits;
};

/// Memory of the GPU.
struct Memory {
  Owned<api::Buffer> buffer;
  std::size_t bytes = 0;
};

/// A weight's numbers on the GPU: value, first and second moment, `stride` floats apart. Programs that share a Parameter share it.
struct Weights {
  Memory memory;
  std::size_t stride = 0;
  std::uint64_t changes = 0;  ///< runs that changed them
  bool newer_here = false;    ///< a run has changed them since they were fetched
  bool take_owners = true;    ///< the next run begins with the owner's numbers
};

/// Numbers on their way back: a buffer that the processor can see, and whether they have arrived.
struct Fetch {
  Memory memory;
  std::shared_ptr<bool> arrived;  ///< null: nothing is under way
};

/// One opened GPU: a WebGPU device with its queue, its pipelines and the weights that live there. Used by one thread.
class Gpu {
 public:
  /// Opens the adapter that promises most speed. Null, and a sentence in `why_not`, when there is no library or no adapter.
  static std::shared_ptr<Gpu> open(std::string& why_not);
  ~Gpu();
  Gpu(const Gpu&) = delete;
  Gpu& operator=(const Gpu&) = delete;

  const AdapterFacts& facts() const { return facts_; }
  std::size_t most_buffers() const { return facts_.limits.storage_buffers; }
  std::uint64_t dispatches() const { return dispatches_; }

  /// Memory for kernels, all zeros; or, `to_processor`, to be read by the processor. Throws Failure when the adapter has none left.
  Memory memory(std::size_t bytes, bool to_processor = false);
  Memory uniform(std::size_t bytes);
  void write(const Memory& to, std::size_t offset, const void* from, std::size_t bytes);

  /// Compiles a kernel, or finds it.
  api::ComputePipeline pipeline(const std::string& wgsl);
  bool has_pipeline(const std::string& wgsl) const { return pipelines_.contains(wgsl); }
  /// Binding 0 is `numbers`; the others follow in order.
  Owned<api::BindGroup> bind(api::ComputePipeline pipeline, const Memory& numbers, std::span<const api::Buffer> others);

  /// One submission: kernels in order, then copies to the processor.
  class Batch;
  /// Lets callbacks come; never waits. Throws Failure when the device was lost or refused something.
  void poll();
  /// Begins to fetch what was copied to fetch.memory; poll() until *fetch.arrived. A fetch under way is dropped.
  void begin(Fetch& fetch);
  const float* numbers(const Fetch& fetch, std::size_t count) const;  ///< of one that has arrived
  void end(Fetch& fetch);

  /// The weights of a Parameter that some Program uses; made when nobody did yet.
  std::shared_ptr<Weights> weights_of(const Parameter& parameter);

  /// A matrix that inputs are filled from, brought here once.
  std::shared_ptr<Memory> table(const Matrix& from);

  /// For tests: the device is gone, as when a driver resets.
  void lose();

 private:
  Gpu() = default;
  void check();
  const api::Functions* f_ = nullptr;
  Owned<api::Instance> instance_;
  Owned<api::Adapter> adapter_;
  Owned<api::DeviceHandle> device_;
  Owned<api::Queue> queue_;
  AdapterFacts facts_;
  struct Pipeline {
    Owned<api::ComputePipeline> pipeline;
    Owned<api::BindGroupLayout> layout;
  };
  std::map<std::string, Pipeline> pipelines_;
  std::map<api::ComputePipeline, api::BindGroupLayout> layouts_;
  std::map<const Parameter*, std::weak_ptr<Weights>> weights_;
  struct Table {
    const float* data;
    std::size_t size;
    std::weak_ptr<Memory> memory;
  };
  std::vector<Table> tables_;
  std::uint64_t dispatches_ = 0;
  std::string lost_, refused_;  // what the library said
};

/// Commands being collected; submitted by submit().
class Gpu::Batch {
 public:
  explicit Batch(Gpu& gpu);
  void dispatch(api::ComputePipeline pipeline, api::BindGroup group, std::array<std::uint32_t, 2> groups);
  void copy(const Memory& from, std::size_t from_byte, const Memory& to, std::size_t to_byte, std::size_t bytes);
  void submit();

 private:
  void end_pass();
  Gpu& gpu_;
  Owned<api::CommandEncoder> encoder_;
  Owned<api::ComputePass> pass_;
};

}  // namespace mid::gpu
