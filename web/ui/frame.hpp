#pragma once
#include <functional>
#include <string>

#include "ui/draw/controls.hpp"
#include "ui/draw/layout.hpp"
#include "ui/draw/motion.hpp"
#include "ui/page_model.hpp"
#include "ui/pictures.hpp"
#include "ui/strings.hpp"
#include "ui/view.hpp"

namespace mid::ui {

/// What panels ask of the machine they run on.
struct Platform {
  std::function<void(const std::string&)> copy;                                      ///< puts a link with this state on the clipboard
  std::function<void(const std::string&)> copy_text;                                 ///< puts a text on the clipboard
  std::function<void(const std::string& name, const std::string& bytes)> save_file;  ///< the visitor gets this file; may be null
  std::string address;                    ///< of the page, before "#s="; empty: it has none that others can open
  ImTextureID pictures{};                 ///< the texture of Pictures
  std::function<void(bool)> full_screen;  ///< a presentation began or ended; may be null
  std::function<void()> paste;            ///< brings what is on the clipboard, as the command "class"; null: only by keys
  std::function<void()> choose_file;      ///< lets the visitor choose a file; null: files can only be dropped
  std::function<void()> open_manual;      ///< opens the manual; null: there is none beside the page
};

/// All that a panel needs to draw one frame.
struct Frame {
  Paint& paint;
  Widgets& controls;
  Motion& motion;
  PageModel& model;
  View& view;
  const Layout& layout;
  Pictures& pictures;
  Platform& doors;
  double now;
  double wake = -1;  ///< seconds until the next frame is wanted; negative: none

  /// Into the presentation and out of it.
  void present(bool on) {
    view.set_present(on);
    if (doors.full_screen) doors.full_screen(on);
  }
  const Theme& theme() const { return paint.theme; }
  void wake_in(double seconds) {
    if (wake < 0 || seconds < wake) wake = seconds;
  }
};

// What always stands on the page, and what panels draw of each other.
void top_bar(Frame& f);
/// The bar of a presentation: what is shown, what runs, pause, close.
void presentation_bar(Frame& f);
/// Its keys: Escape leaves, the keys of a presenter's remote set the next and the last strength.
void presentation_keys(Frame& f);
void transport(Frame& f, Box box);
/// On small pages: what the stage asks and, where there is room, a line about it or about the run under way.
void small_question(Frame& f, Box box);
/// What the button that pauses and goes on says, and what a press of it does.
std::string_view play_words(const PageModel& model);
void press_play(PageModel& model);
void stage_pictures(Frame& f);
/// The paper for a digit of one's own, with the story that takes it.
void open_pad(PageModel& model, View& view);
/// Opens and closes the theatre; false: nothing on the stage could be watched.
bool theatre_button(Frame& f, Box box);
bool has_theatre(const PageModel& model);
bool theatre_open(const PageModel& model, const View& view);
/// Whether the attacker was told something about each picture on the stage.
bool has_numbers(const PageModel& model);
/// What a run is called beside the one without defence: "MID 0.1".
std::string row_name(const Shown& shown);
std::string row_name(const PageModel& model);  ///< the one on the stage
/// "Visitor 4".
std::string picture_name(const PageModel& model, int column);
/// Where the chosen picture stands: its row in a sheet and its column on the stage, as far as there are so many.
struct ChosenPicture {
  int row = -1, column = 0;  ///< row -1: there is none
};
ChosenPicture chosen_picture(const PageModel& model, const View& view, const PictureSheet& sheet);
/// Whether the attacker of the same model without defence stands above that of the defended one.
bool compared(const PageModel& model, const View& view);
/// Its strip: play, one step, the cursor, the model without defence. `lines` 2: with a sentence under it.
void theatre(Frame& f, Box box, int lines);
/// The steps that its cursor may stand at; empty: this attack does not go step by step.
const std::vector<int>& theatre_steps(const PageModel& model, const View& view);
/// The step that the stage shows; -1: what was kept.
int theatre_step(const PageModel& model, const View& view);
/// No defence, the chosen one and the story's companions in columns, where the story has some and nothing goes step by step.
bool shows_columns(const Frame& f);
void stage_inside(Frame& f);
/// Those companions, in the order of their names; null: still to come.
std::vector<const Shown*> companions_in_order(const PageModel& model);
void stage_beliefs(Frame& f);
void stage_tree(Frame& f);
void stage_dose(Frame& f);
/// Somebody whom the model learnt from beside a stranger, and whether they can be told apart.
void stage_members(Frame& f);
/// How often such an attacker puts somebody on the right list (the companion "membership"), by how well the model fits them: of few records
/// that tells more than its rival does. Without a value: still to come.
Measure told_apart(const PageModel& model, bool defended = true);
void slider(Frame& f, Box box);
/// Place of a strength along the stops, 0 to stops - 1: even steps, in between on a logarithmic scale (from Off on a linear one).
float place_of(const std::vector<double>& stops, double strength);
/// Which defence the slider sets: a row of segments, where there is no room for one a menu. Returns the width that it took.
float defence_switch(Frame& f, Box room);
/// What is under way, in as few words as the slider's head has room for; empty: nothing.
std::string busy_words(const PageModel& model);
void numbers(Frame& f, Box box);
/// The head of a stage's card; true: show the attack on others.
bool stage_head(Frame& f, Box card);
/// The stage's card, drawn empty.
Box stage_ground(Frame& f);
/// A stage that fills its card, drawn with its head.
struct StageCard {
  Box card, inner;       ///< `inner`: below the head, inside the padding
  bool another = false;  ///< show the attack on others
};
StageCard stage_card(Frame& f);
/// The main button of a stage; true: show the attack on others.
bool attack_button(Frame& f, Box box, bool with_words);
float attack_button_width(const Frame& f, bool with_words);
/// The sum that training keeps small, in words, numbers now and symbols; of a tree what a question is worth.
void formula(Frame& f, Box box);
/// In the place of what a link hides.
void hidden(Frame& f, Box box);
/// Below the tabs of the chart's card.
void attack_table(Frame& f, Box box);
void information_plane(Frame& f, Box box);
/// On phones: what stands on the page.
void tabs(Frame& f);
void notices(Frame& f);

}  // namespace mid::ui
