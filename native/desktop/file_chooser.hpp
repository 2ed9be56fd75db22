#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "outside/process.hpp"

namespace mid::desktop {

/// Lets the visitor choose a file by the chooser of their desktop (zenity, kdialog): SDL2 has none. The chooser is a program of its own,
/// so the window goes on meanwhile.
class FileChooser {
 public:
  /// How a choice ended: `path` of the file, or `failed`, a few words of a chooser that could not open; neither: nothing was chosen.
  struct Choice {
    std::filesystem::path path;
    std::string failed;
  };

  /// `ended` is called from another thread when there is something to take().
  explicit FileChooser(std::function<void()> ended) : ended_(std::move(ended)) {}
  /// Closes a chooser that is still open.
  ~FileChooser() = default;
  FileChooser(const FileChooser&) = delete;
  FileChooser& operator=(const FileChooser&) = delete;

  /// Opens one under this title; nothing happens while one is open. False: none of them is installed.
  bool open(const std::string& title);
  /// How the last choice ended, once.
  std::optional<Choice> take();

 private:
  void wait(const std::stop_token& stop, outside::Process& process, const std::string& program);

  std::function<void()> ended_;
  std::mutex mutex_;
  std::optional<Choice> choice_;
  bool open_ = false;
  std::jthread waiting_;  // last: ends before what it writes to
};

}  // namespace mid::desktop
