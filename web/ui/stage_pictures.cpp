#include <algorithm>
#include <cmath>
#include <fonts.hpp>

#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

void tile(Frame& f, Pictures::Row row, int column, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Pictures& pictures = f.pictures;
  const bool drawn = row == Pictures::guess || row == Pictures::plain;  // by the attacker
  if (column >= pictures.columns() || !pictures.has(row)) {
    const ImU32 colour = drawn ? t.attack : t.line;
    p.fill(box, drawn ? t.surface : t.sunken, 8);
    p.stroke(box, colour, 1, 8);
    if (drawn) p.text(box.middle_x(), box.middle_y() + 7, kTitle, t.attack, "?", Align::centre);
    return;
  }
  const float fade = f.motion.to("fade", static_cast<float>(pictures.serial()), .18) - static_cast<float>(pictures.serial() - 1);
  float uv[4];
  if (fade < 1 && pictures.had(row)) {
    pictures.corners(row, column, true, uv);
    p.image(f.doors.pictures, box, uv, 1, 8);
  } else if (fade < 1 && drawn && pictures.has(Pictures::average)) {
    pictures.corners(Pictures::average, column, false, uv);  // what the attacker begins with
    p.image(f.doors.pictures, box, uv, 1, 8);
  }
  pictures.corners(row, column, false, uv);
  p.image(f.doors.pictures, box, uv, std::clamp(fade, 0.f, 1.f), 8);
  if (f.model.choice().story().ink) p.stroke(box, drawn ? mixed(t.attack_soft, t.attack, .35f) : t.line, 1, 8);
  if (row == Pictures::guess && f.model.runs().stale() && f.model.queue().busy()) p.fill(box, faded(t.attack_soft, .35f), 8);
}

struct RowText {
  std::string_view label;
  std::string note;
  std::string_view count_note;
  std::string count;
  std::string_view unit;
  ImU32 colour;
};

void row(Frame& f, int index, Pictures::Row which, const RowText& text) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  const bool phone = l.kind == Layout::Kind::phone;
  const float y = l.rows_y + l.row_pitch * static_cast<float>(index);
  if (which == Pictures::guess || which == Pictures::plain) {
    const Box band = phone       ? Box{6, y - l.label_gap - 2, l.width - 12, l.picture + l.label_gap + 8}
                     : l.present ? Box{6, y - 5, l.width - 12, l.picture + 10}
                                 : Box{l.stage.x + 8, y - 6, l.stage.w - 16, l.picture + 12};
    p.fill(band, t.attack_soft, 10);
    if (t.hairline > 1) p.stroke(band, t.attack, 1.5f, 10);
  }
  if (phone) {
    const float w = p.text(l.label_x, y - 9, kBodyStrong, text.colour, text.label);
    // Where the buttons stand there is no room for long words.
    const float room = l.count_x - (which == Pictures::guess ? 160 : 76) - (l.label_x + w + 8);
    if (p.width(kNote, text.note) <= room) p.text(l.label_x + w + 8, y - 9, kNote, t.ink2, text.note);
    if (!text.count.empty())
      p.text(l.count_x, y - 9, {{text.count, {Type::semibold, 16, true}, text.colour}, {" ", kNote, t.ink}, {text.unit, kNote, t.ink2}},
             Align::right);
  } else {
    const float middle = y + l.picture / 2;
    p.text(l.label_x, middle - 5, kTitle, text.colour, text.label);
    p.text(l.label_x, middle + 18, kNote, t.ink2, text.note);
    if (!text.count.empty()) {
      const float w = p.text(l.count_x, middle - 4, kCount, text.colour, text.count);
      p.text(l.count_x + w + 6, middle - 4, kBodyMedium, text.colour, text.unit);
      p.text(l.count_x, middle + 20, kNote, t.ink2, text.count_note);
    }
  }
  for (int c = 0; c < l.pictures; ++c) tile(f, which, c, {l.pictures_x + l.pitch * static_cast<float>(c), y, l.picture, l.picture});
}

