#include <algorithm>
#include <cmath>
#include <fonts.hpp>

#include "ui/frame.hpp"
#include "ui/strings.hpp"
#include "ui/walk.hpp"

namespace mid::ui {
namespace {

/// The next or the last of the slider's stops.
void set_stop(PageModel& model, bool next) {
  const auto& stops = model.choice().stops();
  const double here = place_of(stops, model.choice().strength()), last = static_cast<double>(stops.size() - 1);
  const double to = next ? std::floor(here + 1e-3) + 1 : std::ceil(here - 1e-3) - 1;
  if (to >= 0 && to <= last) model.set_strength(stops[static_cast<std::size_t>(to)]);
}

}  // namespace

void presentation_keys(Frame& f) {
  if (ImGui::IsKeyPressed(ImGuiKey_Escape, false) && !f.view.line_up.open) f.present(false);
  if (f.view.pane && f.view.pane->strip) return;  // they turn its pages
  if (can_walk(f) && !theatre_open(f.model, f.view)) {
    if (ImGui::IsKeyPressed(ImGuiKey_S, false)) play_walk(f.model, f.view);
    for (int station = 1; station <= View::Walk::kStations; ++station)
      if (ImGui::IsKeyPressed(static_cast<ImGuiKey>(ImGuiKey_0 + station), false)) walk_to(f.model, f.view, station);
  }
  for (const bool next : {true, false})
    if (ImGui::IsKeyPressed(next ? ImGuiKey_PageDown : ImGuiKey_PageUp, false)) set_stop(f.model, next);
}

void presentation_bar(Frame& f) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  PageModel& model = f.model;
  p.fill(l.top, t.surface);
  p.line(0, 51, l.width, 51, t.line, t.hairline);
  const auto icon_at = [&](const char* id, float x, const char* name, std::string_view tip) {
    const Box box{x, 6, 40, 40};
    const Touch touch = f.controls.button(id, box, tip);
    if (touch.hovered || touch.held) p.fill(box, t.sunken, 8);
    p.icon(box.middle_x(), box.middle_y(), name, t.ink);
    return touch.clicked;
  };
  const float close_x = l.width - 52, watch = theatre_open(model, f.view) ? 0 : watch_width(f),
              play_x = close_x - 48 - (watch > 0 ? watch + 4 : 0);
  const bool running = model.queue().busy() && !model.queue().paused(), waiting = model.queue().busy() && model.queue().paused();
  if (icon_at("play", play_x,
              running                                 ? icon::kPause
              : waiting || !model.runs().has_result() ? icon::kPlay
                                                      : icon::kRotateCcw,
              play_words(model)))
    press_play(model);
  if (watch > 0) watch_buttons(f, close_x - 8, 6, 40);
  if (icon_at("present.end", close_x, icon::kX, words("present.end"))) f.present(false);

  const std::string text = model.error().empty() ? busy_words(model) : std::string(words("progress.failed"));
  float end = play_x - 16;
  if (!text.empty()) {
    const Type type{Type::medium, 16, true};
    const ImU32 colour = model.queue().busy() && !model.runs().has_result() ? t.model : t.defend;
    p.text(end, 33, type, colour, text, Align::right);
    end -= std::max(p.width(type, text), 130.f) + 16;
    constexpr float kBar = 160;
    if (model.queue().busy() && end - kBar > l.width / 3) {
      p.bar({end - kBar, 22, kBar, 9}, static_cast<float>(model.queue().progress().fraction), colour);
      end -= kBar + 20;
    }
  }
  const std::string title = model.choice().says(model.runs().has_result() ? "title" : "title.wait"),
                    name = model.choice().story().own ? std::string(words("own.head")) : model.choice().says("menu");
  p.text(16, 34, kTitle, t.ink, p.width(kTitle, title) <= end - 16 ? title : name);
}

namespace {

void obey(PageModel&, View& view, const Json& c) { view.set_present(c.value("on", Json(true)) == true); }

void tell(const PageModel&, const View& view, Json& state) { state["present"] = view.present; }

void keep(const View& view, Json& link, bool brief) {
  if (!brief || view.present) link["present"] = view.present;
  if (brief && view.present) link["theme"] = name_of(view.look);
}

void restore(Json& link, View& view, const std::function<void(const std::string&)>&) {
  take(link, "present", &Json::is_boolean, view.present);
}

}  // namespace

namespace panel {
extern const Panel presentation;
/// Stage, slider and numbers alone, in large letters.
const Panel presentation{.name = "present", .command = "present", .obey = &obey, .tell = &tell, .keep = &keep, .restore = &restore};
}  // namespace panel

}  // namespace mid::ui
