#include <fonts.hpp>

#include "mid/version.hpp"
#include "ui/frame.hpp"
#include "ui/lessons.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

void draw(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  p.icon(box.x + 10, box.y + 22, icon::kCircleHelp, t.ink);
  p.text(box.x + 30, box.y + 28, kBodyStrong, t.ink, words("help"));
  float y = box.y + 62;
  const float w = p.width(kBodyMedium, words("lessons")) + 52;
  if (icon_button(f, "help.lessons", {box.right() - w, box.y + 4, w, 36}, icon::kBookOpen, words("lessons"), t.ink, t.edge,
                  words("lessons.tip")))
    f.view.open("lesson");
  if (!tours().empty()) {
    const float tour_w = std::min(p.width(kBodyMedium, words("tour")) + 52, box.w), beside = box.right() - w - 8 - tour_w;
    // Beside the lessons, on a phone below the title.
    const bool fits = beside > box.x + 30 + p.width(kBodyStrong, words("help")) + 16;
    const Box at = fits ? Box{beside, box.y + 4, tour_w, 36} : Box{box.x, y - 10, tour_w, 36};
    if (icon_button(f, "help.tour", at, icon::kPlay, words("tour"), t.ink, t.edge)) return open_tour(f.model, f.view);
    if (!fits) y += 46;
  }
  for (const char* key : {"help.text", "help.colours", "help.keys", "help.credits"})
    y += 22 * static_cast<float>(p.paragraph(box.x, y, box.w, kNote, t.ink2, words(key), 22)) + 12;
  p.text(box.x, y, kNote, t.ink3, words("help.version", {{"version", std::string(kVersion)}}));
  if (!f.doors.open_manual) return;
  const float manual_w = p.width(kBodyMedium, words("help.manual")) + 52;
  if (icon_button(f, "help.manual", {box.right() - manual_w, y - 24, manual_w, 36}, icon::kBookOpen, words("help.manual"), t.ink, t.edge,
                  words("help.manual.tip")))
    f.doors.open_manual();
}

}  // namespace

namespace panel {
extern const Panel help;
const Panel help{.name = "help", .draw = &draw};
}  // namespace panel

}  // namespace mid::ui
