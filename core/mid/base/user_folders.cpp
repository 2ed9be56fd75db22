#include "mid/base/user_folders.hpp"

#include <cstdlib>
#include <system_error>

#if defined(_WIN32)
#define NOMINMAX
#include <windows.h>
#elif defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

namespace mid {
namespace {

namespace fs = std::filesystem;

/// A relative path would mean another folder in each working folder, perhaps one that others write to: it counts as not set.
fs::path from(const char* variable) {
  const char* value = std::getenv(variable);
  const fs::path path = value ? value : "";
  return path.is_absolute() ? path : fs::path();
}

}  // namespace

fs::path program_folder() {
#if defined(_WIN32)
  wchar_t name[32768];
  const DWORD length = GetModuleFileNameW(nullptr, name, 32768);
  return length > 0 && length < 32768 ? fs::path(name).parent_path() : fs::path();
#elif defined(__APPLE__)
  std::error_code error;
  char name[4096];
  std::uint32_t size = sizeof name;
  return _NSGetExecutablePath(name, &size) == 0 ? fs::canonical(name, error).parent_path() : fs::path();
#elif defined(__EMSCRIPTEN__)
  return {};
#else
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path();
#endif
}

fs::path user_cache_folder() {
  if (const auto given = from("XDG_CACHE_HOME"); !given.empty()) return given / "midlab" / "stages";
  if (const auto windows = from("LOCALAPPDATA"); !windows.empty()) return windows / "midlab" / "stages";
  if (const auto home = from("HOME"); !home.empty()) return home / ".cache" / "midlab" / "stages";
  return {};
}

fs::path user_state_folder() {
  if (const auto given = from("XDG_STATE_HOME"); !given.empty()) return given / "midlab";
  if (const auto windows = from("LOCALAPPDATA"); !windows.empty()) return windows / "midlab" / "state";
  if (const auto home = from("HOME"); !home.empty()) return home / ".local" / "state" / "midlab";
  return {};
}

}  // namespace mid
