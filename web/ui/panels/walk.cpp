#include "ui/walk.hpp"

#include <imgui_internal.h>

#include <algorithm>
#include <fonts.hpp>

#include "ui/figures.hpp"
#include "ui/menu.hpp"
#include "ui/number_bars.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

/// How often line-ups of this picture name the right one; empty: nobody counted.
std::string drawing_words(const PageModel& model, const std::string& who, int row) {
  const PictureSheet& sheet = *model.runs().shown().sheet;
  if (static_cast<std::size_t>(row) >= sheet.line_up.size()) return words("walk.5.drawn", {{"who", who}});
  const Measure found = model.runs().privacy();
  return words(
      "walk.5",
      {{"who", who}, {"share", percent(sheet.line_up[static_cast<std::size_t>(row)])}, {"chance", percent(found.baseline.value_or(.1))}});
}

std::string sentence(const PageModel& model, const View& view, int station) {
  const AnswerSheet& own = *answers_of(&model.runs().shown());
  const auto [row, column] = chosen_picture(model, view, *model.runs().shown().sheet);
  const std::string who = picture_name(model, column);
  if (row < 0) return {};
  switch (station) {
    case 1: return words("walk.1", {{"who", who}});
    case 2: return words("walk.2", {{"n", count(own.numbers)}});
    case 3: {
      const AnswerSheet* plain = compared(model, view) ? answers_of(model.runs().beside()) : nullptr;
      return words("walk.3", {{"what", spread_words(own, row)}}) +
             (plain ? " " + words("numbers.table.plain", {{"plain", spread_words(*plain, row)}}) : "");
    }
    case 4: return std::string(words("walk.4"));
    default: return drawing_words(model, who, row);
  }
}

constexpr const char* kNames[] = {"walk.1.short", "walk.2.short", "walk.3.short", "walk.4.short", "walk.5.short"};

bool goes(const PageModel& model, const View& view) {
  return view.walk.station > 0 && has_numbers(model) && view.walk.serial == model.runs().shown().serial;
}

}  // namespace

bool can_walk(const Frame& f) { return has_numbers(f.model) && f.layout.bars.w > 0; }

void walk_to(const PageModel& model, View& view, int station) {
  if (!has_numbers(model) || station < 1 || station > View::Walk::kStations) return void(view.walk = {});
  view.walk = {.station = station, .playing = false, .since = -1, .serial = model.runs().shown().serial};
}

void play_walk(const PageModel& model, View& view) {
  if (goes(model, view) && view.walk.playing) return void(view.walk.playing = false);
  walk_to(model, view, goes(model, view) ? view.walk.station : 1);
  view.walk.playing = view.walk.station > 0;
}

void walk_on(Frame& f) {
  View::Walk& w = f.view.walk;
  if (w.station == 0) return;
  if (!goes(f.model, f.view) || !can_walk(f) || theatre_open(f.model, f.view)) return void(w = {});
  if (ImGui::IsKeyPressed(ImGuiKey_Escape, false) && !f.view.line_up.open && !f.layout.present) return void(w = {});
  if (w.since < 0) w.since = f.now;
  if (!w.playing) return;
  const double stay = f.motion.still() ? View::Walk::kStill : View::Walk::kStay;
  if (f.now - w.since >= stay) {
    w.since = f.now;
    if (++w.station > View::Walk::kStations) return void(w = {});  // then rest: nothing loops
  }
  // The dot runs at the end of the stay; while it stands, no frame is wanted.
  const double stands = f.motion.still() ? stay : stay - View::Walk::kRun;
  f.wake_in(std::max(0., w.since + stands - f.now));
}

std::string walk_words(const PageModel& model, const View& view, int station, bool brief) {
  const std::string text = brief ? std::string(words(kNames[station - 1])) : sentence(model, view, station);
  return words(brief ? "walk.station.short" : "walk.station",
               {{"n", count(station)}, {"of", count(View::Walk::kStations)}, {"text", text}});
}

