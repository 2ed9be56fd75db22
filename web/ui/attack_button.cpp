#include <algorithm>
#include <cmath>
#include <fonts.hpp>

#include "ui/frame.hpp"
#include "ui/strings.hpp"

namespace mid::ui {

float attack_button_width(const Frame& f, bool with_words) {
  return with_words ? std::max(f.paint.width(kBodyMedium, words("attack.again")) + 58,
                               f.paint.width(kBodyMedium, words("attack.busy", {{"percent", "100\u00a0%"}})) + 24)
                    : 40;
}

/// The main button: filled before the first attack, a bar while it attacks (a click stops it), outlined afterwards. True when
/// the visitor wants to see the attack on others.
bool attack_button(Frame& f, Box box, bool with_words) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  const bool attacking = model.queue().busy() && model.queue().progress().stage == "attacking",
             waiting = model.queue().busy() && !attacking;
  const bool first = !model.runs().has_result();
  const Touch touch = f.controls.button("attack", box,
                                        words(attacking ? "attack.stop"
                                              : waiting ? "attack.wait"
                                              : first   ? "attack.first"
                                                        : "attack.again.tip"));
  const auto label = [&](std::string_view text, ImU32 colour) {
    const float w = with_words ? p.width(kBodyMedium, text) + 28 : 20, x = box.middle_x() - w / 2;
    p.icon(x + 10, box.middle_y(), icon::kTarget, colour);
    if (with_words) p.text(x + 28, box.middle_y() + 6, kBodyMedium, colour, text);
  };
  if (attacking) {
    const double share = model.queue().progress().fraction;
    p.fill(box, touched(p, t.attack_soft, touch), 8);
    p.stroke(box, t.attack, 1, 8);
    if (with_words)
      p.text(box.middle_x(), box.y + 21, {Type::medium, 16, true}, t.attack,
             model.queue().progress().total > 1 ? words("attack.busy", {{"percent", std::to_string(std::lround(share * 100)) + "\u00a0%"}})
                                                : std::string(words("stage.attacking")),
             Align::centre);
    p.bar({box.x + 12, box.bottom() - 10, box.w - 24, 4}, static_cast<float>(share), t.attack);
    if (touch.clicked) model.stop();
    return false;
  }
  if (waiting) {
    p.fill(box, t.sunken, 8);
    p.stroke(box, t.line, 1, 8);
    label(words(first ? "attack" : "attack.again"), t.ink3);
    return false;
  }
  if (first) {
    p.fill(box, touched(p, t.attack, touch), 8);
    label(words("attack"), t.on_role);
    if (touch.clicked) model.restart();
    return false;
  }
  if (touch.hovered || touch.held) p.fill(box, faded(t.attack, touch.held ? .16f : .08f), 8);
  p.stroke(box, t.attack, 1, 8);
  label(words("attack.again"), t.attack);
  return touch.clicked;
}

}  // namespace mid::ui
