#pragma once
#include <memory>

#include "gpu/gpu_device.hpp"

/// The GPU that all tests share; its adapter and the number of dispatches are printed at the end. Without an adapter the test
/// fails: nothing here is skipped.
std::unique_ptr<mid::gpu::GpuDevice> gpu_for_test();
