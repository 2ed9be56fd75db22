#include "ui/lessons.hpp"

#include <algorithm>

#include "ui/strings.hpp"

namespace mid::ui {
namespace {

std::uint64_t seed_of(const PageModel& model) { return static_cast<std::uint64_t>(std::max(model.choice().seed(), 0)); }

/// Whether the page's choice is the step's, whatever the seed.
bool is_chosen(const PageModel& model, const Json& spec) {
  Json chosen = model.choice().spec();
  if (!chosen.is_object()) return false;
  chosen["seed"] = spec["seed"];
  return chosen == spec;
}

void run_step(PageModel& model, const View& view, const LessonStep& step, std::uint64_t seed) {
  if (view.lesson_place.spec.is_object()) model.adopt(step_spec(step, seed), find_story(step.preset), false);
}

/// A figure of an earlier step, from the list of runs.
std::optional<double> earlier_figure(const PageModel& model, const LessonStep& step, const Expectation& e) {
  if (!model.runs().saved()) return std::nullopt;
  const Json spec = step_spec(step, seed_of(model));
  for (const SavedRun& run : model.runs().saved()->runs) {
    const SavedRun::Values* group = run.spec == spec ? run.group(e.group) : nullptr;
    if (!group) continue;
    if (const auto at = group->find(e.measure); at != group->end() && at->second) return at->second;
  }
  return std::nullopt;
}

LessonLine line_of(const PageModel& model, const Lesson& lesson, const Expectation& e) {
  const std::string in(text_language());
  const std::optional<double> figure = model.runs().figure(e.group, e.measure).value;
  const Finding f = found(e, figure, e.than ? earlier_figure(model, lesson.steps[*e.than], e) : std::nullopt);
  std::string text = expectation_name(e, in) + ": ";
  // Sentences begin with a capital.
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  if (!f.seen && e.than) return {text + words("lesson.missing", {{"n", std::to_string(*e.than + 1)}}), false};
  text += "**" + (f.seen ? expectation_value(e, *f.seen, in) : std::string(words("number.none"))) + "**, ";
  text += words(f.as_expected ? "lesson.expected" : "lesson.unexpected", {{"range", expectation_range(e, in)}});
  return {text, f.as_expected};
}

}  // namespace

void open_lesson(PageModel& model, View& view, const std::string& key, int step) {
  view.open("lesson");
  view.lesson_place = {};
  if (!find_lesson(key)) return;
  view.lesson_place.key = key;
  view.lesson_place.first_seed = true;
  show_step(model, view, step);
}

void show_step(PageModel& model, View& view, int step) {
  const Lesson* l = find_lesson(view.lesson_place.key);
  if (!l) return;
  const std::uint64_t seed = view.lesson_place.first_seed ? 1 : seed_of(model);
  const int last = static_cast<int>(l->steps.size()) - 1;
  view.lesson_place.step = std::clamp(step, 0, last), view.lesson_place.answer = -1, view.lesson_place.page = 0;
  const LessonStep& s = l->steps[static_cast<std::size_t>(view.lesson_place.step)];
  view.lesson_place.spec = step_spec(s, seed);
  if (s.question) return;
  view.lesson_place.first_seed = false;
  run_step(model, view, s, seed);
}

void answer_question(PageModel& model, View& view, int option) {
  const Lesson* l = find_lesson(view.lesson_place.key);
  if (!l) return;
  const LessonStep& s = l->steps[static_cast<std::size_t>(view.lesson_place.step)];
  if (!s.question || option < 0 || option >= static_cast<int>(s.question->options.size())) return;
  view.lesson_place.answer = option, view.lesson_place.page = 0;
  const std::uint64_t seed = view.lesson_place.first_seed ? 1 : seed_of(model);
  view.lesson_place.first_seed = false;
  if (!is_chosen(model, view.lesson_place.spec)) run_step(model, view, s, seed);
}

void lesson_command(PageModel& model, View& view, const Json& c) {
  if (const Json key = c.value("key", Json()); key.is_string()) open_lesson(model, view, key.get<std::string>());
  if (const Json step = c.value("step", Json()); step.is_number_integer())
    show_step(model, view, static_cast<int>(std::clamp<std::int64_t>(step.get<std::int64_t>(), 1, 99)) - 1);
  if (const Json option = c.value("answer", Json()); option.is_number_integer())
    answer_question(model, view, static_cast<int>(std::clamp<std::int64_t>(option.get<std::int64_t>(), 0, 99)) - 1);
}

LessonState lesson_state(const PageModel& model, View& view) {
  LessonState out;
  out.lesson = find_lesson(view.lesson_place.key);
  if (!out.lesson) return out;
  View::LessonPlace& at = view.lesson_place;
  at.step = std::clamp(at.step, 0, static_cast<int>(out.lesson->steps.size()) - 1);
  out.step = &out.lesson->steps[static_cast<std::size_t>(at.step)];
  if (!at.spec.is_object()) at.spec = step_spec(*out.step, seed_of(model));  // a link holds the step alone
  if (out.step->question && at.answer < 0) {
    out.at = LessonState::At::asking;
  } else if (!is_chosen(model, at.spec)) {
    out.at = LessonState::At::elsewhere;
  } else if (model.runs().has_result() && !model.runs().stale() && !model.queue().busy()) {
    out.at = LessonState::At::seen;
    for (const Expectation& e : out.step->expect) out.lines.push_back(line_of(model, *out.lesson, e));
  }
  const Played played = [&](std::size_t step, const Expectation& e) {
    if (step != static_cast<std::size_t>(at.step)) return earlier_figure(model, out.lesson->steps[step], e);
    return out.at == LessonState::At::seen ? model.runs().figure(e.group, e.measure).value : std::nullopt;
  };
  const auto text = [&](const Words& w) { return lesson_text(*out.lesson, static_cast<std::size_t>(at.step), w, text_language(), played); };
  out.say = text(out.step->say), out.see = text(out.step->see);
  if (out.step->question) out.ask = text(out.step->question->ask);
  return out;
}

bool is_tour(const std::string& key) {
  return std::ranges::any_of(tours(), [&](const Lesson& tour) { return tour.key == key; });
}

namespace {

/// Lines that an option takes beside its ring.
int lines_of(Frame& f, const std::string& option, float width, float line) {
  return f.paint.paragraph(0, 0, width - 48, kNote, 0, option, line, false);
}

}  // namespace

float options_height(Frame& f, const Question& question, float width, float least, float line) {
  float h = 0;
  for (const Words& o : question.options)
    h += std::max(least, line * static_cast<float>(lines_of(f, o.in(text_language()), width, line)) + 10) + 6;
  return h - 6;
}

int options(Frame& f, const Question& question, Box b, float least, float line) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  int picked = -1;
  float y = b.y;
  for (std::size_t i = 0; i < question.options.size(); ++i) {
    const std::string& word = question.options[i].in(text_language());
    const int lines = lines_of(f, word, b.w, line);
    const float h = std::max(least, line * static_cast<float>(lines) + 10);
    const Box box{b.x, y, b.w, h};
    const Touch touch = f.controls.button(("lesson.option." + std::to_string(i + 1)).c_str(), box);
    p.fill(box, touched(p, t.surface, touch), 8);
    p.stroke(box, t.edge, 1, 8);
    p.ring(b.x + 20, box.middle_y(), 7, t.edge, 2);
    p.paragraph(b.x + 38, box.middle_y() - line / 2 * static_cast<float>(lines - 1) + 5, b.w - 48, kNote, t.ink, word, line);
    if (touch.clicked) picked = static_cast<int>(i);
    y += h + 6;
  }
  return picked;
}

