#pragma once
#include <filesystem>
#include <string>
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
/// where the set-up puts it.
std::vector<std::filesystem::path> library_places();

/// Opens the library once for the whole program. A file is opened only if its SHA-256 is one of those midlab was written for:
/// webgpu.h is no stable interface, and another build crashes at best. MIDLAB_WEBGPU_UNVERIFIED=1 opens any.
const Library& webgpu_library();

/// Reads and checks one file, without opening it: empty if it may be opened, else why not.
std::string refusal(const std::filesystem::path& file);

}  // namespace mid::gpu
