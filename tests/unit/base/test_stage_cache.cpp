// Finished stages: how much of them is kept, and what a folder that resists says.
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>
#include <set>

#include "../temporary_folder.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/fingerprint.hpp"
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

TEST_CASE("a stage under another's name is not believed, nor one with a flipped bit", "[cache]") {
  const TemporaryFolder folder;
  StageCache(folder.path()).put("mine", "figures");
  fs::copy_file(folder.path() / "mine.stage", folder.path() / "yours.stage");
  CHECK(StageCache(folder.path()).find("mine") == "figures");
  CHECK_FALSE(StageCache(folder.path()).find("yours"));
  const std::string whole = read_file(folder.path() / "mine.stage");
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    write_file(folder.path() / "mine.stage", damaged);
    CHECK_FALSE(StageCache(folder.path()).find("mine"));
  }
}

TEST_CASE("what its reader cannot make sense of is removed, and computed again", "[cache]") {
  const TemporaryFolder folder;
  StageCache cache(folder.path());
  cache.put("a", Json("text").dump());
  std::string got;
  CHECK_FALSE(cache.load("missing", [](Unpacker&) { FAIL("there is nothing"); }));
  CHECK_FALSE(cache.load("a", [&](Unpacker& in) { in.get(got); }));
  CHECK_FALSE(cache.find("a"));
  CHECK_FALSE(fs::exists(folder.path() / "a.stage"));
  Packer out;
  out.add(std::string("text")), out.add(7);
  cache.put("b", out.take());
  CHECK_FALSE(cache.load("b", [&](Unpacker& in) { in.get(got); }));  // more than that is left
}

TEST_CASE("what crashes leave of writes counts in the limit, goes when old and when the cache is cleared", "[cache]") {
  const TemporaryFolder folder;
  const fs::path old = folder.path() / "x.stage.part-7-0", fresh = folder.path() / "x.stage.part-7-1",
                 mine = folder.path() / "notes.part-1";
  for (const fs::path& path : {old, fresh, mine}) write_file(path, std::string(6'000, 'x'));
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(2));
  StageCache cache(folder.path(), 0, 10'000);
  cache.put("a", std::string(2'000, 'a'));
  CHECK_FALSE(fs::exists(old));
  cache.put("b", std::string(2'000, 'b'));  // no room for both beside what may still be written
  CHECK((fs::exists(folder.path() / "a.stage") ? 1 : 0) + (fs::exists(folder.path() / "b.stage") ? 1 : 0) == 1);
  CHECK(fs::exists(fresh));
  CHECK(cache.clear() == 1);
  CHECK_FALSE(fs::exists(fresh));
  CHECK(fs::exists(mine));
}

TEST_CASE("a stage's key hangs on the sources that its code depends on", "[cache]") {
  const Json parts{{"a", 1}};
  CHECK(StageCache::key("victim", parts) == StageCache::key("victim", parts));
  std::set<std::string> fingerprints;
  for (const char* stage : {"pca", "victim", "judge", "outcome"}) fingerprints.insert(std::string(source_fingerprint(stage)));
  CHECK(fingerprints.size() == 4);
  CHECK(source_fingerprint("outcome") == source_fingerprint("partial"));
}