std::string walk_said(const PageModel& model, const View& view) {
  if (!goes(model, view)) return {};
  std::string out = walk_words(model, view, view.walk.station);
  for (std::size_t star; (star = out.find("**")) != std::string::npos;) out.erase(star, 2);
  return out;
}

void walk_button(Frame& f, Box box) {
  const Theme& t = f.theme();
  View& v = f.view;
  const bool plays = v.walk.station > 0 && v.walk.playing;
  const ImU32 outline = f.layout.present || f.layout.kind == Layout::Kind::phone ? 0 : t.line;
  // While it goes a tip would cover what it shows.
  if (icon_button(f, "walk.play", box, plays ? icon::kPause : icon::kPlay, "", t.ink, outline,
                  v.walk.station > 0 ? std::string_view() : words("walk.play")))
    play_walk(f.model, v);
  if (!ImGui::IsItemFocused()) return;
  const ImGuiID own = ImGui::GetItemID();  // arrows go from station to station
  for (const bool right : {false, true}) {
    const ImGuiKey key = right ? ImGuiKey_RightArrow : ImGuiKey_LeftArrow;
    ImGui::SetKeyOwner(key, own);
    if (ImGui::IsKeyPressed(key, own, ImGuiInputFlags_Repeat))
      walk_to(f.model, v, std::clamp(v.walk.station + (right ? 1 : -1), 1, View::Walk::kStations));
  }
}

void walk_step_button(Frame& f, Box box) {
  const Theme& t = f.theme();
  const ImU32 outline = f.layout.present || f.layout.kind == Layout::Kind::phone ? 0 : t.line;
  if (icon_button(f, "walk.next", box, icon::kStepForward, "", t.ink2, outline, words("walk.next")))
    walk_to(f.model, f.view, f.view.walk.station + 1);
}

float watch_width(const Frame& f) {
  const bool steps = has_theatre(f.model) && !theatre_steps(f.model, f.view).empty();
  return (can_walk(f) ? 40.f : 0.f) + (steps ? 40.f : 0.f) + (can_walk(f) && steps ? 8.f : 0.f);
}

float watch_buttons(Frame& f, float right, float y, float height) {
  const float w = watch_width(f);
  if (w > 0 && !theatre_steps(f.model, f.view).empty()) theatre_button(f, {right - w, y, 40, height});
  if (can_walk(f)) walk_button(f, {right - 40, y, 40, height});
  return w;
}

namespace {

void obey(PageModel& model, View& view, const Json& c) {
  const Json station = c.value("station", Json());
  if (station.is_number_integer()) walk_to(model, view, static_cast<int>(std::clamp<std::int64_t>(station.get<std::int64_t>(), 0, 9)));
  if (c.value("play", Json(!station.is_number_integer())) != true || !has_numbers(model)) return;
  if (!goes(model, view)) walk_to(model, view, 1);
  view.walk.playing = true;
}

/// All stations in words, for those who cannot see it.
void tell(const PageModel& model, const View& view, Json& state) {
  Json& out = state["walk"];
  out = {{"station", goes(model, view) ? view.walk.station : 0},
         {"playing", goes(model, view) && view.walk.playing},
         {"said", walk_said(model, view)},
         {"list", Json::array()}};
  if (!has_numbers(model)) return;
  for (int station = 1; station <= View::Walk::kStations; ++station) out["list"].push_back(sentence(model, view, station));
}

/// A tour says itself where it stands.
std::string announce(const PageModel& model, const View& view) { return view.is_open("tour") ? std::string() : walk_said(model, view); }

}  // namespace

namespace panel {
extern const Panel walk;
/// The chosen picture's way through the model to the attacker, on the stage.
const Panel walk{.name = "walk", .command = "walk", .obey = &obey, .tell = &tell, .announce = &announce};
}  // namespace panel

}  // namespace mid::ui
