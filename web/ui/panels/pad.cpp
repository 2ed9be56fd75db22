#include <imgui_internal.h>
#include <algorithm>
#include <fonts.hpp>

#include "mid/data/labelled_pictures.hpp"
#include "ui/frame.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

/// The keyboard's pen, while the paper has the focus: arrow keys move it, Space puts it down and lifts it.
void pen_by_keys(Pad& pad, bool pressed) {
  const ImGuiID own = ImGui::GetItemID();
  if (pressed) {
    if (!(pad.key_down = !pad.key_down))
      pad.lift();
    else
      pad.draw(pad.at);
  }
  constexpr float kStep = 1 / 24.f;
  const auto step = [&](ImGuiKey key, float dx, float dy) {
    ImGui::SetKeyOwner(key, own);  // arrows would move the focus otherwise
    if (!ImGui::IsKeyPressed(key, own, ImGuiInputFlags_Repeat)) return;
    pad.at = {std::clamp(pad.at.first + dx, 0.f, 1.f), std::clamp(pad.at.second + dy, 0.f, 1.f)};
    if (pad.key_down) pad.draw(pad.at);
  };
  step(ImGuiKey_LeftArrow, -kStep, 0), step(ImGuiKey_RightArrow, kStep, 0), step(ImGuiKey_UpArrow, 0, -kStep),
      step(ImGuiKey_DownArrow, 0, kStep);
}

/// The paper: whoever holds the button down draws.
void paper(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  Pad& pad = f.view.pad;
  const Touch touch = f.controls.button("pad", box, {}, 8);
  p.fill(box, t.sunken, 8);
  p.stroke(box, t.edge, 1, 8);
  const bool by_mouse = ImGui::IsMouseDown(ImGuiMouseButton_Left) || ImGui::IsMouseReleased(ImGuiMouseButton_Left);
  const bool by_keys = touch.focused && !by_mouse;
  if (by_keys) {
    pen_by_keys(pad, touch.clicked);
  } else if (touch.dragged) {
    pad.key_down = false;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    pad.draw({(mouse.x / p.scale() - box.x) / box.w, (mouse.y / p.scale() - box.y) / box.h});
    f.wake_in(0);
  } else {
    pad.key_down = false;
    pad.lift();
  }
  if (pad.empty()) p.text(box.middle_x(), box.middle_y() + 5, kNote, t.ink3, words("pad.here"), Align::centre);
  const float pen = box.w * .055f;
  for (const auto& stroke : pad.strokes()) {
    std::vector<float> points;
    for (const auto& [x, y] : stroke) {
      points.push_back(box.x + x * box.w), points.push_back(box.y + y * box.h);
      p.circle(points[points.size() - 2], points.back(), pen / 2, t.ink);
    }
    if (stroke.size() > 1) p.polyline(points, t.ink, pen);
  }
  if (!by_keys) return;
  const float x = box.x + pad.at.first * box.w, y = box.y + pad.at.second * box.h;
  if (pad.key_down)
    p.circle(x, y, pen / 2 + 3, t.model);
  else
    p.ring(x, y, pen / 2 + 3, t.model, 2);
  if (box.w > 220) p.paragraph(box.x + 12, box.bottom() - 32, box.w - 24, kNote, t.ink2, words("pad.keys"), 20);
}

/// The 28 x 28 points that the model is given.
void seen(Paint& p, const Pad& pad, Box box) {
  p.fill(box, p.theme.surface, 4);
  const Matrix picture = pad.picture();
  const float cell = (box.w - 4) / 28;
  for (int i = 0; i < 28 * 28; ++i)
    if (picture(0, i) > 0)
      p.fill({box.x + 2 + cell * static_cast<float>(i % 28), box.y + 2 + cell * static_cast<float>(i / 28), cell, cell},
             faded(p.theme.ink, picture(0, i)));
  p.stroke(box, p.theme.edge, 1, 4);
}

