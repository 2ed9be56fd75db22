#pragma once
#include <functional>
#include <string>
#include <vector>

#include "mid/nn/device.hpp"

namespace mid::gpu {

/// One piece of work, timed on two devices.
struct BenchRow {
  std::string name;
  double operations = 0;                    ///< additions and multiplications of a run
  double cpu_seconds = 0, gpu_seconds = 0;  ///< of a run, the median; 0: not measured
  double gpu_first = 0;                     ///< seconds of the first run on the GPU, which translates the kernels
  int dispatches = 0;                       ///< kernels that the GPU starts for it
  /// How many times as fast as the processor the GPU makes a thousand runs, the translation of the kernels counted.
  double ratio() const { return 1000 * cpu_seconds / (1000 * gpu_seconds + gpu_first); }
};

/// Times training steps of growing networks, of one with convolutions and the attacks' networks of 64 x 64 pixels, each with its inputs,
/// and its loss read after every step. A device that is null is not timed; work of more than `most` operations is left out; `report` hears
/// of each row.
std::vector<BenchRow> bench_devices(Device* cpu, Device* gpu, double most, const std::function<void(const BenchRow&)>& report);
/// A few training steps only, until the GPU is ahead: for device_for("auto").
std::vector<BenchRow> bench_quickly(Device& cpu, Device& gpu);

/// From how many operations on the GPU makes a thousand runs faster in every row; between two rows by the ratio's straight line in
/// logarithms. Infinite when it is not ahead in the last.
double crossover(std::vector<BenchRow> rows);

}  // namespace mid::gpu
