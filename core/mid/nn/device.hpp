#pragma once
#include <memory>
#include <span>
#include <string>

#include "mid/base/matrix.hpp"
#include "mid/nn/program.hpp"

namespace mid {

/// A Program on a device.
class Executable {
 public:
  virtual ~Executable() = default;
  /// Fills an input; shapes must agree.
  virtual void write(Var input, MatrixRef value) = 0;
  /// Fills an input with these rows of a matrix, in this order.
  virtual void gather(Var input, const Matrix& from, std::span<const int> rows) = 0;
  /// Runs the whole Program once. On a GPU this submits and never waits.
  virtual void run() = 0;
  /// Copies a value of the last run out; false: not there yet, ask again after a tick.
  virtual bool read(Var value, Matrix& out) = 0;
  /// Brings Parameters on the device back into their owners; false: not there yet. On the CPU they always are there.
  virtual bool sync() = 0;
};

/// Something that runs Programs.
class Device {
 public:
  virtual ~Device() = default;
  virtual std::string name() const = 0;  ///< "cpu"
  virtual std::unique_ptr<Executable> compile(Program program) = 0;
};

/// The processor, by Eigen: always there, one thread.
std::unique_ptr<Device> cpu_device();
/// The instruction set that the products were compiled for ("SSE2", "AVX2+FMA", "WASM SIMD"), for `mid info`.
std::string cpu_simd();

}  // namespace mid
