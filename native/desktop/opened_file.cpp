#include "opened_file.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/experiment/spec.hpp"
#include "ui/link.hpp"
#include "ui/own.hpp"

namespace mid::desktop {
namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t kLargest = 16 << 20;  // a result with everything has some kilobytes

}  // namespace

Json opened_spec(const fs::path& path) {
  std::error_code error;
  const std::string name = path.string();
  if (!fs::exists(path, error)) throw Error(name, "is not there; name a specification, a result, or a folder that mid run --out wrote");
  if (fs::is_directory(path, error)) {
    for (const char* file : {"result.json", "spec.json", "summary.json"})
      if (fs::exists(path / file, error)) return opened_spec(path / file);
    throw Error(name, "holds neither result.json nor spec.json; name a folder that mid run --out wrote");
  }
  if (!fs::is_regular_file(path, error))
    throw Error(name, "is no file; name a specification, a result, or a folder that mid run --out wrote");
  if (fs::file_size(path, error) > kLargest) throw Error(name, "is too large for a specification or a result; the largest has 16 MB");
  Json j = parse_spec(read_file(path), name);
  // Results and summaries hold the specification they belong to.
  if (j.is_object() && j.contains("spec") && j["spec"].is_object()) j = Json(j["spec"]);
  return check_spec(j).json();
}

bool is_table(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return false;
  std::string end = path.extension().string();
  if (end == ".gz") end = path.stem().extension().string();
  std::transform(end.begin(), end.end(), end.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return end == ".csv" || end == ".tsv";
}

bool is_model(const fs::path& path) {
  constexpr std::uintmax_t kLargestTree = 128 << 20;
  std::error_code error;
  if (!fs::is_regular_file(path, error) || !ui::is_model_name(path.string())) return false;
  if (path.extension() != ".json") return true;
  if (fs::file_size(path, error) > kLargestTree) return false;
  const Json j = json_or_discarded(read_file(path, kLargestTree), kLargestTree);
  return j.is_object() && j.contains("tree");
}

fs::path download_path(const std::string& name) {
  std::error_code error;
  fs::path folder = fs::current_path(error);
  for (const char* home : {"HOME", "USERPROFILE"})
    if (const char* value = std::getenv(home); value && fs::is_directory(fs::path(value) / "Downloads", error)) {
      folder = fs::path(value) / "Downloads";
      break;
    }
  const fs::path wish(name);
  fs::path path = folder / wish;
  for (int i = 2; fs::exists(path, error) && i < 1000; ++i)
    path = folder / (wish.stem().string() + "-" + std::to_string(i) + wish.extension().string());
  return path;
}

std::string pasted_link(std::string text) {
  if (const auto mark = text.find("#s="); mark != std::string::npos) text.erase(0, mark + 3);
  const auto first = text.find_first_not_of(" \t\r\n"), last = text.find_last_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  text = text.substr(first, last - first + 1);
  return ui::read_link(text, {}) ? text : "";
}

}  // namespace mid::desktop
