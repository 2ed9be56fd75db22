#include "ui/choices.hpp"
#include "ui/frame.hpp"
#include "ui/strings.hpp"
#include "ui/walk.hpp"

namespace mid::ui {

/// Title and caption, the menu of repeats and the main button; on low pages the transport in their place. True: show others.
bool stage_head(Frame& f, Box card) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  const float x = card.x + l.pad, right = card.right() - l.pad;
  if (l.kind == Layout::Kind::phone || l.present) return false;
  if (theatre_open(f.model, f.view)) {
    theatre(f, {x, card.y + 9, right - x - 52, 36}, l.transport_in_stage ? 1 : 2);
    return attack_button(f, {right - 40, card.y + 9, 40, 36}, false);
  }
  if (l.transport_in_stage) {
    // The transport comes first: Tab goes from left to right.
    const float watch = watch_width(f);
    const Box room{x, card.y + 9, right - x - 52 - watch - (watch > 0 ? 4 : 0), 36};
    f.view.hide < View::controls ? transport(f, room) : small_question(f, room);
    watch_buttons(f, right - 44, card.y + 9, 36);
    if (f.view.walk.station > 0) return walk_step_button(f, {right - 40, card.y + 9, 40, 36}), false;
    return attack_button(f, {right - 40, card.y + 9, 40, 36}, false);
  }
  const std::string wait(f.model.runs().has_result() ? "" : ".wait");
  const std::string title = f.model.choice().says("title" + wait), caption = f.model.choice().says("caption" + wait);
  const float w = attack_button_width(f, true), menu_w = f.model.choice().story().repeats               ? repeats_width(f)
                                                         : f.model.choice().story().defences.size() > 1 ? price_width(f)
                                                                                                        : 0;
  const Box button{right - w, card.y + 18, w, 40};
  const float watch = watch_buttons(f, button.x - 8, button.y, 40), room = button.x - 16 - (watch > 0 ? watch + 8 : 0);
  float end = room;
  // What the title leaves over may hold the menu; the sheet has it, too.
  if (const float menu_x = room - menu_w; menu_w > 0 && x + p.width(kTitle, title) + 20 <= menu_x) {
    const Box box{menu_x, card.y + 9, menu_w, 34};
    if (f.model.choice().story().repeats)
      repeats_menu(f, box);
    else
      price_menu(f, box);
    end = menu_x - 12;
  }
  // Never cut: where the title does not fit on its line it is set smaller.
  p.text(x, card.y + 33, p.width(kTitle, title) <= end - x ? kTitle : kBodyStrong, t.ink, title);
  if (p.width(kNote, caption) <= room - x) p.text(x, card.y + 56, kNote, t.ink2, caption);
  if (f.view.walk.station == 0) return attack_button(f, button, true);
  walk_step_button(f, {button.x, button.y, 40, 40});
  return attack_button(f, {right - 40, button.y, 40, 40}, false);
}

Box stage_ground(Frame& f) {
  const Layout& l = f.layout;
  Box card = l.stage;
  if (l.kind == Layout::Kind::phone) card.x = 16, card.w = l.width - 32;
  f.paint.card(card);
  return card;
}

StageCard stage_card(Frame& f) {
  const Layout& l = f.layout;
  const bool phone = l.kind == Layout::Kind::phone;
  StageCard out;
  out.card = stage_ground(f);
  out.another = stage_head(f, out.card);
  const float y = out.card.y + (l.transport_in_stage ? 54.f : phone || l.present ? 12.f : 76.f);
  out.inner = {out.card.x + l.pad, y, out.card.w - 2 * l.pad, out.card.bottom() - 14 - y};
  return out;
}

}  // namespace mid::ui
