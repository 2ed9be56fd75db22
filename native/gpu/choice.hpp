#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "gpu_device.hpp"
#include "mid/base/workers.hpp"

namespace mid::gpu {

/// From how many operations of a run on a Program goes to the GPU: what `mid bench --device all` measured on this machine.
struct Rule {
  double operations = 0;     ///< infinite: the processor is always faster
  std::string adapter, cpu;  ///< of which it is true
};
/// Where it is kept; empty: nowhere.
std::filesystem::path rule_file();
/// The rule that was written for this adapter and this processor, if there is one.
std::optional<Rule> read_rule(const Gpu& gpu);
/// Throws Failure where it cannot be kept.
void write_rule(const Rule& rule);

/// cpu, gpu or auto. Without a GPU the processor does the work, and the note says why. `auto` gives each Program to whoever is
/// faster by the rule; without one it is measured first, in a few seconds.
DeviceOffer device_for(const std::string& wish, std::shared_ptr<Workers> workers = nullptr);
/// device_for with so many threads for what the processor does (worker_threads: 0 is as many as cores, 8 at most).
DeviceMaker devices(int threads);

/// Each Program on the GPU or on the processor; Programs that share a Parameter on the same.
std::unique_ptr<Device> auto_device(std::unique_ptr<Device> cpu, std::unique_ptr<Device> gpu, double operations);

}  // namespace mid::gpu
