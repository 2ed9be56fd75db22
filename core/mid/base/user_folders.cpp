#include "mid/base/user_folders.hpp"

#include <cstdlib>

namespace mid {
namespace {

namespace fs = std::filesystem;

fs::path from(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value ? value : "";
}

}  // namespace

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
