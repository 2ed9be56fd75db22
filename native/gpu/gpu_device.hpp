#pragma once
#include <memory>
#include <string>

#include "gpu.hpp"
#include "mid/nn/device.hpp"

namespace mid::gpu {

/// A GPU as a Device of core/mid/nn: kernels of shaders/, chosen by plan.hpp.
class GpuDevice : public Device {
 public:
  explicit GpuDevice(std::shared_ptr<Gpu> gpu) : gpu_(std::move(gpu)) {}
  std::string name() const override { return "gpu"; }
  std::unique_ptr<Executable> compile(Program program) override;
  bool remote() const override { return true; }
  std::string adapter() const override { return gpu_->facts().name; }
  std::uint64_t dispatches() const override { return gpu_->dispatches(); }
  Gpu& gpu() { return *gpu_; }

 private:
  std::shared_ptr<Gpu> gpu_;
};

}  // namespace mid::gpu
