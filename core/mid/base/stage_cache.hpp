#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "mid/base/archive.hpp"
#include "mid/base/json.hpp"

namespace mid {

/// Finished stages of runs, found again by what they depend on: a new attack never retrains, two attacks share a victim,
/// going back to a dot in a chart is free. Entries are bytes; memory holds the newest, the folder (if any) all of them up
/// to a limit, the least recently used going first.
class StageCache {
 public:
  /// `folder` empty: memory only. Limits in bytes.
  explicit StageCache(std::filesystem::path folder = {}, std::uint64_t memory_limit = 64ull << 20, std::uint64_t disk_limit = 2ull << 30);

  /// The key of stage `stage` with the parts of the specification that it depends on. Of this build's sources those are in it
  /// that the stage's code depends on (core/cmake/stages.cmake): another build's figures are never taken for ours.
  static std::string key(std::string_view stage, const Json& parts);

  /// The bytes that were put under this key. A file that cannot be read, is damaged or was put under another key counts as not
  /// there.
  std::optional<std::string> find(const std::string& key);
  /// Has `read` take in what stands under this key. False when there is nothing, or nothing that `read` can make sense of (it
  /// throws): that entry is removed, and the stage has to be computed. `read` changes nothing before it has read all.
  bool load(const std::string& key, const std::function<void(Unpacker&)>& read);
  /// Keeps the bytes. A folder that cannot be written is reported by warning(), once; the run goes on.
  void put(const std::string& key, std::string bytes);
  void erase(const std::string& key);
  /// Removes every entry, and what writes that were cut off left behind; returns how many entries that were. Throws Failure when the folder
  /// or a file of it resists.
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
