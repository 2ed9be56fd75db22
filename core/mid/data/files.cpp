#include "mid/data/files.hpp"

#include <algorithm>
#include <cstdlib>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/hash.hpp"
#include "mid/base/user_folders.hpp"
#include "mid/data/gzip.hpp"

#ifndef MIDLAB_DATA_DIR
#define MIDLAB_DATA_DIR "data"
#endif

namespace mid {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSums = "SHA256SUMS";

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

}  // namespace

fs::path data_folder() {
  if (const char* named = std::getenv("MIDLAB_DATA"); named && *named) return named;
#if defined(__EMSCRIPTEN__)
  return "/data";
#else
  std::vector<fs::path> candidates;
  if (const fs::path program = program_folder(); !program.empty())
    candidates = {program / "data", program.parent_path() / "share" / "midlab" / "data"};
  candidates.emplace_back(MIDLAB_DATA_DIR);
  for (const fs::path& folder : candidates)
    if (is_there(folder / kSums)) return folder;
  throw Error("MIDLAB_DATA", Message("refusal.no_data_folder").with("folder", MIDLAB_DATA_DIR));
#endif
}

bool has_data_file(std::string_view name) {
  const fs::path path = data_folder() / name;
  return is_there(path) || is_there(path.string() + ".gz");
}

std::string read_data_file(std::string_view name) {
  fs::path path = data_folder() / name;
  if (!is_there(path) && is_there(path.string() + ".gz")) path += ".gz";
  if (!is_there(path)) throw Error(path.string(), Message("refusal.data_file_missing"));
  std::string bytes = read_file(path);
  return path.extension() == ".gz" ? gunzip(bytes, path.string()) : bytes;
}

std::vector<FileCheck> verify_data() {
  constexpr std::size_t kDigits = 64, kGap = 2;
  const fs::path folder = data_folder();
  const std::string list = read_file(folder / kSums);
  std::vector<FileCheck> out;
  int line_number = 0;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find('\n', at), list.size());
    const std::string line = list.substr(at, end - at);
    at = end + 1;
    ++line_number;
    if (line.size() <= kDigits + kGap || line.find_first_not_of("0123456789abcdef") != kDigits)
      throw Error((folder / kSums).string(), Message("refusal.sums_line").with("line", std::to_string(line_number)));
    FileCheck check{line.substr(kDigits + kGap), FileCheck::State::missing};
    if (const fs::path path = folder / check.name; is_there(path))
      check.state = sha256(read_file(path)) == line.substr(0, kDigits) ? FileCheck::State::good : FileCheck::State::changed;
    out.push_back(std::move(check));
  }
  return out;
}

}  // namespace mid
