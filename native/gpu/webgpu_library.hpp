#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "webgpu_api.hpp"

namespace mid::gpu {

/// A WebGPU library that was looked for: opened, or a sentence why not.
struct Library {
  const api::Functions* functions = nullptr;  ///< null: none; else for as long as the program runs
  std::filesystem::path file;
  std::string why_not;
};

/// Where the library is looked for, in this order: $MIDLAB_WEBGPU, beside the program, and $XDG_CACHE_HOME/midlab/webgpu,
/// where the set-up puts it (no such place where neither that variable nor HOME is set).
std::vector<std::filesystem::path> library_places();

/// Opens the library once for the whole program. A file is opened only if its SHA-256 is one of those midlab was written for:
/// webgpu.h is no stable interface, and another build crashes at best. MIDLAB_WEBGPU_UNVERIFIED=1 opens any.
const Library& webgpu_library();

/// A library whose bytes were checked. On Linux it is a sealed copy in memory of these very bytes, so that replacing the file
/// between check and opening changes nothing; elsewhere systems open files by name only, and it is the file.
class CheckedLibrary {
 public:
  /// Reads a file once and checks it. None: `why_not` says why.
  static std::optional<CheckedLibrary> of(const std::filesystem::path& file, std::string& why_not);
  CheckedLibrary(CheckedLibrary&& other) noexcept : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  CheckedLibrary& operator=(CheckedLibrary&&) = delete;
  ~CheckedLibrary();
  /// What the system opens, as long as this lives.
  const std::filesystem::path& path() const { return path_; }

 private:
  CheckedLibrary(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::filesystem::path path_;
  int descriptor_;
};

}  // namespace mid::gpu