void draw(Frame& f, Box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  Pad& pad = f.view.pad;
  const Box card = stage_ground(f);
  const float x = card.x + l.pad, right = card.right() - l.pad;
  const float head_w = right - 44 - x;
  const bool one_line = p.width(kTitle, words("pad.head")) <= head_w;
  const int lines =
      p.paragraph(x, card.y + (one_line ? 33.f : 26.f), head_w, one_line ? kTitle : kBodyStrong, t.ink, words("pad.head"), 20);
  if (icon_button(f, "pad.close", {right - 34, card.y + 9, 36, 36}, icon::kX, "", t.ink2, 0, words("close"))) pad.open = false;
  const float top = card.y + 50 + (lines > 1 ? 8.f : 0.f), room = card.bottom() - 14 - top;
  const bool beside = card.w > 520;
  const float side = std::max(80.f, std::min({room - (beside ? 0.f : 150.f), right - x, 360.f}));
  paper(f, {x, top, side, side});

  const float from = beside ? x + side + 28 : x, w = right - from;
  float y = beside ? top + 14 : top + side + 22;
  if (beside) y += 22 * static_cast<float>(p.paragraph(from, y, w, kBody, t.ink2, words("pad.how"), 22)) + 8;
  p.text(from, y, kNoteMedium, t.ink2, words("pad.which"));
  y += 10;
  const float cell = std::clamp((w - 9 * 4) / 10, 24.f, 36.f);
  for (int digit = 0; digit < 10; ++digit) {
    const Box b{from + (cell + 4) * static_cast<float>(digit), y, cell, 36};
    const std::string name = std::to_string(digit);
    const bool chosen = pad.digit == digit;
    const Touch touch = f.controls.button(("pad.digit." + name).c_str(), b);
    p.fill(b, chosen ? t.ink : touched(p, t.sunken, touch), 8);
    p.text(b.middle_x(), b.middle_y() + 6, kBodyMedium, chosen ? t.surface : t.ink, name, Align::centre);
    if (touch.clicked) pad.digit = digit;
  }
  y += 50;
  const bool ready = !pad.empty() && pad.digit >= 0;
  float after = from;  // what takes strokes back stands behind what they are for
  if (ready) {
    if (ink_button(f, "pad.go", from, y, icon::kTarget, words("pad.go"))) {
      const Matrix picture = pad.picture();
      if (f.model.set_fields({{"data.drawn", drawn_text(picture)}, {"data.drawn_label", pad.digit}})) pad.open = false;
    }
    after += p.width(kBodyMedium, words("pad.go")) + 76;
  } else {
    const std::string_view next = words(pad.empty() ? "pad.first" : "pad.second");
    p.text(from, y + 25, kNote, t.ink2, next);
    after += p.width(kNote, next) + 20;
  }
  if (pad.empty()) return;
  for (const bool all : {false, true}) {
    const std::string_view label = words(all ? "pad.clear" : "pad.undo");
    const float whole = p.width(kBodyMedium, label) + 52, b_w = after + whole <= right ? whole : 40.f;
    if (icon_button(f, all ? "pad.clear" : "pad.undo", {after, y, b_w, 40}, all ? icon::kX : icon::kRotateCcw, b_w > 40 ? label : "", t.ink,
                    t.line, b_w > 40 ? std::string_view() : label))
      all ? pad.clear() : pad.undo();
    after += b_w + 12;
  }
  y += 60;
  if (y + 60 > card.bottom() - 14) return;
  seen(p, pad, {from, y, 60, 60});
  p.paragraph(from + 74, y + 24, w - 74, kNote, t.ink2, words("pad.seen"), 20);
}

bool covers(const PageModel&, const View& view) { return view.pad.open; }

void obey(PageModel& model, View& view, const Json& c) {
  open_pad(model, view);
  view.pad.open = c.value("open", Json(true)) == true;
}

void tell(const PageModel&, const View& view, Json& state) { state["drawing"] = view.pad.open; }

}  // namespace

void open_pad(PageModel& model, View& view) {
  if (view.pane && !view.pane->strip) view.close();
  if (!model.choice().story().ink) model.choose_story(drawing_story());
  model.own.open = false, view.pad.open = true;
}

namespace panel {
extern const Panel pad;
/// The paper for a digit of one's own, in the stage's place.
const Panel pad{.name = "draw", .draw = &draw, .covers = &covers, .command = "draw", .obey = &obey, .tell = &tell};
}  // namespace panel

}  // namespace mid::ui
