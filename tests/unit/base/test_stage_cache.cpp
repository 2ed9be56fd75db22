// Finished stages: how much of them is kept, and what a folder that resists says.
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>

#include "../temporary_folder.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/stage_cache.hpp"

using namespace mid;
namespace fs = std::filesystem;

namespace {

std::uint64_t bytes_in(const fs::path& folder) {
  std::uint64_t sum = 0;
  for (const auto& file : fs::directory_iterator(folder)) sum += file.file_size();
  return sum;
}

std::string stage(int i) { return std::string(static_cast<std::size_t>(900 + 40 * i), 'x'); }

}  // namespace

TEST_CASE("the folder never holds more than the limit, whoever filled it, and what is used stays longest", "[cache]") {
  const TemporaryFolder folder;
  constexpr std::uint64_t kLimit = 10'000;
  StageCache(folder.path()).put("of-another-program", std::string(9'000, 'x'));
  // Files are as old as they were put; a clock may stand still for a few milliseconds.
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(folder.path() / "of-another-program.stage", old - std::chrono::hours(1));
  for (int i = 0; i < 20; ++i) {
    StageCache cache(folder.path(), 0, kLimit);
    const std::string key = "stage-" + std::to_string(i), also = key + "-too";
    for (const std::string& name : {key, also}) {
      cache.put(name, stage(i));
      CHECK(bytes_in(folder.path()) <= kLimit);
      fs::last_write_time(folder.path() / (name + ".stage"), old + std::chrono::seconds(i));
    }
    if (i > 0) CHECK(StageCache(folder.path()).find("stage-0"));  // looking makes it the newest
  }
  CHECK_FALSE(StageCache(folder.path()).find("of-another-program"));
  CHECK_FALSE(StageCache(folder.path()).find("stage-1"));
  CHECK(StageCache(folder.path()).find("stage-19") == stage(19));
}

TEST_CASE("a stage larger than the folder's limit is kept in memory alone and drives nobody out", "[cache]") {
  const TemporaryFolder folder;
  StageCache cache(folder.path(), 1 << 20, 2'000);
  cache.put("small", "s");
  cache.put("large", std::string(5'000, 'x'));
  CHECK(cache.find("large"));
  CHECK_FALSE(StageCache(folder.path()).find("large"));
  CHECK(StageCache(folder.path()).find("small") == "s");
}

TEST_CASE("clearing removes the stages and nothing else, and says when it cannot", "[cache]") {
  const TemporaryFolder folder;
  StageCache cache(folder.path());
  cache.put("a", "1"), cache.put("b", "2");
  write_file(folder.path() / "notes.txt", "mine");
  CHECK(cache.clear() == 2);
  CHECK_FALSE(cache.find("a"));
  CHECK(fs::exists(folder.path() / "notes.txt"));
  CHECK(cache.clear() == 0);
  CHECK(StageCache(folder.path() / "never made").clear() == 0);
  CHECK_THROWS_AS(StageCache(folder.path() / "notes.txt").clear(), Failure);  // a folder that cannot be read, for root too
}
