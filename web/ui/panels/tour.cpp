// A guided tour: a lesson that first goes from stop to stop on the stage by itself, then asks for one guess and the visitor's own drag.
#include <algorithm>
#include <fonts.hpp>

#include "ui/lessons.hpp"
#include "ui/line_up.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"
#include "ui/walk.hpp"

namespace mid::ui {
namespace {

/// The station of the walk that a stop is about.
int station_of(const TourStop& stop) {
  constexpr std::string_view kStations[] = {"picture", "network", "numbers", "attacker", "drawing"};
  const auto at = std::ranges::find(kStations, std::string_view(stop.at));
  return static_cast<int>(at - std::begin(kStations)) + 1;
}

struct Place {
  LessonState lesson;
  const TourStop* stop = nullptr;  ///< null: none, or the run is not there yet
  int at = 0, of = 0;              ///< dots: every stop, every question, and what to take home
  bool home = false;               ///< the last dot
};

Place place(const PageModel& model, View& view) {
  Place out{.lesson = lesson_state(model, view)};
  const LessonState& l = out.lesson;
  if (!l.lesson) return out;
  for (const LessonStep& step : l.lesson->steps) {
    const int dots = static_cast<int>(step.stops.size()) + (step.question ? 1 : 0);
    if (&step < l.step) out.at += dots;
    out.of += dots;
  }
  ++out.of;
  const auto stops = static_cast<int>(l.step->stops.size());
  const bool seen = l.at == LessonState::At::seen;
  out.at += seen ? std::clamp(view.tour.stop, 0, std::max(stops - 1, 0)) : 0;
  if (seen && view.tour.stop < stops) out.stop = &l.step->stops[static_cast<std::size_t>(std::max(view.tour.stop, 0))];
  out.home = seen && !out.stop && l.step == &l.lesson->steps.back();
  if (out.home) out.at = out.of - 1;
  return out;
}

/// What is said now.
std::string said_now(const Place& at, const View& view) {
  const LessonState& l = at.lesson;
  if (!l.lesson) return {};
  if (at.stop) return at.stop->say.in(text_language());
  const auto& q = l.step->question;
  switch (l.at) {
    case LessonState::At::asking: return l.say + " **" + l.ask + "**";
    case LessonState::At::running: return l.say + " " + std::string(words("lesson.running"));
    case LessonState::At::elsewhere:
      if (!q) return std::string(words("lesson.elsewhere"));
      return words("tour.drag",
                   {{"option", q->options[static_cast<std::size_t>(std::max(view.lesson_place.answer, 0))].in(text_language())},
                    {"value", localised(strength_number(treatment_of(view.lesson_place.spec).strength))}});
    case LessonState::At::seen: break;
  }
  if (!q) return l.see;
  const auto option = [&](std::size_t i) { return q->options[std::min(i, q->options.size() - 1)].in(text_language()); };
  const auto yours = static_cast<std::size_t>(std::max(view.lesson_place.answer, 0));
  return words(yours == q->answer ? "lesson.true" : "lesson.false", {{"option", option(q->answer)}, {"yours", option(yours)}}) + " " +
         l.see;
}

void show_stop(Frame& f, int stop) {
  f.view.tour.stop = stop, f.view.tour.since = -1;
  const Place now = place(f.model, f.view);
  walk_to(f.model, f.view, now.stop ? station_of(*now.stop) : 0);
}

/// To the next stop of the step, then to the next step.
void go_on(Frame& f, const Place& at) {
  View& v = f.view;
  if (at.stop && v.tour.stop + 1 < static_cast<int>(at.lesson.step->stops.size())) return show_stop(f, v.tour.stop + 1);
  walk_to(f.model, v, 0);
  if (at.stop && v.lesson_place.step + 1 == static_cast<int>(at.lesson.lesson->steps.size())) return show_stop(f, v.tour.stop + 1);
  if (at.home) return;
  v.tour = {.stop = 0, .playing = v.tour.playing};
  show_step(f.model, v, v.lesson_place.step + 1);
}

void go_back(Frame& f) {
  View& v = f.view;
  v.tour.playing = false;
  if (v.tour.stop > 0) return show_stop(f, v.tour.stop - 1);
  v.tour = {.stop = 0, .playing = false};
  walk_to(f.model, v, 0);
  show_step(f.model, v, std::max(v.lesson_place.step - 1, 0));
}

/// Whether a key was pressed that is none of the tour's buttons'.
bool takes_over_by_key(const Frame& f) {
  if (f.controls.focused().starts_with("tour.")) return false;
  for (int key = ImGuiKey_NamedKey_BEGIN; key < ImGuiKey_GamepadStart; ++key)
    if (const bool modifier = key >= ImGuiKey_LeftCtrl && key <= ImGuiKey_RightSuper;
        !modifier && ImGui::IsKeyPressed(static_cast<ImGuiKey>(key), false))
      return true;
  return false;
}

/// Time passes at a stop; what the visitor does elsewhere takes over.
void play_on(Frame& f, const Place& at, Box own) {
  View::Tour& v = f.view.tour;
  if (!at.stop) return;
  if (v.since < 0) {
    v.since = f.now;
    walk_to(f.model, f.view, station_of(*at.stop));
  } else if (takes_over_by_key(f)) {
    v.playing = false;
  }
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !own.contains(mouse.x / f.paint.scale(), mouse.y / f.paint.scale()))
    v.playing = false;
  if (!v.playing) return;
  const double left = v.since + at.stop->seconds - f.now;
  left <= 0 ? go_on(f, at) : f.wake_in(left);
}

void dots(Frame& f, float x, float y, const Place& at) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  for (int i = 0; i < at.of; ++i) {
    const float here = x + 8 + 26 * static_cast<float>(i);
    if (i > 0) p.line(here - 19, y, here - 7, y, i <= at.at ? t.ink : t.edge, 2);
    if (i < at.at)
      p.circle(here, y, 6, t.ink);
    else
      p.ring(here, y, i == at.at ? 6.f : 5.f, i == at.at ? t.ink : t.edge, i == at.at ? 3.f : 1.5f);
  }
}

