#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "ui/choices.hpp"
#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/strings.hpp"
#include "ui/trade_chart.hpp"

namespace mid::ui {
namespace {

double strength_at(const std::vector<double>& stops, float place, bool freely) {
  const float last = static_cast<float>(stops.size() - 1);
  place = std::clamp(place, 0.f, last);
  if (!freely || place < .1f || stops.size() < 3 || stops[1] > stops.back()) return stops[static_cast<std::size_t>(std::lround(place))];
  const auto i = static_cast<std::size_t>(std::min(place, last - .001f));
  const double t = place - static_cast<float>(i);
  const double v = i == 0 ? stops[1] * t : stops[i] * std::pow(stops[i + 1] / stops[i], t);
  const double unit = std::pow(10, std::floor(std::log10(v)) - 1);  // two digits are enough
  return std::round(v / unit) * unit;
}

std::string head(const PageModel& model) {
  if (std::string text = busy_words(model); !text.empty()) return text;
  if (!model.choice().defended()) return std::string(words("slider.none"));
  const double seconds = model.runs().shown().seconds();
  return seconds < .5 ? std::string(words("slider.fast")) : words("slider.idle", {{"seconds", std::to_string(std::lround(seconds))}});
}

}  // namespace

float place_of(const std::vector<double>& stops, double strength) {
  if (strength == 0) return 0;
  const bool falling = stops.size() > 2 && stops[1] > stops.back();  // decimals, epsilon: less is stronger
  for (std::size_t i = 1; i < stops.size(); ++i)
    if (falling ? strength >= stops[i] * (1 - 1e-9) : strength <= stops[i] * (1 + 1e-9)) {
      const double t = i == 1 ? (falling ? 1 : strength / stops[1]) : std::log(strength / stops[i - 1]) / std::log(stops[i] / stops[i - 1]);
      return static_cast<float>(static_cast<double>(i) - 1 + std::clamp(t, 0., 1.));
    }
  return static_cast<float>(stops.size() - 1);
}

std::string busy_words(const PageModel& model) {
  if (!model.queue().busy()) return model.queue().comparing() ? std::string(words("progress.compare")) : std::string();
  if (model.queue().paused()) return std::string(words("slider.paused"));
  const bool training = model.queue().progress().stage == "training";
  return words(!training                   ? "slider.attack"
               : model.runs().has_result() ? "slider.busy"
                                           : "slider.first",
               {{"percent", std::to_string(std::lround(model.queue().progress().fraction * 100)) + "\u00a0%"}});
}

void slider(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  const auto& stops = model.choice().stops();
  const float pad = f.layout.pad, x = box.x + pad, right = box.right() - pad;

  const float title = p.text(x, box.y + 31, kTitle, t.ink, words("switch"));
  const bool busy = model.queue().busy() || model.queue().comparing();
  const bool on = model.choice().strength() > 0;
  const std::string value = model.choice().only_on()
                                ? std::string(words(on ? "on" : "off"))
                                : model.choice().symbol() + " = " + slider_number(model.choice(), model.choice().strength());
  const std::string news = f.layout.present ? "" : head(model);  // the presentation's bar says it
  const float from_x = x + title + 14, menu_w = release_width(f);
  float end = right;
  if (menu_w > 0 && right - menu_w - from_x > 220 && !f.layout.present)
    release_menu(f, {right - menu_w, box.y + 7, menu_w, 36}), end -= menu_w + 16;
  float at_x = from_x + defence_switch(f, {from_x, box.y + 10, end - from_x, 32}) + 14;
  const Type quiet = busy ? Type{Type::medium, 14, true} : kNote;
  const float news_w = p.width(quiet, news), value_w = p.width({Type::regular, 16, true}, value);
  if (value_w <= end - at_x) at_x += p.text(at_x, box.y + 31, {Type::regular, 16, true}, t.ink3, value) + 16;
  if (news_w <= end - at_x) p.text(end, box.y + 30, quiet, model.queue().busy() ? t.defend : t.ink3, news, Align::right);

  // The thumb stays on the card at both ends.
  const float y = box.y + 59, from = x + 16, to = right - 16, step = (to - from) / static_cast<float>(stops.size() - 1);
  const Touch touch = f.controls.button("strength", {x, y - 22, right - x, f.layout.present ? 70.f : 62.f}, {}, 12);
  const float thumb_ring = touch.focused ? 1.f : 0.f;
  if (touch.dragged) {
    const float mouse = ImGui::GetIO().MousePos.x / p.scale();
    model.set_strength(strength_at(stops, (mouse - from) / step, ImGui::GetIO().KeyShift));
  }
  f.view.dragging = touch.held && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2);
  if (ImGui::IsItemFocused()) {
    const ImGuiID own = ImGui::GetItemID();
    const float here = place_of(stops, model.choice().strength());
    // While the slider has the focus these keys are its own; arrows would move the focus otherwise.
    for (const ImGuiKey key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_Home, ImGuiKey_End}) ImGui::SetKeyOwner(key, own);
    if (ImGui::IsKeyPressed(ImGuiKey_LeftArrow, own, ImGuiInputFlags_Repeat))
      model.set_strength(strength_at(stops, std::ceil(here) - 1, false));
    if (ImGui::IsKeyPressed(ImGuiKey_RightArrow, own, ImGuiInputFlags_Repeat))
      model.set_strength(strength_at(stops, std::floor(here) + 1, false));
    if (ImGui::IsKeyPressed(ImGuiKey_Home, own)) model.set_strength(stops.front());
    if (ImGui::IsKeyPressed(ImGuiKey_End, own)) model.set_strength(stops.back());
  }

  const float place = place_of(stops, model.choice().strength()), at = from + place * step;
  p.fill({from - 8, y - 5, to - from + 16, 10}, t.track, 5);
  if (place > 0) p.fill({from - 8, y - 5, at - from + 8, 10}, t.defend, 5);
  const bool narrow = step < 70;
  for (std::size_t i = 0; i < stops.size(); ++i) {
    const float tick = from + static_cast<float>(i) * step;
    const bool chosen = std::fabs(place - static_cast<float>(i)) < .01f;
    if (!chosen) p.circle(tick, y, 2.5f, static_cast<float>(i) < place ? t.surface : t.edge);
    std::string label = i > 0 && model.choice().only_on() ? std::string(words("on")) : strength_text(stops[i]);
    if (narrow && (label.starts_with("0.") || label.starts_with("0,"))) label.erase(0, 1);
    const Type type = chosen ? kBodyStrong : kNote;
    const float half = p.width(type, label) / 2;
    p.text(std::clamp(tick, x + half, right - half), box.y + (f.layout.present ? 102 : 95), type, chosen ? t.defend : t.ink2, label,
           Align::centre);
  }
  p.circle(at, y, 17, t.surface);
  p.ring(at, y, 17, t.defend, 3);
  p.circle(at, y, 5, touch.held ? mixed(t.defend, t.ink, .28f) : t.defend);
  if (thumb_ring > 0 || touch.hovered || touch.held) p.ring(at, y, 21, faded(t.model, touch.focused ? 1 : .35f), 2);
}

}  // namespace mid::ui
