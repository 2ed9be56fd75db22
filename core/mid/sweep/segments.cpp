#include "mid/sweep/segments.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <numeric>
#include <random>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/hash.hpp"
#include "mid/base/json.hpp"

namespace mid {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEnding = ".segment";
constexpr std::size_t kSumDigits = 8, kBlock = std::size_t{1} << 20;
constexpr std::size_t kPart = std::size_t{64} << 20;  // bytes of records that are held at once

std::string hexadecimal(std::uint32_t x) {
  std::string out(kSumDigits, '0');
  for (std::size_t i = 0; i < kSumDigits; ++i) out[i] = "0123456789abcdef"[x >> (28 - 4 * i) & 15];
  return out;
}

std::string with_sum(const std::string& rest) { return hexadecimal(crc32(rest)) + " " + rest + "\n"; }

/// What stands behind a right sum; empty: the line counts as not there.
std::string_view checked(std::string_view line) {
  if (line.size() <= kSumDigits || line[kSumDigits] != ' ') return {};
  const std::string_view rest = line.substr(kSumDigits + 1);
  return line.substr(0, kSumDigits) == hexadecimal(crc32(rest)) ? rest : std::string_view();
}

Ending ending_of(char c) {
  for (const Ending e : {Ending::well, Ending::failed, Ending::refused, Ending::lost})
    if (static_cast<char>(e) == c) return e;
  return Ending::none;
}

/// A name that no other program takes.
std::string new_name() {
  std::random_device random;
  return hexadecimal(random()) + hexadecimal(random()) + kEnding;
}

/// The segments of a folder in the order of their names, so that everybody meets them in one order.
std::vector<fs::path> segments_in(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == kEnding) out.push_back(it->path());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

fs::path segments_folder(const fs::path& out) { return out / "segments"; }

SegmentWriter::SegmentWriter(fs::path folder, std::string list, Share share)
    : folder_(std::move(folder)), list_(std::move(list)), share_(share) {}

SegmentWriter::~SegmentWriter() {
  if (file_) std::fclose(file_);
}

void SegmentWriter::write(const std::string& line) {
  // One call of the system a line: what a killed program leaves ends with a whole line, or with the one that is cut.
  if (std::fwrite(line.data(), 1, line.size(), file_) != line.size() || std::fflush(file_) != 0) {
    std::fclose(file_), file_ = nullptr;  // the next record begins a segment of its own
    throw Failure(Message("refusal.file_unwritten").with("field", shown_path(path_)));
  }
}

void SegmentWriter::append(std::size_t place, Ending ending, std::string_view record) {
  if (!file_) {
    std::error_code error;
    fs::create_directories(folder_, error);
    path_ = folder_ / new_name();
    file_ = std::fopen(path_.c_str(), "wbx");
    if (!file_) throw Failure(Message("refusal.file_unwritten").with("field", shown_path(path_)));
    std::setvbuf(file_, nullptr, _IOFBF, kBlock);
    write(with_sum(Json{{"list", list_}, {"share", {share_.index, share_.of}}}.dump()));
  }
  write(with_sum(std::to_string(place) + " " + static_cast<char>(ending) + " " + std::string(record)));
}

Segments::Segments(const fs::path& folder, const std::string& list, std::size_t size, Share share)
    : files_(segments_in(folder)), places_(size) {
  for (const fs::path& file : files_) look_through(file, list, share);
}

void Segments::look_through(const fs::path& file, const std::string& list, Share share) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  if (!std::getline(in, line)) return;
  const Json head = json_or_discarded(checked(line));
  if (!head.is_object() || head.value("list", Json()) != list || !head.contains("share")) return;
  if (const Json other{share.index, share.of};
      head["share"].is_array() && head["share"].size() == 2 && head["share"] != other && head["share"][1] == other[1] && share.of > 1)
    return;
  const auto number = static_cast<std::uint32_t>(&file - files_.data());
  std::uint64_t offset = line.size() + 1;
  for (; std::getline(in, line); offset += line.size() + 1) {
    const std::string_view rest = in.eof() ? std::string_view() : checked(line);  // without its line break it was cut
    std::size_t place = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), place);
    const auto digits = static_cast<std::size_t>(end - rest.data());
    const Ending ending = error == std::errc() && digits + 3 < rest.size() ? ending_of(rest[digits + 1]) : Ending::none;
    if (ending == Ending::none || place >= places_.size()) {
      ++damaged_;
      continue;
    }
    Place& there = places_[place];
    if (there.ending != Ending::none && there.ending != Ending::lost) continue;  // two programs did it: the same but for its times
    const std::size_t before = kSumDigits + 1 + digits + 3;
    there = {offset + before, static_cast<std::uint32_t>(line.size() - before), number, ending};
  }
}

void Segments::each(const std::function<void(std::size_t, const std::string&)>& see) const {
  std::vector<std::size_t> part;     // places in the order of the list, as many as fit
  std::vector<std::string> records;  // theirs
  for (std::size_t begin = 0, end = 0; begin < places_.size(); begin = end) {
    part.clear();
    for (std::size_t bytes = 0; end < places_.size() && bytes < kPart; ++end)
      if (places_[end].size > 0) part.push_back(end), bytes += places_[end].size + sizeof(std::string);
    // Each segment is opened once a part, however many there are: on a shared disk that is what takes time.
    std::vector<std::size_t> order(part.size());
    std::iota(order.begin(), order.end(), 0);
    const auto where = [&](std::size_t i) { return std::pair(places_[part[i]].file, places_[part[i]].offset); };
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return where(a) < where(b); });
    records.assign(part.size(), {});
    std::ifstream file;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const Place& there = places_[part[order[i]]];
      if (i == 0 || there.file != places_[part[order[i - 1]]].file) {
        file.close(), file.clear();
        file.open(files_[there.file], std::ios::binary);
      }
      std::string& record = records[order[i]];
      record.resize(there.size);
      if (file.tellg() != static_cast<std::streamoff>(there.offset)) file.seekg(static_cast<std::streamoff>(there.offset));
      file.read(record.data(), static_cast<std::streamsize>(record.size()));
      if (!file) throw Failure(Message("refusal.file_end").with("field", shown_path(files_[there.file])));
    }
    for (std::size_t i = 0; i < part.size(); ++i) see(part[i], records[i]);
  }
}

}  // namespace mid
