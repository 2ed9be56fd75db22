#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fonts.hpp>

#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

constexpr double kHold = .4;  // seconds that a step stands while it plays

/// Where the cursor stands, 0 to the number of steps (what was kept).
int place(const std::vector<int>& steps, const View::Theatre& v) { return std::clamp(v.at, 0, static_cast<int>(steps.size())); }

/// Moves on while it plays, and stops at the end: nothing loops. With less motion it is four stills.
void play_on(Frame& f, int end) {
  View::Theatre& v = f.view.theatre;
  if (!v.playing) return;
  if (f.now >= v.next) {
    v.at = std::min(std::min(v.at, end) + (f.motion.still() ? std::max(1, (end + 3) / 4) : 1), end);
    v.next = f.now + (f.motion.still() ? 4 * kHold : kHold);
  }
  if (v.at >= end)
    v.playing = false;
  else
    f.wake_in(v.next - f.now);
}

/// The steps as points of a line with a cursor that the hand and the arrow keys move.
void cursor(Frame& f, Box box, int& at, int end) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Touch touch = f.controls.button("theatre.cursor", box, words("theatre.cursor"), 12);
  const float from = box.x + 12, step = (box.w - 24) / static_cast<float>(std::max(end, 1)), y = box.middle_y();
  const auto go = [&](int to) { at = std::clamp(to, 0, end), f.view.theatre.playing = false; };
  if (touch.dragged) go(static_cast<int>(std::lround((ImGui::GetIO().MousePos.x / p.scale() - from) / step)));
  if (ImGui::IsItemFocused()) {
    const ImGuiID own = ImGui::GetItemID();
    for (const ImGuiKey key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_Home, ImGuiKey_End}) ImGui::SetKeyOwner(key, own);
    if (ImGui::IsKeyPressed(ImGuiKey_LeftArrow, own, ImGuiInputFlags_Repeat)) go(at - 1);
    if (ImGui::IsKeyPressed(ImGuiKey_RightArrow, own, ImGuiInputFlags_Repeat)) go(at + 1);
    if (ImGui::IsKeyPressed(ImGuiKey_Home, own)) go(0);
    if (ImGui::IsKeyPressed(ImGuiKey_End, own)) go(end);
  }
  const float here = from + step * static_cast<float>(at);
  p.fill({from - 3, y - 3, step * static_cast<float>(end) + 6, 6}, t.track, 3);
  p.fill({from - 3, y - 3, here - from + 3, 6}, t.attack, 3);
  if (step >= 9)
    for (int i = 0; i <= end; ++i)
      if (i != at) p.circle(from + step * static_cast<float>(i), y, 1.5f, i < at ? t.surface : t.edge);
  p.circle(here, y, 10, t.surface);
  p.ring(here, y, 9, t.attack, 3);
}

std::string sentence(const PageModel& model, const std::vector<int>& steps, int at) {
  if (steps.empty()) {
    const Json kind = field_of(model.choice().spec(), "attack.kind");
    const std::array attack{"attack." + (kind.is_string() ? kind.get<std::string>() : std::string())};
    return std::string(story_text(attack, "no_path").value_or(words("theatre.no path")));
  }
  const PicturePath& path = model.runs().shown().sheet->path;
  if (at >= static_cast<int>(steps.size())) {
    if (path.best_step.empty()) return std::string(words("theatre.kept"));
    const auto [low, high] = std::minmax_element(path.best_step.begin(), path.best_step.end());
    return words("theatre.kept.from", {{"low", count(*low)}, {"high", count(*high)}});
  }
  const int step = steps[static_cast<std::size_t>(at)];
  const std::size_t frame = path.frame_at(step);
  return words("theatre.step", {{"step", count(step)},
                                {"of", count(steps.back())},
                                {"sure", percent(path.confidence_of(frame))},
                                {"detail", percent(path.detail[frame])}});
}

}  // namespace

bool has_theatre(const PageModel& model) {
  return model.choice().story().stage == Stage::pictures && model.runs().has_result() && model.runs().shown().sheet &&
         !model.runs().shown().sheet->guess.empty();
}

bool theatre_open(const PageModel& model, const View& view) { return view.theatre.open && has_theatre(model); }
bool compared(const PageModel& model, const View& view) {
  return view.compare && has_theatre(model) && model.runs().shows_defence() &&
         (model.runs().beside() || !model.runs().comparison_is_missing());
}

const std::vector<int>& theatre_steps(const PageModel& model, const View& view) {
  static const std::vector<int> none;
  if (!has_theatre(model)) return none;
  const std::vector<int>& own = model.runs().shown().sheet->path.step;
  const Shown* plain = compared(model, view) ? model.runs().beside() : nullptr;
  return plain && plain->sheet->path.step.size() > own.size() ? plain->sheet->path.step : own;
}

int theatre_step(const PageModel& model, const View& view) {
  const std::vector<int>& steps = theatre_steps(model, view);
  if (view.theatre.serial != model.runs().shown().serial) return -1;
  const int at = place(steps, view.theatre);
  return at < static_cast<int>(steps.size()) ? steps[static_cast<std::size_t>(at)] : -1;
}

bool theatre_button(Frame& f, Box box) {
  if (!has_theatre(f.model)) return false;
  View::Theatre& v = f.view.theatre;
  const Theme& t = f.theme();
  if (icon_button(f, "theatre", box, icon::kEye, "", t.ink, f.layout.present || f.layout.kind == Layout::Kind::phone ? 0 : t.line,
                  words(v.open ? "theatre.close" : "theatre.open"))) {
    v.open = !v.open;
    if (v.open) v.at = View::Theatre::kEnd, v.playing = false;
  }
  return true;
}

