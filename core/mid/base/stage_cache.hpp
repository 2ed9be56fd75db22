#pragma once
#include <cstdint>
#include <filesystem>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "mid/base/json.hpp"

namespace mid {

/// Finished stages of runs, found again by what they depend on: a new attack never retrains, two attacks share a victim,
/// going back to a dot in a chart is free. Entries are bytes; memory holds the newest, the folder (if any) all of them up
/// to a limit, the least recently used going first.
class StageCache {
 public:
  /// `folder` empty: memory only. Limits in bytes.
  explicit StageCache(std::filesystem::path folder = {}, std::uint64_t memory_limit = 64ull << 20,
                      std::uint64_t disk_limit = 2ull << 30);

  /// The key of stage `stage` with the parts of the specification that it depends on. The sources of this
  /// build are in it: another build's figures are never taken for ours.
  static std::string key(std::string_view stage, const Json& parts);

  std::optional<std::string> find(const std::string& key);
  /// Keeps the bytes. A folder that cannot be written is reported by warning(), once; the run goes on.
  void put(const std::string& key, std::string bytes);
  void erase(const std::string& key);
  /// Removes every entry; returns how many files that were. Throws Failure when the folder or a file of it resists.
  int clear();
  const std::string& warning() const { return warning_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  void remember(const std::string& key, std::string bytes);
  void make_room(std::uint64_t wanted);
  struct Entry {
    std::string key, bytes;
  };
  std::filesystem::path folder_;
  std::uint64_t memory_limit_, disk_limit_, held_ = 0;
  std::optional<std::uint64_t> room_;  // bytes that may be written before the folder is looked through again
  std::list<Entry> newest_first_;
  std::unordered_map<std::string, std::list<Entry>::iterator> index_;
  std::string warning_;
};

}  // namespace mid
