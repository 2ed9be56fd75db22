#include <imgui_internal.h>

#include <algorithm>

#include "ui/frame.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"
#include "ui/trade_chart.hpp"

namespace mid::ui {
namespace {

constexpr std::size_t kMostSegments = 6;  // beyond them the last is a list
constexpr float kSegmentPad = 11;

struct Segment {
  std::string key, name;  ///< empty: the story's own defence
};

std::vector<Segment> segments_of(const PageModel& model) {
  std::vector<Segment> out;
  const bool inside = is_inside(model.choice().spec());
  if (model.choice().has_own_defence()) out.push_back({"", short_name("defense", model.choice().story().defences.front())});
  for (const Rival& r : model.choice().rivals())
    out.push_back({r.key, short_name(r.is_release() ? "release" : "defense", r.name(), inside)});
  return out;
}

std::string id_of(const Segment& s) { return "defence." + (s.key.empty() ? std::string("own") : s.key); }

}  // namespace

float defence_switch(Frame& f, Box room) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  std::vector<Segment> all = segments_of(model);
  const std::string& chosen = model.choice().rival();
  const auto now = std::ranges::find(all, chosen, &Segment::key);
  if (now == all.end()) return 0;
  if (f.layout.present || room.w < 180 || f.layout.kind == Layout::Kind::phone) {
    const std::string name = now->name;
    std::erase_if(all, [&](const Segment& s) { return s.key != chosen && model.choice().why_not(s.key); });  // a list holds no sentence
    std::vector<MenuItem> items;
    for (const Segment& s : all) items.push_back({s.name, {}, s.key == chosen});
    const float w = menu_width(f, "", name);
    if (w > room.w) return 0;
    const int picked = menu(f, "defence", {room.x, room.y - 2, w, 36}, "", name, items);
    if (picked >= 0) model.choose_defence(all[static_cast<std::size_t>(picked)].key);
    return w;
  }
  const auto width = [&](const std::string& name) { return p.width(kNoteMedium, name) + 2 * kSegmentPad; };
  const std::string more(words("switch.more"));
  // As many as there is room for, at most six; the one that is chosen is among them.
  std::size_t shown = all.size();
  const auto total = [&](std::size_t n) {
    float sum = 6 + (n < all.size() ? width(more) + 18 : 0);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < n; ++i) names.push_back(all[i].name);
    if (n < all.size() && static_cast<std::size_t>(now - all.begin()) >= n) names.back() = now->name;
    for (const std::string& name : names) sum += width(name);
    return sum;
  };
  if (shown > kMostSegments) shown = kMostSegments - 1;
  while (shown > 1 && total(shown) > room.w) --shown;
  const Segment current = *now;
  if (const auto place = static_cast<std::size_t>(now - all.begin()); place >= shown)
    std::rotate(all.begin() + static_cast<std::ptrdiff_t>(shown) - 1, all.begin() + static_cast<std::ptrdiff_t>(place),
                all.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  const float w = total(shown);
  const Box row{room.x, room.y, w, room.h};
  p.fill(row, t.sunken, 8);
  p.stroke(row, t.line, 1, 8);
  float x = row.x + 3;
  std::string wanted;
  bool pick = false;
  for (std::size_t i = 0; i < shown; ++i) {
    const Segment& s = all[i];
    const bool on = s.key == current.key;
    const Box box{x, row.y, width(s.name), row.h};
    const Message* why_not = on ? nullptr : model.choice().why_not(s.key);
    const Touch touch = f.controls.button(id_of(s).c_str(), {box.x, box.y - 4, box.w, box.h + 8}, why_not ? said(*why_not) : std::string());
    const Box inner{box.x, box.y + 3, box.w, box.h - 6};
    if (on)
      p.fill(inner, touched(p, t.defend, touch), 6);
    else if (!why_not && (touch.hovered || touch.held))
      p.fill(inner, touched(p, t.sunken, touch), 6);
    p.text(box.middle_x(), box.y + 21, kNoteMedium, on ? t.on_role : why_not ? t.ink3 : t.ink2, s.name, Align::centre);
    if (touch.clicked && !why_not) wanted = s.key, pick = true;
    if (ImGui::IsItemFocused() && !pick) {  // a radio group: arrows choose
      const ImGuiID own = ImGui::GetItemID();
      for (const bool right : {false, true}) {
        const ImGuiKey key = right ? ImGuiKey_RightArrow : ImGuiKey_LeftArrow;
        ImGui::SetKeyOwner(key, own);
        if (!ImGui::IsKeyPressed(key, own, ImGuiInputFlags_Repeat)) continue;
        std::size_t next = right ? i + 1 : i - 1;  // below 0 it is beyond all
        while (next < shown && model.choice().why_not(all[next].key)) right ? ++next : --next;
        if (next >= shown) continue;
        const Segment& to = all[next];
        wanted = to.key, pick = true;
        f.controls.move_to(id_of(to));
      }
    }
    x += box.w;
  }
  if (shown < all.size()) {
    const Box box{x, row.y, width(more) + 18, row.h};
    const Touch touch = f.controls.button("defence.more", {box.x, box.y - 4, box.w, box.h + 8});
    p.text(box.x + kSegmentPad, box.y + 21, kNoteMedium, t.ink2, more);
    p.polyline({box.right() - 22, box.middle_y() - 2, box.right() - 17, box.middle_y() + 3, box.right() - 12, box.middle_y() - 2}, t.ink2,
               2);
    const auto beyond = all.begin() + static_cast<std::ptrdiff_t>(shown);
    all.erase(std::remove_if(beyond, all.end(), [&](const Segment& s) { return model.choice().why_not(s.key) != nullptr; }), all.end());
    std::vector<MenuItem> items;
    for (std::size_t i = shown; i < all.size(); ++i) items.push_back({all[i].name, {}, false});
    if (const int picked = menu_list(f, "defence.more", box, items, touch.clicked); picked >= 0)
      wanted = all[shown + static_cast<std::size_t>(picked)].key, pick = true;
  }
  if (pick) model.choose_defence(wanted);
  return w;
}

}  // namespace mid::ui