void close(Frame& f) {
  f.view.close(), f.view.lesson_place = {}, f.view.tour = {};
  walk_to(f.model, f.view, 0);
}

/// What can be done now, as buttons from `y` on.
void actions(Frame& f, const Place& at, Box box) {
  const Theme& t = f.theme();
  View& v = f.view;
  const float half = (box.w - 12) / 2;
  if (at.home) {
    if (icon_button(f, "tour.line-up", {box.x, box.y, box.w, 40}, icon::kTarget, words("tour.line_up"), t.ink, t.edge,
                    words("numbers.hint")))
      open_line_up(f, false, true);
    if (icon_button(f, "tour.stories", {box.x, box.y + 48, half, 40}, icon::kLayoutGrid, words("stories"), t.ink, t.edge)) {
      close(f);
      return v.open("stories");
    }
    if (icon_button(f, "tour.again", {box.x + half + 12, box.y + 48, half, 40}, icon::kRotateCcw, words("tour.again"), t.ink, t.edge))
      open_tour(f.model, v);
    return;
  }
  if (at.lesson.at == LessonState::At::elsewhere) {
    if (icon_button(f, "tour.set", {box.x, box.y + 48, box.w, 40}, icon::kSlidersHorizontal, words("tour.set"), t.ink, t.edge))
      at.lesson.step->question ? answer_question(f.model, v, v.lesson_place.answer) : show_step(f.model, v, v.lesson_place.step);
    return;
  }
  if (icon_button(f, "tour.back", {box.x, box.y + 48, half, 40}, icon::kChevronLeft, words("lesson.back"), t.ink, t.edge)) go_back(f);
  if (!at.stop) return;
  if (!v.tour.playing && icon_button(f, "tour.play", {box.x, box.y, box.w, 40}, icon::kPlay, words("tour.go_on"), t.ink, t.edge))
    v.tour.playing = true, v.tour.since = f.now;
  if (icon_button(f, "tour.next", {box.x + half + 12, box.y + 48, half, 40}, icon::kChevronRight, words("lesson.next"), t.ink, t.edge))
    go_on(f, at);
}

