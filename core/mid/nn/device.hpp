#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "mid/base/matrix.hpp"
#include "mid/base/philox.hpp"
#include "mid/nn/program.hpp"

namespace mid {

class Workers;

/// A Program on a device. Everything returns at once: what a device has not finished is asked for again after a tick.
/// Throws Failure when the device was lost.
class Executable {
 public:
  virtual ~Executable() = default;
  /// Fills an input; shapes must agree.
  virtual void write(Var input, MatrixRef value) = 0;
  /// Fills an input with these rows of a matrix, in this order. `from` neither moves nor changes while the Executable lives.
  virtual void gather(Var input, const Matrix& from, std::span<const int> rows) = 0;
  /// Fills an input with the stream's standard normals `first`, `first` + 1, ... row by row (base/philox's fill_normal). On a
  /// GPU the same whole numbers, the normals within 2e-6.
  virtual void normal(Var input, Stream stream, std::uint64_t first) = 0;
  /// Runs the whole Program once. On a GPU this submits and never waits.
  virtual void run() = 0;
  /// Runs it in parts of a few milliseconds: false when the run is complete, else call again (after a tick). The numbers are
  /// those of run(). Parameters change in the last part only, all of them, so that between parts they are those before the run.
  virtual bool run_part() = 0;
  /// Copies a kept value (Program::keep) of the last run out; false: not there yet, ask again after a tick.
  virtual bool read(Var value, Matrix& out) = 0;
  /// Brings Parameters on the device back into their owners; false: not there yet. On the CPU they always are there. From
  /// the first run until sync() says true the owners' numbers are not looked at; after it the next run takes them again.
  virtual bool sync() = 0;
};

/// Something that runs Programs.
class Device {
 public:
  virtual ~Device() = default;
  virtual std::string name() const = 0;  ///< "cpu", "gpu": goes into the keys of finished stages
  virtual std::unique_ptr<Executable> compile(Program program) = 0;
  /// Whether Parameters live elsewhere while a Program runs, so that fetching them (Executable::sync) costs time.
  virtual bool remote() const { return false; }
  /// For people and results: the adapter's name; empty: nothing to add to name().
  virtual std::string adapter() const { return {}; }
  /// How many kernels were started since the device was opened; 0 for the CPU, which has none.
  virtual std::uint64_t dispatches() const { return 0; }
  /// A run begins: what adapter() tells of its Programs counts from here.
  virtual void begin_run() {}
};

/// The processor: always there. Its workers share what is large in a Program, without a change to a bit of the results; null: one
/// thread does it all.
std::unique_ptr<Device> cpu_device(std::shared_ptr<Workers> workers = nullptr);
/// What came of a wish for a device: one in any case, and a sentence where it is not the one that was wished for, or where there
/// is a choice to explain.
struct DeviceOffer {
  std::unique_ptr<Device> device;
  std::string note;
};
/// The devices that a person may choose between.
inline constexpr std::string_view kDeviceNames[] = {"cpu", "gpu", "auto"};
/// Makes the device of one of these names; programs with a GPU bring their own (native/gpu/choice.hpp).
using DeviceMaker = std::function<DeviceOffer(const std::string& wish)>;
/// The maker of a program that has the processor only.
DeviceOffer processor_only(const std::string& wish);
/// The instruction set that the products were compiled for ("SSE2", "AVX2+FMA", "WASM SIMD"), for `mid info`.
std::string cpu_simd();

}  // namespace mid
