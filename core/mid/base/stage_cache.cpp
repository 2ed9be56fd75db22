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

// A stage file ends with the SHA-256 of its key and what stands before, so that a file which was damaged, or stands under
// another's name, is computed anew, not trusted.
constexpr std::size_t kDigest = 64;

std::string digest_of(const std::string& key, const std::string& bytes) { return sha256(key + "\n" + bytes); }

/// Whether a file of the folder is ours: a stage, or what a write that was cut off left of one.
bool is_ours(const fs::path& path) {
  return path.extension() == kSuffix || (is_part_file(path) && path.filename().string().find(kSuffix) != std::string::npos);
}

// The folder is looked through again when this share of the limit was written: other programs may write there, too. Room is
// made for as much at once, so that a full folder is not looked through at every write.
constexpr std::uint64_t kShare = 16;
}  // namespace

StageCache::StageCache(fs::path folder, std::uint64_t memory_limit, std::uint64_t disk_limit)
    : folder_(std::move(folder)), memory_limit_(memory_limit), disk_limit_(disk_limit) {}

std::string StageCache::key(std::string_view stage, const Json& parts) {
  return std::string(stage) + "-" +
         sha256(std::string(source_fingerprint(stage)) + "\n" + std::string(stage) + "\n" + parts.dump()).substr(0, 32);
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
    std::string bytes = read_file(path, disk_limit_);
    if (bytes.size() < kDigest) return {};
    const std::string digest = bytes.substr(bytes.size() - kDigest);
    bytes.resize(bytes.size() - kDigest);
    if (digest_of(key, bytes) != digest) return {};
    fs::last_write_time(path, fs::file_time_type::clock::now(), error);  // what is used stays longest
    remember(key, bytes);
    return bytes;
  } catch (const Error&) {  // the disk cannot read it, or somebody else removed it meanwhile: the stage is computed anew
    return {};
  }
}

bool StageCache::load(const std::string& key, const std::function<void(Unpacker&)>& read) {
  const std::optional<std::string> bytes = find(key);
  if (!bytes) return false;
  try {
    Unpacker in(*bytes);
    read(in);
    Unpacker::expect(in.at_end());
    return true;
  } catch (const Damaged&) {
  } catch (const Error&) {  // a model or a result inside it cannot be read
  } catch (const Json::exception&) {
  }
  erase(key);
  return false;
}

void StageCache::put(const std::string& key, std::string bytes) {
  if (!folder_.empty() && warning_.empty() && bytes.size() + kDigest <= disk_limit_) {
    try {
      make_room(bytes.size() + kDigest);
      write_file(folder_ / (key + kSuffix), bytes + digest_of(key, bytes), Lasting::no);
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

void StageCache::make_room(std::uint64_t wanted) {
  if (room_ && *room_ >= wanted) {
    *room_ -= wanted;
    return;
  }
  struct File {
    fs::path path;
    fs::file_time_type time;
    std::uint64_t size;
  };
  remove_old_parts(folder_);
  std::vector<File> files;
  std::uint64_t total = 0;
  std::error_code error;
  for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    if (!is_ours(it->path())) continue;
    std::error_code gone;
    const auto size = it->file_size(gone);
    const auto time = it->last_write_time(gone);
    if (gone) continue;
    total += size;
    if (!is_part_file(it->path())) files.push_back({it->path(), time, size});  // somebody may be writing the others
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.time < b.time; });
  const std::uint64_t spare = std::max(wanted, disk_limit_ / kShare);
  for (const File& file : files) {
    if (total <= disk_limit_ - spare) break;
    if (fs::remove(file.path, error)) total -= file.size;
  }
  room_ = spare - wanted;
}

int StageCache::clear() {
  newest_first_.clear();
  index_.clear();
  held_ = 0;
  room_.reset();
  std::error_code error;
  if (folder_.empty() || fs::status(folder_, error).type() == fs::file_type::not_found) return 0;
  std::vector<fs::path> files;
  fs::directory_iterator it(folder_, error);
  for (; !error && it != fs::directory_iterator(); it.increment(error))
    if (is_ours(it->path())) files.push_back(it->path());
  if (error) throw Failure(Message("refusal.cache_unreadable").with("field", shown_path(folder_)).with("why", error.message()));
  int removed = 0;
  for (const fs::path& path : files) {
    removed += fs::remove(path, error) && !is_part_file(path) ? 1 : 0;
    if (error) throw Failure(Message("refusal.cache_kept").with("field", shown_path(path)).with("why", error.message()));
  }
  return removed;
}

}  // namespace mid
