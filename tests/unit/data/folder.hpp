#pragma once
#include <cstdlib>
#include <filesystem>
#include <string>

#include "mid/base/file.hpp"

/// A folder of its own for a test, gone afterwards.
class Folder {
 public:
  explicit Folder(const std::string& name) : path_(std::filesystem::temp_directory_path() / ("midlab-test-data-" + name)) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Writes a file and returns its path.
  std::string write(const std::string& name, const std::string& bytes) const {
    mid::write_file(path_ / name, bytes);
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
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
