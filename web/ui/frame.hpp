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
  int draw = 0;       ///< which pictures "Draw again" came to
  int person = 0;     ///< whose bells are shown
  bool table = false; ///< the chart's card shows the attack table
  int section = 0;    ///< of the Advanced sheet
  int sheet_page = 0; ///< of its rows
  bool trying = false; ///< "What to try" in the place of "Be honest"
  bool dragging = false;
  /// A value of the Advanced sheet that is being typed.
  struct Typing {
    std::string path, before;  ///< empty: none
    char text[200] = {};
    bool fresh = false;
  } typing;
};

/// What panels ask of the machine they run on.
struct Doors {
  std::function<void(const std::string&)> copy;  ///< puts a text on the clipboard
  ImTextureID pictures{};                        ///< the texture of Pictures
  std::function<void()> choose_file;             ///< lets the visitor choose a file; null: files can only be dropped
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
void stage_tree(Frame& f);
void stage_dose(Frame& f);
/// The wizard for a table of one's own, in the stage's place.
void stage_own(Frame& f);
void slider(Frame& f, Box box);
void numbers(Frame& f, Box box);
/// The head of a stage's card; true: show the attack on others.
bool stage_head(Frame& f, Box card);
/// A stage that fills its card, drawn with its head.
struct StageCard {
  Box card, inner;       ///< `inner`: below the head, inside the padding
  bool another = false;  ///< show the attack on others
};
StageCard stage_card(Frame& f);
/// The main button of a stage; true: show the attack on others.
bool attack_button(Frame& f, Box box, bool with_words);
float attack_button_width(const Frame& f, bool with_words);
void explain(Frame& f, Box box);
/// The sum that training keeps small, in words, numbers now and symbols; of a tree what a question is worth.
void formula(Frame& f, Box box);
void help(Frame& f, Box box);
/// The card at the lower right: the chart or the attack table under two tabs.
void runs_card(Frame& f, Box box);
/// Below the card's tabs.
void trade_off(Frame& f, Box box);
void attack_table(Frame& f, Box box);
void advanced(Frame& f, Box box);
void tabs(Frame& f);
void notices(Frame& f);

}  // namespace mid::ui
