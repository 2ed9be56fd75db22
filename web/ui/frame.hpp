#pragma once
#include <functional>
#include <string>

#include "classroom.hpp"
#include "controls.hpp"
#include "layout.hpp"
#include "motion.hpp"
#include "pad.hpp"
#include "page_model.hpp"
#include "pictures.hpp"
#include "strings.hpp"

namespace mid::ui {

/// How the visitor looks at it: travels in the link, never changes a run.
struct View {
  enum Pane { stage, trade_off, explain, help, advanced, share, lesson, classroom } pane = stage;
  Look look = Look::light;
  std::string language = "en";                    ///< its code, as in set_language
  bool present = false;                           ///< for a room: stage, slider and numbers alone, in large letters
  Look before = Look::light;                      ///< what leaving the presentation goes back to
  int draw = 0;                                   ///< which pictures "Draw again" came to
  int person = 0;                                 ///< whose bells are shown
  enum Card { trade, table, told } card = trade;  ///< the tab of the chart's card
  int section = 0;                                ///< of the Advanced sheet
  int sheet_page = 0;                             ///< of its rows
  /// The QR code of a link, as long as the link stays the same.
  struct Code {
    std::string of;
    int size = 0;  ///< cells along a side; 0: none
    std::vector<bool> dark;
  } code;
  int export_times = 2;  ///< size of an exported picture
  /// What is hidden until somebody asks to see it, each with all before it: a class is to say first what it expects.
  enum Hide { nothing, explanation, chart, controls } hide = nothing;
  Hide share_hide = nothing;  ///< for whoever opens the link that is shared
  /// The codes that a class sent, as they were pasted; read once.
  std::string class_text;
  const ClassRuns& class_runs(ClassRuns (*reader)(std::string_view)) {
    if (class_read_of_ != class_text) class_read_of_ = class_text, class_read_ = reader(class_text);
    return class_read_;
  }
  std::string class_read_of_;
  ClassRuns class_read_;
  Pad pad;              ///< a digit of the visitor's own
  bool trying = false;  ///< "What to try" in the place of "Be honest"
  bool dragging = false;
  /// Into the presentation and out of it.
  void set_present(bool on) {
    if (on == present) return;
    present = on, pane = pane == lesson ? lesson : stage;
    if (on)
      before = look, look = Look::contrast;
    else
      look = before;
  }
  /// Where one is in a lesson.
  struct LessonPlace {
    std::string key;  ///< empty: at their list
    int step = 0;
    int answer = -1;          ///< to the step's question; -1: not yet
    int page = 0, pages = 1;  ///< of the step, where it does not fit at once
    bool first_seed = false;  ///< nothing has run yet: it begins with seed 1
    Json spec;                ///< of the step; null: not made yet
  } lesson_place;
  /// The attack step by step, and beside a model that nobody defended.
  struct Theatre {
    static constexpr int kEnd = 1 << 20;  ///< of `at`: behind the last step, at what was kept
    bool open = false, beside = false, playing = false;
    int at = kEnd;    ///< place among the steps
    int serial = 0;   ///< of what is shown: something else begins at its end
    double next = 0;  ///< when it moves on
  } theatre;
  /// A value of the Advanced sheet that is being typed.
  struct Typing {
    std::string path, before;  ///< empty: none
    char text[200] = {};
    bool fresh = false;
  } typing;
};

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

// The panels, each in the file of its name.
void top_bar(Frame& f);
/// The bar of a presentation: what is shown, what runs, pause, close.
void presentation_bar(Frame& f);
/// Its keys: Escape leaves, the keys of a presenter's remote set the next and the last strength.
void presentation_keys(Frame& f);
void transport(Frame& f, Box box);
/// What the button that pauses and goes on says, and what a press of it does.
std::string_view play_words(const PageModel& model);
void press_play(PageModel& model);
void stage_pictures(Frame& f);
/// Opens and closes the theatre; false: nothing on the stage could be watched.
bool theatre_button(Frame& f, Box box);
bool has_theatre(const PageModel& model);
bool theatre_open(const PageModel& model, const View& view);
/// Whether the rows of the same model without defence are on the stage.
bool theatre_beside(const PageModel& model, const View& view);
/// Its strip: play, one step, the cursor, the model without defence. `lines` 2: with a sentence under it.
void theatre(Frame& f, Box box, int lines);
/// The steps that its cursor may stand at; empty: this attack does not go step by step.
const std::vector<int>& theatre_steps(const PageModel& model, const View& view);
/// The step that the stage shows; -1: what was kept.
int theatre_step(const PageModel& model, const View& view);
void stage_beliefs(Frame& f);
void stage_tree(Frame& f);
void stage_dose(Frame& f);
/// The wizard for a table of one's own, in the stage's place.
void stage_own(Frame& f);
/// The paper for a digit of one's own, in the stage's place.
void stage_pad(Frame& f);
void slider(Frame& f, Box box);
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
void explain(Frame& f, Box box);
/// The sum that training keeps small, in words, numbers now and symbols; of a tree what a question is worth.
void formula(Frame& f, Box box);
void help(Frame& f, Box box);
/// In the place of what a link hides.
void hidden(Frame& f, Box box);
/// QR code, link, command line, citation; picture, chart and figures as files.
void share(Frame& f, Box box);
/// What a class found: its codes as a histogram of either number.
void classroom(Frame& f, Box box);
/// The card at the lower right: the chart or the attack table under two tabs.
void runs_card(Frame& f, Box box);
/// Below the card's tabs.
void trade_off(Frame& f, Box box);
void attack_table(Frame& f, Box box);
void information_plane(Frame& f, Box box);
void advanced(Frame& f, Box box);
/// The list of lessons, or the step that is played.
void lesson_panel(Frame& f, Box box);
void tabs(Frame& f);
void notices(Frame& f);

}  // namespace mid::ui
