#include <fonts.hpp>

#include "ui/frame.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {

void hidden(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  p.icon(box.x + 8, box.y + 22, icon::kEye, t.ink);
  p.text(box.x + 25, box.y + 28, kBodyStrong, t.ink, words("hidden.head"));
  const float y = box.y + 64 + 25 * static_cast<float>(p.paragraph(box.x, box.y + 64, box.w, kBody, t.ink2, words("hidden.text"), 25));
  const float w = p.width(kBodyMedium, words("hidden.show")) + 44;
  if (icon_button(f, "hidden.show", {box.x, y, w, 36}, icon::kLightbulb, words("hidden.show"), t.ink, t.edge, words("hidden.show.tip")))
    f.view.hide = View::nothing;
}

}  // namespace mid::ui