/// Ticks on the attacker's pictures that most line-ups pick.
void badges(Frame& f, int index, Pictures::Row which, const PictureSheet& sheet) {
  const Layout& l = f.layout;
  if (l.kind == Layout::Kind::phone || !f.pictures.has(which)) return;
  for (int c = 0; c < f.pictures.columns(); ++c) {
    const auto r = static_cast<std::size_t>(f.pictures.picked(c));
    if (r >= sheet.line_up.size()) return;
    const float x = l.pictures_x + l.pitch * static_cast<float>(c) + l.picture - 4,
                y = l.rows_y + l.row_pitch * static_cast<float>(index) + l.picture - 6;
    f.paint.badge(x, y, sheet.line_up[r] > .5, f.theme().attack);
  }
}

/// The row of an attacker: of what is chosen, or of the same model without defence. At a step of its way it says how much of the
/// detail is there, at the end how many are found.
void attacker(Frame& f, int index, Pictures::Row which, const Shown* of, std::string note, int step) {
  const PageModel& model = f.model;
  const Theme& t = f.theme();
  const Measure line_up = of && of->result ? of->result->figure("privacy", model.choice().story().privacy) : Measure{};
  RowText text{words("row.attack"), line_up.value ? std::move(note) : std::string(words("row.attack.empty")), words("in line-up"), "",
               words("of ten"),     model.runs().stale() && which == Pictures::guess ? t.ink3 : t.attack};
  const bool on_its_way = step >= 0 && of && of->sheet && !of->sheet->path.step.empty();
  if (on_its_way) {
    const PicturePath& path = of->sheet->path;
    text.count = percent(path.detail[path.frame_at(step)]), text.unit = {}, text.count_note = words("theatre.detail");
  } else if (line_up.value) {
    text.count = of_ten(f.motion.to(which == Pictures::guess ? "line-up" : "line-up.plain", static_cast<float>(*line_up.value), .25));
  }
  row(f, index, which, text);
  if (of && of->sheet && line_up.value && !on_its_way) badges(f, index, which, *of->sheet);
}

}  // namespace

void stage_pictures(Frame& f) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  const PageModel& model = f.model;
  const bool phone = l.kind == Layout::Kind::phone, watched = theatre_open(model, f.view), beside = theatre_beside(model, f.view);
  if (!phone && !l.present) p.card(l.stage);
  if (stage_head(f, l.stage)) ++f.view.draw;
  if (watched && (phone || l.present)) theatre(f, {16, l.stage.y + (phone ? 6.f : 2.f), l.width - 32, 36}, 1);
  const int step = watched ? theatre_step(model, f.view) : -1;
  const Measure line_up = model.runs().figure("privacy", model.choice().story().privacy);
  const bool done = line_up.value.has_value();
  const std::string_view ten = words("of ten");
  int at = 0;
  row(f, at++, Pictures::truth,
      {words("row.true"), model.choice().says("row.true.note"), words("in line-up"), done && step < 0 ? "10" : "", ten, t.ink});
  if (beside)
    attacker(f, at++, Pictures::plain, model.runs().beside(),
             std::string(words(model.runs().beside() ? "theatre.plain" : "theatre.plain.wait")), step);
  const int own = at++;
  const std::string chosen = std::string(model.choice().story().symbol) + " = " + localised(strength_number(model.runs().shown().strength));
  attacker(f, own, Pictures::guess, model.runs().has_result() ? &model.runs().shown() : nullptr,
           !beside                             ? model.choice().says("attack.note")
           : model.runs().shown().strength > 0 ? chosen
                                               : std::string(words(model.choice().defended() ? "theatre.release" : "theatre.plain")),
           step);
  row(f, at, Pictures::average,
      {words("row.average"), model.choice().says("row.average.note"), words("by chance"),
       done && step < 0 ? of_ten(line_up.baseline.value_or(.1)) : "", ten, t.ink});
  if (!phone) return;
  const float y = l.rows_y + l.row_pitch * static_cast<float>(own) - l.label_gap - 1, h = l.label_gap - 1;
  if (attack_button(f, {l.count_x - 124, y, 40, h}, false)) ++f.view.draw;
  if (!watched) theatre_button(f, {l.count_x - 164, y, 40, h});
}

}  // namespace mid::ui
