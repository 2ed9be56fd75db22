#include <algorithm>
#include <cmath>
#include <fonts.hpp>

#include "figures.hpp"
#include "frame.hpp"
#include "menu.hpp"
#include "strings.hpp"

namespace mid::ui {
namespace {

void tile(Frame& f, Pictures::Row row, int column, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Pictures& pictures = f.pictures;
  if (column >= pictures.columns() || !pictures.has(row)) {
    const ImU32 colour = row == Pictures::guess ? t.attack : t.line;
    p.fill(box, row == Pictures::guess ? t.surface : t.sunken, 8);
    p.stroke(box, colour, 1, 8);
    if (row == Pictures::guess) p.text(box.middle_x(), box.middle_y() + 7, kTitle, t.attack, "?", Align::centre);
    return;
  }
  const float fade = f.motion.to("fade", static_cast<float>(pictures.serial()), .18) - static_cast<float>(pictures.serial() - 1);
  float uv[4];
  if (fade < 1 && pictures.had(row)) {
    pictures.corners(row, column, true, uv);
    p.image(f.doors.pictures, box, uv, 1, 8);
  } else if (fade < 1 && row == Pictures::guess && pictures.has(Pictures::average)) {
    pictures.corners(Pictures::average, column, false, uv);  // what the attacker begins with
    p.image(f.doors.pictures, box, uv, 1, 8);
  }
  pictures.corners(row, column, false, uv);
  p.image(f.doors.pictures, box, uv, std::clamp(fade, 0.f, 1.f), 8);
  if (f.lab.story().ink) p.stroke(box, row == Pictures::guess ? mixed(t.attack_soft, t.attack, .35f) : t.line, 1, 8);
  if (row == Pictures::guess && f.lab.stale() && f.lab.busy()) p.fill(box, faded(t.attack_soft, .35f), 8);
}

struct RowText {
  std::string_view label, note, count_note;
  std::string count;
  ImU32 colour;
};

void row(Frame& f, int index, const RowText& text) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  const bool phone = l.kind == Layout::Kind::phone;
  const float y = l.rows_y + l.row_pitch * static_cast<float>(index);
  const auto which = static_cast<Pictures::Row>(index);
  if (which == Pictures::guess) {
    const Box band = phone ? Box{6, y - l.label_gap - 2, l.width - 12, l.picture + l.label_gap + 8} : Box{l.stage.x + 8, y - 6, l.stage.w - 16, l.picture + 12};
    p.fill(band, t.attack_soft, 10);
  }
  if (phone) {
    const float w = p.text(l.label_x, y - 9, kBodyStrong, text.colour, text.label);
    p.text(l.label_x + w + 8, y - 9, kNote, t.ink2, text.note);
    if (!text.count.empty())
      p.text(l.count_x, y - 9, {{text.count, {Type::semibold, 16, true}, text.colour}, {" ", kNote, t.ink}, {words("of ten"), kNote, t.ink2}}, Align::right);
  } else {
    const float middle = y + l.picture / 2;
    p.text(l.label_x, middle - 5, kTitle, text.colour, text.label);
    p.text(l.label_x, middle + 18, kNote, t.ink2, text.note);
    if (!text.count.empty()) {
      const float w = p.text(l.count_x, middle - 4, kCount, text.colour, text.count);
      p.text(l.count_x + w + 6, middle - 4, kBodyMedium, text.colour, words("of ten"));
      p.text(l.count_x, middle + 20, kNote, t.ink2, text.count_note);
    }
  }
  for (int c = 0; c < l.pictures; ++c)
    tile(f, which, c, {l.pictures_x + l.pitch * static_cast<float>(c), y, l.picture, l.picture});
}

/// Ticks on the attacker's pictures that most line-ups pick.
void badges(Frame& f) {
  const Layout& l = f.layout;
  const auto& shown = f.lab.shown();
  if (!f.lab.has_result() || !shown.sheet || l.kind == Layout::Kind::phone || !f.pictures.has(Pictures::guess)) return;
  for (int c = 0; c < f.pictures.columns(); ++c) {
    const auto r = static_cast<std::size_t>(f.pictures.picked(c));
    if (r >= shown.sheet->line_up.size()) return;
    const float x = l.pictures_x + l.pitch * static_cast<float>(c) + l.picture - 4, y = l.rows_y + l.row_pitch + l.picture - 6;
    f.paint.badge(x, y, shown.sheet->line_up[r] > .5, f.theme().attack);
  }
}

}  // namespace

void stage_pictures(Frame& f) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  const Lab& lab = f.lab;
  const bool phone = l.kind == Layout::Kind::phone;
  if (!phone) p.card(l.stage);
  if (stage_head(f, l.stage)) ++f.view.draw;
  const Measure line_up = measure_of(lab.has_result() ? lab.shown().result : Json(), "privacy", lab.story().privacy);
  const std::string_view story = lab.story().key;
  const bool done = line_up.value.has_value();
  row(f, 0, {words("row.true"), words("row.true.note"), words("in line-up"), done ? "10" : "", t.ink});
  const ImU32 attack = lab.stale() ? t.ink3 : t.attack;
  row(f, 1, {words("row.attack"), done ? story_words(story, "attack.note") : words("row.attack.empty"), words("in line-up"),
             done ? of_ten(f.motion.to("line-up", static_cast<float>(*line_up.value), .25)) : "", attack});
  row(f, 2, {words("row.average"), story_words(story, "row.average.note"), words("by chance"),
             done ? of_ten(line_up.baseline.value_or(.1)) : "", t.ink});
  badges(f);
  if (phone && attack_button(f, {l.count_x - 124, l.rows_y + l.row_pitch - l.label_gap - 1, 40, l.label_gap - 1}, false)) ++f.view.draw;
}

}  // namespace mid::ui
