#include "mid/base/stage_cache.hpp"

#include <algorithm>
#include <vector>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/fingerprint.hpp"
#include "mid/base/hash.hpp"

namespace mid {
namespace fs = std::filesystem;
namespace {
constexpr const char* kSuffix = ".stage";

// A stage file ends with the SHA-256 of what stands before it, so that a damaged file is computed anew, not trusted.
constexpr std::size_t kDigest = 64;
}  // namespace

StageCache::StageCache(fs::path folder, std::uint64_t memory_limit, std::uint64_t disk_limit)
    : folder_(std::move(folder)), memory_limit_(memory_limit), disk_limit_(disk_limit) {}

std::string StageCache::key(std::string_view stage, const Json& parts) {
  return std::string(stage) + "-" + sha256(std::string(kSourceFingerprint) + "\n" + std::string(stage) + "\n" + parts.dump()).substr(0, 32);
}

void StageCache::remember(const std::string& key, std::string bytes) {
  if (auto old = index_.find(key); old != index_.end()) {
    held_ -= old->second->bytes.size();
    newest_first_.erase(old->second);
    index_.erase(old);
  }
  held_ += bytes.size();
  newest_first_.push_front({key, std::move(bytes)});
  index_[key] = newest_first_.begin();
  while (held_ > memory_limit_ && newest_first_.size() > 1) {
    held_ -= newest_first_.back().bytes.size();
    index_.erase(newest_first_.back().key);
    newest_first_.pop_back();
  }
}

std::optional<std::string> StageCache::find(const std::string& key) {
  if (auto at = index_.find(key); at != index_.end()) {
    newest_first_.splice(newest_first_.begin(), newest_first_, at->second);
    return at->second->bytes;
  }
  if (folder_.empty()) return {};
  const fs::path path = folder_ / (key + kSuffix);
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return {};
  try {
    std::string bytes = read_file(path);
    if (bytes.size() < kDigest) return {};
    const std::string digest = bytes.substr(bytes.size() - kDigest);
    bytes.resize(bytes.size() - kDigest);
    if (sha256(bytes) != digest) return {};
    fs::last_write_time(path, fs::file_time_type::clock::now(), error);  // what is used stays longest
    remember(key, bytes);
    return bytes;
  } catch (const Error&) {  // somebody else removed it meanwhile: the stage is computed anew
    return {};
  }
}

void StageCache::put(const std::string& key, std::string bytes) {
  if (!folder_.empty() && warning_.empty()) {
    try {
      write_file(folder_ / (key + kSuffix), bytes + sha256(bytes));
      written_ += bytes.size();
      if (written_ > disk_limit_ / 16) trim_folder();
    } catch (const Failure& failure) {
      warning_ = std::string("nothing is kept for later runs: ") + failure.what();
    }
  }
  remember(key, std::move(bytes));
}

void StageCache::erase(const std::string& key) {
  if (auto at = index_.find(key); at != index_.end()) {
    held_ -= at->second->bytes.size();
    newest_first_.erase(at->second);
    index_.erase(at);
  }
  std::error_code error;
  if (!folder_.empty()) fs::remove(folder_ / (key + kSuffix), error);
}

void StageCache::trim_folder() {
  written_ = 0;
  struct File {
    fs::path path;
    fs::file_time_type time;
    std::uint64_t size;
  };
  std::vector<File> files;
  std::uint64_t total = 0;
  std::error_code error;
  for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() != kSuffix) continue;
    std::error_code gone;
    const auto size = it->file_size(gone);
    const auto time = it->last_write_time(gone);
    if (gone) continue;
    files.push_back({it->path(), time, size});
    total += size;
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.time < b.time; });
  for (const File& file : files) {
    if (total <= disk_limit_) break;
    if (fs::remove(file.path, error)) total -= file.size;
  }
}

int StageCache::clear() {
  newest_first_.clear();
  index_.clear();
  held_ = 0;
  int removed = 0;
  std::error_code error;
  if (folder_.empty() || !fs::is_directory(folder_, error)) return 0;
  std::vector<fs::path> files;
  for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == kSuffix) files.push_back(it->path());
  for (const fs::path& path : files) removed += fs::remove(path, error) ? 1 : 0;
  return removed;
}

}  // namespace mid