void theatre(Frame& f, Box box, int lines) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  View::Theatre& v = f.view.theatre;
  const PageModel& model = f.model;
  if (v.serial != model.runs().shown().serial) v.serial = model.runs().shown().serial, v.at = View::Theatre::kEnd, v.playing = false;
  const std::vector<int>& steps = theatre_steps(model, f.view);
  const int end = static_cast<int>(steps.size());
  play_on(f, end);
  int at = place(steps, v);
  float x = box.x, right = box.right();

  if (icon_button(f, "theatre.close", {right - 36, box.y, 36, 36}, icon::kX, "", t.ink2, 0, words("theatre.close")))
    v.open = v.playing = false;
  right -= 44;
  const std::string_view beside = words("theatre.beside");
  const float with_words = p.width(kBodyMedium, beside) + 52;
  const bool room = right - with_words - x >= 300;
  const Box toggle{right - (room ? with_words : 40), box.y, room ? with_words : 40, 36};
  const bool can = model.choice().defended();
  if (icon_button(f, "theatre.beside", toggle, f.view.compare ? icon::kCheck : icon::kLayoutGrid, room ? beside : std::string_view(),
                  can ? t.ink : t.ink3, f.view.compare ? t.edge : t.line, words(can ? "theatre.beside.tip" : "theatre.beside.off")) &&
      can)
    f.view.compare = !f.view.compare;
  right = toggle.x - 12;

  const std::string said = sentence(model, steps, at);
  if (end > 0) {
    const Touch play = f.controls.button("theatre.play", {x, box.y, 36, 36}, words(v.playing ? "theatre.pause" : "theatre.play"), 18);
    p.circle(x + 18, box.y + 18, 18, touched(p, t.ink, play));
    if (v.playing)
      p.fill({x + 12, box.y + 11, 4, 14}, t.surface, 1), p.fill({x + 20, box.y + 11, 4, 14}, t.surface, 1);
    else
      p.triangle_right(x + 18, box.y + 18, 11, t.surface);
    if (play.clicked) {
      v.playing = !v.playing;
      if (v.playing && at >= end) at = 0;
      v.next = f.now + kHold;
      if (v.playing) f.wake_in(0);
    }
    if (icon_button(f, "theatre.next", {x + 40, box.y, 35, 36}, icon::kStepForward, "", t.ink2, 0, words("theatre.next")))
      at = at >= end ? 0 : at + 1, v.playing = false;
    x += 84;
    if (lines == 1) {  // what there is room for
      const Type type{Type::medium, 14, true};
      const std::string brief = at >= end ? std::string(words("theatre.kept.short"))
                                          : words("theatre.step.short", {{"step", count(steps[static_cast<std::size_t>(at)])}});
      const std::string longest = words("theatre.step.short", {{"step", count(steps.back())}});
      const float w = std::max(p.width(type, longest), p.width(type, words("theatre.kept.short")));
      const bool all = p.width(type, said) <= right - x - 160;
      p.text(right, box.y + 23, type, t.ink2, all ? said : brief, Align::right);
      right -= (all ? std::max(p.width(type, said), 320.f) : w) + 12;
    }
    cursor(f, {x, box.y, right - x, 36}, at, end);
    v.at = at >= end ? View::Theatre::kEnd : at;
  } else if (lines == 1) {
    const std::string_view brief = words("theatre.no path.short");
    p.text(x, box.y + 23, kNote, t.ink2,
           p.width(kNote, said) <= right - x    ? std::string_view(said)
           : p.width(kNote, brief) <= right - x ? brief
                                                : std::string_view());
  }
  if (lines == 2) p.text(box.x, box.y + 56, kNote, t.ink2, said);
}

namespace {

void obey(PageModel& model, View& view, const Json& c) {
  const Json at = c.value("at", Json());
  View::Theatre& v = view.theatre;
  v.open = c.value("open", Json(true)) == true;
  view.compare = c.value("beside", Json(view.compare)) == true;
  v.playing = c.value("play", Json(false)) == true;
  v.at = at.is_number_integer() ? std::clamp(at.get<int>(), 0, View::Theatre::kEnd) : v.playing ? 0 : View::Theatre::kEnd;
  v.serial = model.runs().shown().serial;
}

void tell(const PageModel& model, const View& view, Json& state) {
  state["theatre"] = {{"open", theatre_open(model, view)},
                      {"step", theatre_step(model, view)},
                      {"steps", theatre_steps(model, view)},
                      {"playing", view.theatre.playing},
                      {"beside", compared(model, view) && model.runs().beside()}};
}

void keep(const View& view, Json& link, bool brief) {
  if (!brief && view.theatre.open) link["theatre"] = view.compare ? "beside" : "alone";
}

void restore(Json& link, View& view, const std::function<void(const std::string&)>&) {
  std::string word;
  if (take(link, "theatre", &Json::is_string, word)) view.theatre = {.open = true}, view.compare = word == "beside";
}

}  // namespace

namespace panel {
extern const Panel theatre;
/// The attack step by step, among the rows of the stage.
const Panel theatre{.name = "theatre", .command = "theatre", .obey = &obey, .tell = &tell, .keep = &keep, .restore = &restore};
}  // namespace panel

}  // namespace mid::ui
