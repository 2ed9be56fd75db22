#pragma once
#include <memory>
#include <optional>

#include "file_chooser.hpp"
#include "kept.hpp"
#include "mid/session/thread_host.hpp"
#include "options.hpp"
#include "ui/app.hpp"
#include "window.hpp"

namespace mid::desktop {

/// The desktop's page: mid::ui::App in a window, the core on a thread of its own. It draws when something happened and
/// sleeps otherwise.
class Studio {
 public:
  /// `spec` is shown first, if it is one. Throws Failure when no window can be opened.
  Studio(const Options& options, const Json& spec);

  /// Until the window is closed.
  void run();
  /// Until all has come to rest, then writes the picture. Throws Failure when that takes too long, or when the run failed.
  void take_picture();

 private:
  bool help(const Json& command);
  void turn();
  void sleep();
  void handle(const SDL_Event& event);
  bool key(const SDL_KeyboardEvent& key);
  void open(const std::filesystem::path& path);
  void choose_file();
  void take_chosen_file();
  void save(const std::string& name, const std::string& text);
  void follow(const std::string& pasted);
  void paste_codes();
  void set_text_scale(float scale);
  void next_device();
  void tell_device(const DeviceState& device);
  void keep();
  void draw();
  bool at_rest() const;

  Options options_;
  bool picture_only_;
  Kept kept_;
  Window window_;
  Uint32 news_;
  std::function<void()> wake_up_;  ///< from any thread: there is something to look at
  ThreadHost host_;
  std::optional<ThreadHost> second_;  ///< for runs that nobody waits for, while there are some
  std::unique_ptr<ui::App> app_;
  FileChooser chooser_;
  bool quit_ = false;
  int frames_due_ = 0;  ///< ImGui needs a few until a click has had all its consequences
  double wake_ = 0;     ///< as App::draw said
  double drawn_at_ = -1;
  std::string device_note_;
};

}  // namespace mid::desktop
