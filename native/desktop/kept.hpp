#pragma once
#include <filesystem>
#include <string>

namespace mid::desktop {

/// What the window goes on with at its next start, in one file of the user's state folder. A file that is missing or
/// cannot be read is the same as none.
struct Kept {
  std::string page;  ///< what mid::ui::App's keep_state gave: the link and the Session's runs
  float text_scale = 1;
  std::string device = "cpu";  ///< what runs compute on: cpu, gpu or auto

  static Kept read(const std::filesystem::path& file);
  /// Under a temporary name, then renamed. Throws Failure when the disk refuses.
  void write(const std::filesystem::path& file) const;
};

/// $XDG_STATE_HOME/midlab/studio.json, or the system's usual place; empty: there is none, and nothing is kept.
std::filesystem::path kept_file();

}  // namespace mid::desktop
