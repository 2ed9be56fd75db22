#include <algorithm>
#include <fonts.hpp>

#include "ui/frame.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {

/// What went wrong (with a way back) or what should be known, over the lower end of the stage. Ink only: red would read as
/// the attacker.
void notices(Frame& f) {
  PageModel& model = f.model;
  const bool failed = !model.error().empty();
  const std::string text = said(failed ? model.error() : model.notice);
  if (text.empty()) return;
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  const float w = std::min(l.width - 32, 560.f);
  const int lines = p.paragraph(0, 0, w - 92, kNote, t.ink2, text, 21, false);
  const float h = 21 * static_cast<float>(lines) + (failed ? 104 : 26);
  Box b{l.stage.middle_x() - w / 2, l.stage.bottom() - h - 16, w, h};
  p.fill(b, t.surface, 12);
  p.stroke(b, failed ? t.ink : t.edge, failed ? 2 : 1, 12);
  float y = b.y + 27;
  p.icon(b.x + 26, b.y + 22, icon::kInfo, t.ink);
  if (failed) {
    p.text(b.x + 48, b.y + 28, kBodyStrong, t.ink, words("error.title"));
    y += 28;
  }
  p.paragraph(b.x + 48, y, w - 92, kNote, t.ink2, text, 21);
  if (failed) {
    const float bw = p.width(kBodyMedium, words("error.back")) + 58;
    if (icon_button(f, "error.back", {b.x + 48, b.bottom() - 50, bw, 36}, icon::kRotateCcw, words("error.back"), t.ink, t.edge))
      model.back_to_last_good();
    return;
  }
  const Touch touch = f.controls.button("notice.close", {b.right() - 40, b.y + 6, 32, 32}, words("close"));
  if (touch.hovered) p.fill({b.right() - 40, b.y + 6, 32, 32}, t.sunken, 8);
  p.icon(b.right() - 24, b.y + 22, icon::kX, t.ink2);
  if (touch.clicked) model.notice = {};
}

}  // namespace mid::ui
