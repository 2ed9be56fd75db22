#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ui/draw/paint.hpp"

namespace mid::ui {

/// How a control is being touched in this frame.
struct Touch {
  bool hovered = false, held = false, clicked = false;
  /// By the mouse: held, or let go in this frame. Where the mouse is then counts, too: a quick hand moves and lets go between two frames.
  bool dragged = false;
  bool focused = false;  ///< by keyboard: it wears the ring
};

/// Invisible buttons of ImGui under drawn controls, so that mouse, touch and keyboard navigation come from one place; the
/// focus ring, which goes to its nearest neighbour when its control disappears; tooltips; where the Tab key leaves the page's canvas.
class Widgets {
 public:
  void begin(Paint& paint, double now);
  /// Draws tooltip and ring over everything else. Returns the seconds until it needs a frame; negative: none.
  double end();

  /// A control. `radius` shapes its ring. An empty `tip` shows none.
  Touch button(const char* id, Box box, std::string_view tip = {}, float radius = 8);

  /// Gives the focus to the next button of this name that is made.
  void focus(std::string id) { wanted_ = std::move(id); }
  /// Puts the focus on the first (or last) control in the next frame: the canvas was entered by Tab.
  void enter(bool at_end);
  /// Gives the focus to another control of this frame, as arrows do inside something that is one stop for Tab.
  void move_to(const std::string& id);
  /// Whether a press of Tab moves on inside; if not, the page's next element gets the focus.
  bool keeps_tab(bool backwards) const;
  /// Notes where something that is no button() can be clicked.
  void note(const std::string& id, Box box) { places_[id] = box; }
  /// Where the controls of the last frame stand: for tests and programs beside the page.
  const std::map<std::string, Box>& places() const { return places_; }
  /// Which of them wears the ring; empty: none.
  const std::string& focused() const { return focused_name_; }

 private:
  void pass_focus_on();

  Paint* paint_ = nullptr;
  double now_ = 0, hovered_since_ = 0;
  unsigned hovered_ = 0, first_ = 0, last_ = 0, focused_ = 0, hovered_now_ = 0;
  int enter_ = 0;
  Box ring_{}, tip_box_{};
  float ring_radius_ = 0;
  std::string tip_, focused_name_, wanted_;
  std::map<std::string, Box> places_;
  std::vector<std::pair<unsigned, Box>> buttons_;  // of this frame
  unsigned had_focus_ = 0;                         // in the last frame, and where it stood
  Box had_focus_at_{};
};

/// `colour` as it looks under the pointer: 14 % towards ink, pressed 28 %.
ImU32 touched(const Paint& paint, ImU32 colour, const Touch& touch);

}  // namespace mid::ui
