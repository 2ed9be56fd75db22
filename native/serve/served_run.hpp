#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "mid/model/model.hpp"
#include "mid/model/outside/serve_text.hpp"
#include "mid/nn/device.hpp"
#include "mid/oracle/release.hpp"

namespace mid::serve {

/// The model of a finished run (mid run --out) with its release and noise, ready to be asked. Answers are those that everybody gets:
/// one of a sticky release is the same whenever a record is asked about, fresh noise is drawn anew and cannot be foretold.
class ServedRun {
 public:
  /// Throws Error naming "run" for a folder that holds none, and for a run whose model or release cannot be served.
  explicit ServedRun(const std::filesystem::path& folder);
  const Service& service() const { return service_; }
  /// The run's release, as a specification has it.
  const Json& release() const { return release_.settings; }
  /// Confidences, rows x classes, or numbers, rows x 1. May be called by several threads. Throws Error or Failure.
  Matrix answer(Matrix inputs);

 private:
  Model model_;
  ReleaseSpec release_;
  Service service_;
  std::uint64_t seed_ = 0, entropy_ = 0, asked_ = 0;
  std::unique_ptr<Device> device_;
  std::mutex mutex_;
};

}  // namespace mid::serve
