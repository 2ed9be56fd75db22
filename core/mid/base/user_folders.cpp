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

fs::path from(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value ? value : "";
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
  return fs::temp_directory_path() / "midlab-stages";
}

fs::path user_state_folder() {
  if (const auto given = from("XDG_STATE_HOME"); !given.empty()) return given / "midlab";
  if (const auto windows = from("LOCALAPPDATA"); !windows.empty()) return windows / "midlab" / "state";
  if (const auto home = from("HOME"); !home.empty()) return home / ".local" / "state" / "midlab";
  return fs::temp_directory_path() / "midlab-state";
}

}  // namespace mid
