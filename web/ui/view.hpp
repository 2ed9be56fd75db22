#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ui/classroom.hpp"
#include "ui/draw/theme.hpp"
#include "ui/pad.hpp"
#include "ui/panel.hpp"

namespace mid::ui {

/// How the visitor looks at it: travels in the link, never changes a run.
struct View {
  /// What is open beside the stage or in its place; null: nothing is.
  const Panel* pane = nullptr;
  /// Opens a panel by its name.
  void open(std::string_view name) { pane = panel_called(name); }
  bool is_open(std::string_view name) const { return pane && pane == panel_called(name); }
  /// Opens it, or closes it where it is open.
  void toggle(std::string_view name) { is_open(name) ? close() : open(name); }
  void close() { pane = nullptr; }
  Look look = Look::light;
  std::string language = "en";                           ///< its code, as in set_language
  bool present = false;                                  ///< for a room: stage, slider and numbers alone, in large letters
  Look before = Look::light;                             ///< what leaving the presentation goes back to
  int draw = 0;                                          ///< which pictures "Draw again" came to
  int person = 0;                                        ///< whose bells are shown
  enum Card { trade, table, information } card = trade;  ///< the tab of the chart's card
  /// The trade-off: enlarged, and the use that is asked for (below 0: what the chart suggests).
  struct Trade {
    bool large = false;
    double floor = -1;
  } chart_view;
  int section = 0;     ///< of the Advanced sheet
  int sheet_page = 0;  ///< of its rows
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
  bool trying = false;  ///< "What to try" in the place of "What this does not show"
  bool dragging = false;
  /// Into the presentation and out of it.
  void set_present(bool on) {
    if (on == present) return;
    present = on, pane = pane && pane->strip ? pane : nullptr;
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
  /// Where one is in a guided tour, whose step is `lesson_place`'s.
  struct Tour {
    int stop = 0;         ///< among those of the step
    bool playing = true;  ///< goes on by itself; any click elsewhere takes over
    double since = -1;    ///< when it came to its stop; negative: with the next frame
  } tour;
  bool compare = true;  ///< the attacker of the same model without defence stands above that of the defended one
  int column = 0;       ///< of the chosen picture
  int number = -1;      ///< of its numbers, the one that is named; -1: none
  /// The line-up of the chosen picture.
  struct LineUp {
    bool open = false;
    bool plain = false;    ///< of what is drawn where there is no defence
    bool by_keys = false;  ///< the keyboard opened it and has the focus back at its end
    int yours = -1;        ///< the place that the visitor picked; -1: none yet
    int serial = 0;        ///< of the run and the choice of pictures that it is about: of another one it closes
    int draw = 0, column = 0;
    float longer = 0;  ///< pixels that its texts need beyond a line each
  } line_up;
  /// The attack step by step.
  struct Theatre {
    static constexpr int kEnd = 1 << 20;  ///< of `at`: behind the last step, at what was kept
    bool open = false, playing = false;
    int at = kEnd;    ///< place among the steps
    int serial = 0;   ///< of what is shown: something else begins at its end
    double next = 0;  ///< when it moves on
  } theatre;
  /// The walk of the chosen picture, station by station (walk.hpp).
  struct Walk {
    static constexpr int kStations = 5;             ///< picture, network, numbers, attacker, picture
    static constexpr double kStay = .8, kRun = .2;  ///< seconds at a station, the last of them on the way to the next
    static constexpr double kStill = 1.6;           ///< the same where nothing may move
    int station = 0;                                ///< 1 to kStations; 0: it does not go
    bool playing = false;
    double since = -1;  ///< when it came there; negative: with the next frame
    int serial = 0;     ///< of the run that it is about: another one ends it
  } walk;
  /// What of a tree's branches the visitor opened and closed.
  struct Branches {
    std::vector<int> opened;     ///< questions
    std::set<int> closed;        ///< the same
    std::map<int, int> turned;   ///< of a question: how many of its branches others have taken the place of
    int focus = -1;              ///< the question opened last; -1: none since the person was chosen
    int person = 0, serial = 0;  ///< of another one the focus ends, of another run all of it
    void open(int node) { closed.erase(node), std::erase(opened, node), opened.insert(opened.begin(), focus = node); }
    void close(int node) { std::erase(opened, node), turned.erase(node), closed.insert(node); }
    /// Begins anew where it was about something else.
    void follow(int run, int who) {
      if (run != serial) *this = {}, serial = run;
      if (who != person) focus = -1, person = who;
    }
  } branches;
  /// A value of the Advanced sheet that is being typed.
  struct Typing {
    std::string path, before;  ///< empty: none
    char text[200] = {};
    bool fresh = false;
  } typing;
};

}  // namespace mid::ui