void draw(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  p.card(box);
  if (const Place before = place(f.model, f.view); before.lesson.lesson)
    play_on(f, before, box);
  else
    return f.view.close();
  const Place at = place(f.model, f.view);
  const bool strip = f.layout.strip.w > 0, beside = strip && box.w > 600;
  const float pad = strip ? 14.f : 20.f, x = box.x + pad, w = box.w - 2 * pad;
  p.text(x, box.y + 30, kBodyStrong, t.ink, at.lesson.lesson->title.in(text_language()));
  if (icon_button(f, "tour.close", {box.right() - 44, box.y + 6, 36, 36}, icon::kX, "", t.ink2, 0, words("close"))) return close(f);
  const float after = x + p.width(kBodyStrong, at.lesson.lesson->title.in(text_language())) + 20;
  const float dots_w = 26 * static_cast<float>(at.of);
  const bool in_head = after + dots_w <= box.right() - 52;
  dots(f, in_head && strip ? after : x, in_head && strip ? box.y + 25 : box.y + 64, at);
  if (!strip) p.line(box.x, box.y + 47, box.right(), box.y + 47, t.line);

  const bool asking = at.lesson.at == LessonState::At::asking;
  const float room = beside ? w * .56f : w, top = box.y + (strip ? (in_head ? 48.f : 80.f) : 96.f);
  const std::string text = said_now(at, f.view);
  const float foot = beside ? 0 : asking ? options_height(f, *at.lesson.step->question, w, strip ? 36 : 44, 20) + 12 : 100;
  Type type = kTitle;
  float line = f.layout.present ? 32 : 26;
  for (const auto& [smaller, lower] :
       {std::pair{kBody, f.layout.present ? 28.f : 23.f}, std::pair{kNote, f.layout.present ? 24.f : 18.f}}) {
    if (line * static_cast<float>(p.paragraph(0, 0, room, type, 0, text, line, false)) <= box.bottom() - foot - 10 - top) break;
    type = smaller, line = lower;
  }
  const float h = line * static_cast<float>(p.paragraph(x, top + line / 2 + 5.5f, room, type, t.ink, text, line));
  const Box below = beside ? Box{x + room + 24, box.y + 52, w - room - 24, box.h - 60}
                           : Box{x, strip ? std::min(top + h + 8, box.bottom() - foot) : top + h + 20, w, foot};
  if (asking) {
    const int picked = options(f, *at.lesson.step->question, below, strip ? 36 : 44, f.layout.present ? 24 : 20);
    if (picked < 0) return;
    f.view.lesson_place.answer = picked;
    if (strip) answer_question(f.model, f.view, picked);  // the strip stands where the slider is
  } else {
    actions(f, at, strip ? below : Box{x, box.bottom() - 108, w, 88});
  }
}

}  // namespace

void open_tour(PageModel& model, View& view) {
  if (tours().empty()) return;
  view.line_up.open = false, view.walk = {}, view.tour = {};
  open_lesson(model, view, tours().front().key);
  view.open("tour");
}

namespace {

void obey(PageModel& model, View& view, const Json& c) {
  if (c.value("open", Json(true)) == true) return open_tour(model, view);
  if (view.is_open("tour")) view.close(), view.lesson_place = {}, view.walk = {};
}

void tell(const PageModel& model, const View& view, Json& state) {
  state["tour"] = {{"open", view.is_open("tour")}};
  if (!view.is_open("tour")) return;
  View copy = view;
  const Place at = place(model, copy);
  state["tour"]["at"] = at.at + 1, state["tour"]["of"] = at.of, state["tour"]["home"] = at.home;
  state["tour"]["playing"] = view.tour.playing, state["tour"]["said"] = said_now(at, view);
}

std::string announce(const PageModel& model, const View& view) {
  if (!view.is_open("tour")) return {};
  View copy = view;
  std::string out = said_now(place(model, copy), view);
  for (std::size_t star; (star = out.find("**")) != std::string::npos;) out.erase(star, 2);
  return out;
}

}  // namespace

namespace panel {
extern const Panel tour;
const Panel tour{
    .name = "tour", .draw = &draw, .strip = true, .travels = false, .command = "tour", .obey = &obey, .tell = &tell, .announce = &announce};
}  // namespace panel

}  // namespace mid::ui
