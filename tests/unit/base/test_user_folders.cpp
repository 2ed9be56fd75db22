// Where a user's files are kept: never where others may write.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "mid/base/user_folders.hpp"

using namespace mid;

namespace {

/// Sets variables of the environment (null: takes them away) and puts back what was there.
class Environment {
 public:
  void set(const char* name, const char* value) {
    const char* const was = std::getenv(name);
    before_.push_back({name, was ? std::optional<std::string>(was) : std::nullopt});
    put(name, value);
  }
  ~Environment() {
    for (auto it = before_.rbegin(); it != before_.rend(); ++it) put(it->first.c_str(), it->second ? it->second->c_str() : nullptr);
  }

 private:
  static void put(const char* name, const char* value) { value ? setenv(name, value, 1) : unsetenv(name); }
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;
};

}  // namespace

TEST_CASE("caches and states lie in folders of the user's own, or nowhere", "[user_folders]") {
  Environment e;
  for (const char* name : {"HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "LOCALAPPDATA"}) e.set(name, nullptr);
  e.set("TMPDIR", "/nowhere/at/all");  // and a broken one stops nobody
  CHECK(user_cache_folder().empty());
  CHECK(user_state_folder().empty());
  e.set("HOME", "/home/someone");
  CHECK(user_cache_folder() == "/home/someone/.cache/midlab/stages");
  CHECK(user_state_folder() == "/home/someone/.local/state/midlab");
  e.set("XDG_CACHE_HOME", "/fast/cache");
  e.set("XDG_STATE_HOME", "/safe/state");
  CHECK(user_cache_folder() == "/fast/cache/midlab/stages");
  CHECK(user_state_folder() == "/safe/state/midlab");
  // A relative path is another folder for each working folder.
  e.set("XDG_CACHE_HOME", "cache");
  e.set("XDG_STATE_HOME", "./state");
  CHECK(user_cache_folder() == "/home/someone/.cache/midlab/stages");
  CHECK(user_state_folder() == "/home/someone/.local/state/midlab");
  e.set("HOME", "");
  CHECK(user_cache_folder().empty());
}
