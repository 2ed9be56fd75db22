#pragma once
#include <cstdlib>
#include <filesystem>
#include <string>

#include "../temporary_folder.hpp"
#include "mid/base/file.hpp"

/// A folder of its own for a test, and what it puts there.
class Folder : public TemporaryFolder {
 public:
  /// Writes a file and returns its path.
  std::string write(const std::string& name, const std::string& bytes) const {
    mid::write_file(path() / name, bytes);
    return (path() / name).string();
  }
};

/// MIDLAB_DATA points elsewhere as long as this lives.
class DataFolderIs {
 public:
  explicit DataFolderIs(const std::filesystem::path& path) {
    if (const char* old = std::getenv("MIDLAB_DATA")) old_ = old;
    set(path.string());
  }
  ~DataFolderIs() { set(old_); }
  DataFolderIs(const DataFolderIs&) = delete;
  DataFolderIs& operator=(const DataFolderIs&) = delete;

 private:
  // An empty value counts as not set.
  static void set(const std::string& value) {
#if defined(_WIN32)
    _putenv_s("MIDLAB_DATA", value.c_str());
#else
    setenv("MIDLAB_DATA", value.c_str(), 1);
#endif
  }
  std::string old_;
};