Json lesson_json(const PageModel& model, const View& view) {
  const std::string in(text_language());
  Json all = Json::array();
  for (const Lesson& l : lessons()) all.push_back({{"key", l.key}, {"title", l.title.in(in)}});
  Json out = {{"open", view.is_open("lesson")}, {"all", all}};
  View copy = view;
  const LessonState s = lesson_state(model, copy);
  if (!s.lesson) return out;
  out["key"] = s.lesson->key, out["title"] = s.lesson->title.in(in), out["goal"] = s.lesson->goal.in(in);
  out["step"] = copy.lesson_place.step + 1, out["of"] = s.lesson->steps.size();
  out["page"] = view.lesson_place.page, out["pages"] = view.lesson_place.pages;
  out["say"] = s.say;
  if (s.step->question) {
    Json options = Json::array();
    for (const Words& o : s.step->question->options) options.push_back(o.in(in));
    out["ask"] = s.ask, out["options"] = options;
    out["answer"] = copy.lesson_place.answer + 1, out["right"] = s.step->question->answer + 1;
  }
  out["at"] = s.at == LessonState::At::asking      ? "asking"
              : s.at == LessonState::At::elsewhere ? "elsewhere"
              : s.at == LessonState::At::seen      ? "seen"
                                                   : "running";
  if (s.at != LessonState::At::seen) return out;
  out["see"] = s.see;
  for (const LessonLine& line : s.lines) {
    std::string plain = line.text;
    for (std::size_t star; (star = plain.find("**")) != std::string::npos;) plain.erase(star, 2);
    out["lines"].push_back({{"text", plain}, {"good", line.good}});
  }
  return out;
}

}  // namespace mid::ui
