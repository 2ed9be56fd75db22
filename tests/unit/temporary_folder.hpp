#pragma once
#include <filesystem>
#include <random>
#include <string>

/// A folder of its own for a test, gone afterwards: no other test, and no other run of this one, has it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::random_device random;
    do path_ = std::filesystem::temp_directory_path() / ("midlab-test-" + std::to_string(random()));
    while (!std::filesystem::create_directories(path_));
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};
