#pragma once
#include <functional>
#include <string>

#include "controls.hpp"
#include "lab.hpp"
#include "layout.hpp"
#include "motion.hpp"
#include "pictures.hpp"

namespace mid::ui {

/// How the visitor looks at it: travels in the link, never changes a run.
struct View {
  enum Pane { stage, trade_off, explain, help, advanced } pane = stage;
  bool dark = false;
  bool dose = false;  ///< the track that comes later is looked at
  int draw = 0;       ///< which pictures "Draw again" came to
  int person = 0;     ///< whose bells are shown
  bool table = false; ///< the chart's card shows the attack table
  int section = 0;    ///< of the Advanced sheet
  bool dragging = false;
};

/// What panels ask of the machine they run on.
struct Doors {
  std::function<void(const std::string&)> copy;  ///< puts a text on the clipboard
  ImTextureID pictures{};                        ///< the texture of Pictures
};

/// All that a panel needs to draw one frame.
struct Frame {
  Paint& paint;
  Controls& controls;
  Motion& motion;
  Lab& lab;
  View& view;
  const Layout& layout;
  Pictures& pictures;
  Doors& doors;
  double now;
  double wake = -1;  ///< seconds until the next frame is wanted; negative: none

  const Theme& theme() const { return paint.theme; }
  void wake_in(double seconds) {
    if (wake < 0 || seconds < wake) wake = seconds;
  }
};

// The panels, each in the file of its name.
void top_bar(Frame& f, const std::function<std::string()>& link);
void transport(Frame& f, Box box);
void stage_pictures(Frame& f);
void stage_beliefs(Frame& f);
void stage_dose(Frame& f);
void slider(Frame& f, Box box);
void numbers(Frame& f, Box box);
void explain(Frame& f, Box box);
void help(Frame& f, Box box);
void trade_off(Frame& f, Box box);
void tabs(Frame& f);
void notices(Frame& f);

}  // namespace mid::ui
