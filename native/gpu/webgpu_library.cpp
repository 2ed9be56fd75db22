#include "webgpu_library.hpp"

#include <array>
#include <cstdlib>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/hash.hpp"
#include "mid/base/user_folders.hpp"

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <dlfcn.h>
#endif
#ifdef __linux__
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#endif

namespace mid::gpu {
namespace {

namespace fs = std::filesystem;

// Dawn, as the npm packages bun-webgpu-SYSTEM ship it (docs/gpu.md). Only that for Linux on x86-64 was run by us.
struct Known {
  const char* system;
  const char* sha256;
};
constexpr std::array kKnown = {
    Known{"linux-x64 0.1.7", "3190c3777f2c07fcf6a0640833cbf5d0cde859dc53aed6d9083946d093198788"},
    Known{"darwin-arm64 0.1.5", "0f8af8c26a87d15b3465404af7eb3b34587d56ac537a10d16d7238e5506bc4fe"},
    Known{"darwin-x64 0.1.5", "aa9829210be8b50542881ec783df73819c1ad09768622cdb04891c6a215eeed2"},
    Known{"win32-x64 0.1.5", "03c6162c2a6c4f432e602738c4e03903d518370b232a8c5cf07dd36ba6dc6441"},
};

#if defined(_WIN32)
constexpr const char* kFile = "webgpu_wrapper.dll";
#elif defined(__APPLE__)
constexpr const char* kFile = "libwebgpu_wrapper.dylib";
#else
constexpr const char* kFile = "libwebgpu_wrapper.so";
#endif

void* open_file(const fs::path& file, std::string& why_not) {
#ifdef _WIN32
  void* opened = reinterpret_cast<void*>(LoadLibraryW(file.c_str()));
  if (!opened) why_not = "Windows error " + std::to_string(GetLastError());
#else
  void* opened = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!opened) why_not = dlerror();
#endif
  return opened;
}

void* find_function(void* library, const char* name) {
#ifdef _WIN32
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(library), name));
#else
  return dlsym(library, name);
#endif
}

/// Empty: bytes of a library that midlab was written for, or the user takes the risk.
std::string refusal(const fs::path& file, const std::string& bytes) {
  if (const char* any = std::getenv("MIDLAB_WEBGPU_UNVERIFIED"); any && std::string(any) == "1") return {};
  const std::string hash = sha256(bytes);
  for (const Known& known : kKnown)
    if (hash == known.sha256) return {};
  return "the WebGPU library " + file.string() + " has the SHA-256 " + hash +
         ", which is none that midlab was written for, and was not opened; take the one that docs/gpu.md names, or set "
         "MIDLAB_WEBGPU_UNVERIFIED=1 at your own risk";
}

#ifdef __linux__
/// A file in memory with these bytes, which nobody can change any more; -1 and the error in errno.
int sealed_copy(const std::string& bytes) {
  const int made = memfd_create("midlab-webgpu", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (made < 0) return -1;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t written = write(made, bytes.data() + at, bytes.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    at += static_cast<std::size_t>(written);
  }
  if (at == bytes.size() && fcntl(made, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) == 0) return made;
  const int error = errno;
  close(made);
  errno = error;
  return -1;
}
#endif

Library look_for() {
  Library out;
  std::error_code error;
  for (const fs::path& place : library_places()) {
    if (!fs::is_regular_file(place, error)) continue;
    // A name alone would be looked for elsewhere by the system when it is opened: another file than the one that was checked.
    const fs::path file = fs::absolute(place, error);
    out.file = file;
    const std::optional<CheckedLibrary> checked = CheckedLibrary::of(file, out.why_not);
    if (!checked) return out;
    std::string why;
    void* const opened = open_file(checked->path(), why);
    if (!opened) {
      out.why_not = "the WebGPU library " + file.string() + " could not be opened: " + why;
      return out;
    }
    static api::Functions functions;
#define MID_WEBGPU(name, ...)                                                                                                    \
  functions.name = reinterpret_cast<decltype(functions.name)>(find_function(opened, "wgpu" #name));                              \
  if (!functions.name) {                                                                                                         \
    out.why_not = "the WebGPU library " + file.string() + " has no function wgpu" #name "; take the one that docs/gpu.md names"; \
    return out;                                                                                                                  \
  }
    MID_WEBGPU_FUNCTIONS(MID_WEBGPU)
#undef MID_WEBGPU
    out.functions = &functions;
    return out;
  }
  const char* const chosen = std::getenv("MIDLAB_WEBGPU");
  out.why_not = chosen && *chosen
                    ? "MIDLAB_WEBGPU names " + std::string(chosen) + ", which is no file; docs/gpu.md says where to get it"
                    : "no WebGPU library (" + std::string(kFile) + ") was found" +
                          (user_cache_folder().empty()
                               ? " (neither HOME nor XDG_CACHE_HOME names a folder, and none that others may write to is looked into)"
                               : "") +
                          "; docs/gpu.md says where to get it";
  return out;
}

}  // namespace

std::vector<fs::path> library_places() {
  if (const char* chosen = std::getenv("MIDLAB_WEBGPU"); chosen && *chosen) return {fs::path(chosen)};
  std::vector<fs::path> places;
  if (const fs::path program = program_folder(); !program.empty()) places.push_back(program / kFile);
  if (const fs::path cache = user_cache_folder(); !cache.empty()) places.push_back(cache.parent_path() / "webgpu" / kFile);
  return places;
}

std::optional<CheckedLibrary> CheckedLibrary::of(const fs::path& file, std::string& why_not) {
  std::string bytes;
  try {
    bytes = read_file(file);
  } catch (const Error& e) {
    why_not = e.what();
    return std::nullopt;
  }
  why_not = refusal(file, bytes);
  if (!why_not.empty()) return std::nullopt;
#ifdef __linux__
  const int copy = sealed_copy(bytes);
  if (copy < 0) {
    why_not = "the WebGPU library " + file.string() + " could not be copied into memory: " + std::strerror(errno);
    return std::nullopt;
  }
  return CheckedLibrary("/proc/self/fd/" + std::to_string(copy), copy);
#else
  return CheckedLibrary(file, -1);
#endif
}

CheckedLibrary::~CheckedLibrary() {
#ifdef __linux__
  if (descriptor_ >= 0) close(descriptor_);
#endif
}

const Library& webgpu_library() {
  static const Library library = look_for();
  return library;
}

}  // namespace mid::gpu
