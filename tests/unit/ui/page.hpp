#pragma once
#include <imgui.h>

#include <functional>
#include <memory>
#include <string>

#include "mid/session/session.hpp"
#include "ui/app.hpp"

namespace mid::test {

/// The page without a screen: ImGui's context, mid::ui::App and a Session in turns on one thread. Time passes by frames,
/// a sixtieth of a second each, whatever the machine does.
class Page {
 public:
  /// Begins with `link`, or story 1. `still`: for a visitor whose system asks for less motion; then nothing is on its way. `helped`: with a
  /// second Session for what nobody waits for. `alone`, and `helped`: it finds nothing that another page of this program has finished, so
  /// that its runs take their time.
  explicit Page(int width = 1280, int height = 720, const std::string& link = {}, bool still = false, bool helped = false,
                bool alone = false);
  ~Page();
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  void resize(int width, int height, float scale = 1);
  /// Draws `n` frames, with the Session's work between them. Returns what App::draw said last.
  double frames(int n = 1);
  /// Until nothing runs and nothing moves.
  void rest();
  /// Runs a story, until nothing moves.
  void tell(const std::string& story);
  /// Sets fields as the panel does ("defense.beta": .1, ...), until nothing moves.
  void set(const Json& fields);
  /// One more frame, and what it painted.
  ui::Seen look();
  /// Whether one more frame paints a text with this part.
  bool paints(const std::string& part);

  Json state() const { return app->state(); }
  bool has(const std::string& control) const { return state()["controls"].contains(control); }
  /// Presses and releases the mouse in the middle of a control.
  void click(const std::string& control);
  /// Moves the mouse over the page, in logical pixels.
  void point(float x, float y);
  void button(bool down);
  /// Moves the mouse and lets it go before the next frame, as a quick hand does.
  void let_go_at(float x, float y);
  void press(ImGuiKey key, bool with_shift = false);
  /// Presses Tab until the control has the focus.
  void tab_to(const std::string& control);
  /// Where the thumb of the slider stands on its `stop`-th of `stops`.
  ui::Box stop(int stop, int stops) const;

  int uploads = 0, asked_for_file = 0, asked_for_manual = 0, asked_to_paste = 0;
  std::function<void(const std::string&)> announce;                        ///< hears what those hear who cannot see the page
  std::string copied, copied_text, address, kept, saved_name, saved_text;  ///< what the page gave to the world around it

 private:
  ImGuiContext* context_;
  Session session_;
  std::unique_ptr<Session> second_;
  double now_ = 0;
  int width_ = 0, height_ = 0;
  float scale_ = 1;

 public:
  std::unique_ptr<ui::App> app;
};

}  // namespace mid::test
