#include "file_chooser.hpp"

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace mid::desktop {
namespace {

/// The choosers that there may be, that of the visitor's desktop first.
std::array<std::vector<std::string>, 2> choosers(const std::string& title) {
  std::array<std::vector<std::string>, 2> all = {
      std::vector<std::string>{"zenity", "--file-selection", "--title=" + title},
      std::vector<std::string>{"kdialog", "--title", title, "--getopenfilename", "."},
  };
  const char* desktop = std::getenv("XDG_CURRENT_DESKTOP");
  if (desktop && std::string_view(desktop).find("KDE") != std::string_view::npos) std::swap(all[0], all[1]);
  return all;
}

}  // namespace

bool FileChooser::open(const std::string& title) {
  {
    const std::lock_guard lock(mutex_);
    if (open_) return true;
  }
  for (const std::vector<std::string>& command : choosers(title)) {
    auto process = std::make_unique<outside::Process>();
    if (!process->start(command).empty()) continue;
    open_ = true;
    waiting_ = std::jthread(
        [this, process = std::move(process), program = command[0]](const std::stop_token& stop) mutable { wait(stop, *process, program); });
    return true;
  }
  return false;
}

void FileChooser::wait(const std::stop_token& stop, outside::Process& process, const std::string& program) {
  constexpr int kLookAtStop = 100;  // milliseconds
  std::string output, error;
  while (!stop.stop_requested() && process.read_some(output, error, false, kLookAtStop)) {
  }
  process.end();
  if (stop.stop_requested()) return;
  Choice choice;
  // Both write one path and a line end; a name may hold line ends of its own.
  if (output.ends_with('\n')) output.pop_back();
  choice.path = std::filesystem::u8path(output);
  constexpr std::string_view kUsual[] = {"exit status 0", "exit status 1"};  // 1: closed without a choice
  const std::string how = process.how();
  if (output.empty() && how != kUsual[0] && how != kUsual[1]) choice.failed = program + ": " + how;
  {
    const std::lock_guard lock(mutex_);
    choice_ = std::move(choice);
    open_ = false;
  }
  ended_();
}

std::optional<FileChooser::Choice> FileChooser::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(choice_, std::nullopt);
}

}  // namespace mid::desktop
