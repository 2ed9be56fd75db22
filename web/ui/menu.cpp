#include "ui/menu.hpp"

#include <imgui_internal.h>

#include <algorithm>
#include <fonts.hpp>

#include "ui/strings.hpp"

namespace mid::ui {

float menu_width(const Frame& f, const std::string& word, const std::string& value) {
  return (word.empty() ? 0 : f.paint.width(kNote, word) + 10) + f.paint.width(kBodyMedium, value) + 26;
}

int menu(Frame& f, const char* id, Box box, const std::string& word, const std::string& value, const std::vector<MenuItem>& items) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Touch touch = f.controls.button(id, box);
  if (touch.hovered || touch.held) p.fill({box.x - 8, box.y, box.w + 12, box.h}, t.sunken, 8);
  float x = box.x;
  const float baseline = box.middle_y() + 6;
  if (!word.empty()) x += p.text(x, baseline - 1, kNote, t.ink3, word) + 10;
  x += p.text(x, baseline, {Type::medium, 16, true}, t.ink, value) + 5;
  p.icon(x + 9, box.middle_y() + 1, icon::kChevronDown, t.ink2, kIcon);
  return menu_list(f, id, box, items, touch.clicked);
}

int menu_list(Frame& f, const char* id, Box box, const std::vector<MenuItem>& items, bool opens) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const std::string popup = std::string(id) + ".list";
  if (opens) ImGui::OpenPopup(popup.c_str());
  float w = 200;
  for (const auto& item : items) w = std::max(w, std::max(p.width(kBodyMedium, item.label), p.width(kNote, item.note)) + 68);
  w = std::min(w, f.layout.width - 24);
  const bool notes = std::any_of(items.begin(), items.end(), [](const MenuItem& i) { return !i.note.empty(); });
  // A long list has lower lines rather than some below the page.
  const auto lines = static_cast<float>(std::max<std::size_t>(1, items.size()));
  const float row = notes ? 58 : std::min(40.f, std::max(26.f, (f.layout.height - 32) / lines)), h = row * lines + 16;
  const float left = std::clamp(box.right() - w, 12.f, f.layout.width - w - 12);
  // Above its button where there is no room below.
  const bool below = box.bottom() + 6 + h + 8 <= f.layout.height || box.y - 6 - h < 8;
  const Box list{left, below ? std::max(8.f, std::min(box.bottom() + 6, f.layout.height - h - 8)) : box.y - 6 - h, w, h};
  ImGui::SetNextWindowPos({p.px(list.x - 8), p.px(list.y - 8)});
  ImGui::SetNextWindowSize({p.px(w + 16), p.px(h + 20)});
  int picked = -1;
  if (ImGui::BeginPopup(popup.c_str(), ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoBackground |
                                           ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoScrollWithMouse)) {
    Paint over(*ImGui::GetWindowDrawList(), p);
    over.card(list);
    // ImGui hides a popup in its first frame, to measure it: a press then would fall through.
    const bool seen = !ImGui::GetCurrentWindow()->Hidden;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Box line{list.x + 8, list.y + 8 + row * static_cast<float>(i), w - 16, row};
      if (seen) f.controls.note(std::string(id) + "." + std::to_string(i), line);
      ImGui::PushID(static_cast<int>(i));
      ImGui::SetCursorScreenPos({over.px(line.x), over.px(line.y)});
      if (ImGui::InvisibleButton("item", {over.px(line.w), over.px(line.h)})) picked = static_cast<int>(i);
      if (ImGui::IsItemHovered() || ImGui::IsItemFocused()) over.fill(line, t.sunken, 8);
      ImGui::PopID();
      if (items[i].chosen) over.icon(line.x + 20, line.y + (notes ? 21 : row / 2), icon::kCheck, t.ink, kIconSmall);
      over.text(line.x + 40, line.y + (notes ? 26 : row / 2 + 6), kBodyMedium, t.ink, items[i].label);
      if (!items[i].note.empty()) over.text(line.x + 40, line.y + 46, kNote, t.ink3, items[i].note);
    }
    if (picked >= 0) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  return picked;
}

bool icon_button(Frame& f, const char* id, Box box, const char* icon, std::string_view label, ImU32 text_colour, ImU32 outline,
                 std::string_view tip) {
  Paint& p = f.paint;
  const Touch touch = f.controls.button(id, box, tip);
  if (touch.hovered || touch.held) p.fill(box, faded(text_colour, touch.held ? .16f : .08f), 8);
  if (outline) p.stroke(box, outline, 1, 8);
  const float w = label.empty() ? 0 : p.width(kBodyMedium, label), gap = label.empty() ? 0 : 8.f;
  const float x = box.middle_x() - (20 + gap + w) / 2;
  p.icon(x + 10, box.middle_y(), icon, text_colour);
  if (!label.empty()) p.text(x + 20 + gap, box.middle_y() + 6, kBodyMedium, text_colour, label);
  return touch.clicked;
}

bool ink_button(Frame& f, const char* id, float x, float y, const char* icon, std::string_view label) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Box b{x, y, p.width(kBodyMedium, label) + 60, 40};
  const Touch touch = f.controls.button(id, b);
  p.fill(b, touch.held || touch.hovered ? mixed(t.ink, t.surface, touch.held ? .28f : .14f) : t.ink, 8);
  p.icon(b.x + 24, b.middle_y(), icon, t.surface);
  p.text(b.x + 42, b.middle_y() + 6, kBodyMedium, t.surface, label);
  return touch.clicked;
}

std::string pager_text(int page, int pages) {
  return words("advanced.page", {{"n", std::to_string(page + 1)}, {"of", std::to_string(pages)}});
}

void pager(Frame& f, const std::string& id, Box box, int& page, int pages, std::string_view before_tip, std::string_view after_tip) {
  const Theme& t = f.theme();
  if (icon_button(f, (id + ".before").c_str(), {box.x, box.y, 36, 36}, icon::kChevronLeft, "", page > 0 ? t.ink : t.ink3, 0, before_tip))
    page = std::max(page - 1, 0);
  f.paint.text(box.middle_x(), box.y + 23, kNote, t.ink2, pager_text(page, pages), Align::centre);
  if (icon_button(f, (id + ".after").c_str(), {box.right() - 36, box.y, 36, 36}, icon::kChevronRight, "", page + 1 < pages ? t.ink : t.ink3,
                  0, after_tip))
    page = std::min(page + 1, pages - 1);
}

}  // namespace mid::ui
