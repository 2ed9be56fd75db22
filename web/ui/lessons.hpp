#pragma once
#include "mid/teach/lesson.hpp"
#include "ui/frame.hpp"

namespace mid::ui {

// What is done in a lesson; View::lesson_place says where one is.

/// Opens a lesson at its first step, or at another, and sets the page to it; an unknown key shows the list.
void open_lesson(PageModel& model, View& view, const std::string& key, int step = 0);
/// Goes to a step. One without a question runs at once, the others when it is answered.
void show_step(PageModel& model, View& view, int step);
/// Predicts: the step's run begins.
void answer_question(PageModel& model, View& view, int option);
/// {"do": "lesson", "key": ..., "step": from 1, "answer": from 1}: any of the three.
void lesson_command(PageModel& model, View& view, const Json& command);

/// An expectation of the step and what came of it.
struct LessonLine {
  std::string text;  ///< with **strong** parts
  bool good = false;
};
/// What a panel and the plain form say about the step that is shown.
struct LessonState {
  const Lesson* lesson = nullptr;  ///< null: the list
  const LessonStep* step = nullptr;
  enum class At { asking, elsewhere, running, seen } at = At::running;  ///< elsewhere: the settings are another step's
  std::vector<LessonLine> lines;                                        ///< when seen
  std::string say, ask, see;                                            ///< with the page's own figures where it has them
};
LessonState lesson_state(const PageModel& model, View& view);
/// Begins the first guided tour, where there is one.
void open_tour(PageModel& model, View& view);
/// Whether a key is that of a guided tour.
bool is_tour(const std::string& key);
/// The options of a question as buttons called "lesson.option.N", each `least` high or as high as its lines need; returns the one that
/// was picked, or -1.
int options(Frame& f, const Question& question, Box box, float least, float line);
float options_height(Frame& f, const Question& question, float width, float least, float line);
/// The same as JSON, for programs beside the page.
Json lesson_json(const PageModel& model, const View& view);
}  // namespace mid::ui
