#include "ui/draw/controls.hpp"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

namespace mid::ui {
namespace {
constexpr double kTipDelay = .4;
}

void Widgets::begin(Paint& paint, double now) {
  // Escape belongs to what is open. Where nothing of the library's is, it would take the focus from a control, from where Tab finds no way
  // back to any.
  if (ImGui::GetActiveID() == 0 && !ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup))
    ImGui::SetKeyOwner(ImGuiKey_Escape, ImGui::GetID("escape"));
  paint_ = &paint, now_ = now;
  first_ = last_ = focused_ = hovered_now_ = 0;
  ring_ = {};
  focused_name_.clear();
  places_.clear();
  buttons_.clear();
}

Touch Widgets::button(const char* id, Box box, std::string_view tip, float radius) {
  ImGui::SetCursorScreenPos({paint_->px(box.x), paint_->px(box.y)});
  places_[id] = box;
  Touch t;
  t.clicked = ImGui::InvisibleButton(id, {std::max(1.f, paint_->px(box.w)), std::max(1.f, paint_->px(box.h))});
  t.hovered = ImGui::IsItemHovered();
  t.held = ImGui::IsItemActive();
  t.dragged = (t.held && ImGui::IsMouseDown(ImGuiMouseButton_Left)) ||
              (ImGui::IsItemDeactivated() && ImGui::IsMouseReleased(ImGuiMouseButton_Left));
  const ImGuiID own = ImGui::GetItemID();
  if (enter_ > 0 && !first_) {
    ImGui::SetFocusID(own, ImGui::GetCurrentWindow());
    ImGui::GetCurrentContext()->NavDisableHighlight = false;
    enter_ = 0;
  }
  if (!wanted_.empty() && wanted_ == id) {
    ImGui::SetFocusID(own, ImGui::GetCurrentWindow());
    ImGui::GetCurrentContext()->NavDisableHighlight = false;
    wanted_.clear();
  }
  if (!first_) first_ = own;
  last_ = own;
  buttons_.emplace_back(own, box);
  t.focused = ImGui::IsItemFocused() && !ImGui::GetCurrentContext()->NavDisableHighlight;
  if (t.focused) focused_ = own, focused_name_ = id, ring_ = box, ring_radius_ = radius;
  if (t.hovered) hovered_now_ = own;
  if (!tip.empty() && (t.hovered || t.focused)) {
    if (hovered_ != own) hovered_ = own, hovered_since_ = now_;
    tip_ = tip, tip_box_ = box;
    hovered_now_ = own;
  }
  return t;
}

void Widgets::pass_focus_on() {
  if (had_focus_ && !focused_ && ImGui::GetFocusID() == had_focus_ && !buttons_.empty() &&
      std::none_of(buttons_.begin(), buttons_.end(), [&](const auto& b) { return b.first == had_focus_; })) {
    const auto distance = [&](const Box& b) {
      return std::hypot(b.middle_x() - had_focus_at_.middle_x(), b.middle_y() - had_focus_at_.middle_y());
    };
    const auto nearest = std::min_element(buttons_.begin(), buttons_.end(),
                                          [&](const auto& a, const auto& b) { return distance(a.second) < distance(b.second); });
    ImGui::SetFocusID(nearest->first, ImGui::GetCurrentWindow());
    ImGui::GetCurrentContext()->NavDisableHighlight = false;
    had_focus_ = nearest->first, had_focus_at_ = nearest->second;
    return;
  }
  had_focus_ = focused_, had_focus_at_ = ring_;
}

double Widgets::end() {
  if (enter_ < 0 && last_) {
    ImGui::SetFocusID(last_, ImGui::GetCurrentWindow());
    ImGui::GetCurrentContext()->NavDisableHighlight = false;
  }
  enter_ = 0;
  pass_focus_on();
  if (focused_) paint_->stroke(ring_.grown(5), paint_->theme.model, 3, ring_radius_ + 5);
  if (hovered_now_ != hovered_) hovered_ = 0;
  if (!hovered_) return -1;
  const double left = kTipDelay - (now_ - hovered_since_);
  if (left > 0) return left;
  const Theme& t = paint_->theme;
  constexpr float kWidest = 320, kLine = 20;
  const float w = std::min(paint_->width(kNote, tip_), kWidest) + 24;
  const int lines = paint_->paragraph(0, 0, kWidest, kNote, t.surface, tip_, kLine, false);
  const float h = 14 + kLine * static_cast<float>(lines);
  const ImVec2 page = ImGui::GetIO().DisplaySize;
  const float room = page.x / paint_->scale();
  Box b{std::clamp(tip_box_.middle_x() - w / 2, 8.f, std::max(8.f, room - w - 8)), tip_box_.bottom() + 8, w, h};
  if (b.bottom() > page.y / paint_->scale() - 4) b.y = tip_box_.y - 8 - h;
  Paint over(*ImGui::GetForegroundDrawList(), *paint_);
  over.fill(b, t.ink, 8);
  over.paragraph(b.x + 12, b.y + 22, kWidest + 1, kNote, t.surface, tip_, kLine);
  return -1;
}

void Widgets::move_to(const std::string& id) {
  ImGui::SetFocusID(ImGui::GetCurrentWindow()->GetID(id.c_str()), ImGui::GetCurrentWindow());
  ImGui::GetCurrentContext()->NavDisableHighlight = false;
}

void Widgets::enter(bool at_end) { enter_ = at_end ? -1 : 1; }

bool Widgets::keeps_tab(bool backwards) const {
  // Also a control that the mouse touched last counts: Tab goes on from there.
  return ImGui::GetFocusID() != (backwards ? first_ : last_);
}

ImU32 touched(const Paint& paint, ImU32 colour, const Touch& touch) {
  if (touch.held) return mixed(colour, paint.theme.ink, .28f);
  if (touch.hovered) return mixed(colour, paint.theme.ink, .14f);
  return colour;
}

}  // namespace mid::ui
