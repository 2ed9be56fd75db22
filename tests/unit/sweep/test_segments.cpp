// Segments (sweep/segments.hpp): what many writers leave in one folder is read back, and what is damaged counts as not there.
#include "mid/sweep/segments.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <random>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"

using namespace mid;
namespace fs = std::filesystem;

namespace {

struct SegmentFolder {
  fs::path path = fs::temp_directory_path() / ("midlab-segments-" + std::to_string(std::random_device{}()));
  ~SegmentFolder() { fs::remove_all(path); }
  std::vector<fs::path> files() const {
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator(path)) out.push_back(entry.path());
    return out;
  }
};

std::string record_of(std::size_t place) { return "{\"at\":" + std::to_string(place) + "}"; }

void write_all(const fs::path& folder, const std::vector<std::size_t>& places, Share share = {}, Ending ending = Ending::well) {
  SegmentWriter writer(folder, "list", share);
  for (const std::size_t place : places) writer.append(place, ending, record_of(place));
}

std::map<std::size_t, std::string> read_all(const Segments& segments) {
  std::map<std::size_t, std::string> out;
  std::size_t last = 0;
  segments.each([&](std::size_t place, const std::string& record) {
    CHECK((out.empty() || place > last));  // in the order of the list
    out[last = place] = record;
  });
  return out;
}

std::vector<std::size_t> ended(const Segments& segments, std::size_t size) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < size; ++i)
    if (segments.ending(i) != Ending::none) out.push_back(i);
  return out;
}

}  // namespace

TEST_CASE("records of several writers come in the order of the list") {
  const SegmentFolder folder;
  CHECK(ended(Segments(folder.path, "list", 9), 9).empty());  // there is no folder yet
  write_all(folder.path, {5, 0, 7}), write_all(folder.path, {3, 8});
  const Segments segments(folder.path, "list", 9);
  CHECK(ended(segments, 9) == std::vector<std::size_t>{0, 3, 5, 7, 8});
  const auto read = read_all(segments);
  REQUIRE(read.size() == 5);
  for (const auto& [place, record] : read) CHECK(record == record_of(place));
  CHECK(folder.files().size() == 2);
  CHECK(ended(Segments(folder.path, "another list", 9), 9).empty());
  CHECK(ended(Segments(folder.path, "list", 4), 4) == std::vector<std::size_t>{0, 3});
}

TEST_CASE("a writer without a record leaves no file") {
  const SegmentFolder folder;
  write_all(folder.path, {});
  CHECK(!fs::exists(folder.path));
}

TEST_CASE("a record that was cut anywhere counts as not there, and all before it do") {
  const SegmentFolder folder;
  write_all(folder.path, {2, 0, 1});
  const fs::path file = folder.files()[0];
  const std::string whole = read_file(file);
  const std::size_t last = whole.rfind('\n', whole.size() - 2) + 1;
  for (std::size_t size = last; size < whole.size(); ++size) {
    write_file(file, whole.substr(0, size));
    const Segments segments(folder.path, "list", 3);
    CHECK(ended(segments, 3) == std::vector<std::size_t>{0, 2});
    CHECK(read_all(segments).size() == 2);
    CHECK(segments.damaged() == (size > last ? 1u : 0u));
  }
  write_all(folder.path, {1});  // done again, by a writer of its own
  CHECK(ended(Segments(folder.path, "list", 3), 3).size() == 3);
}

TEST_CASE("one bit that is flipped loses one record at most, or the whole of a segment where it is in its head") {
  const SegmentFolder folder;
  write_all(folder.path, {0, 1, 2});
  const fs::path file = folder.files()[0];
  const std::string whole = read_file(file);
  const std::size_t head = whole.find('\n') + 1;
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    write_file(file, damaged, Lasting::no);
    const Segments segments(folder.path, "list", 3);
    // A line break in the middle makes two lines of one, one that is lost makes one of two.
    if (bit / 8 >= head) CHECK(read_all(segments).size() >= 1);
    for (const auto& [place, record] : read_all(segments)) CHECK(record == record_of(place));
  }
}

TEST_CASE("who takes a share looks at its own share's segments, and at all of another number of shares") {
  const SegmentFolder folder;
  write_all(folder.path, {0, 2, 4}, {1, 2}), write_all(folder.path, {1, 3}, {2, 2}), write_all(folder.path, {5}, {3, 3});
  CHECK(ended(Segments(folder.path, "list", 6, {1, 2}), 6) == std::vector<std::size_t>{0, 2, 4, 5});
  CHECK(ended(Segments(folder.path, "list", 6, {2, 2}), 6) == std::vector<std::size_t>{1, 3, 5});
  CHECK(ended(Segments(folder.path, "list", 6), 6).size() == 6);
  std::size_t sizes = 0;
  for (std::size_t i = 1; i <= 4; ++i) sizes += Share{i, 4}.size(10);
  CHECK(sizes == 10);
  CHECK(Share{2, 4}.size(10) == 3);
  CHECK(Share{4, 4}.size(10) == 2);
}

TEST_CASE("what was lost with its device is replaced by what came of it later, and nothing else is") {
  const SegmentFolder folder;
  write_all(folder.path, {0}, {}, Ending::lost);
  CHECK(Segments(folder.path, "list", 1).ending(0) == Ending::lost);
  write_all(folder.path, {0}, {}, Ending::failed), write_all(folder.path, {0}, {}, Ending::lost);
  CHECK(Segments(folder.path, "list", 1).ending(0) == Ending::failed);
}

TEST_CASE("a folder that cannot be written is said") {
  const SegmentFolder folder;
  write_file(folder.path, "a file");
  SegmentWriter writer(folder.path, "list", {});
  CHECK_THROWS_AS(writer.append(0, Ending::well, "{}"), Failure);
}
