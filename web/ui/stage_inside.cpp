// The pictures of a story that has companions: no defence, the chosen one and its rivals in columns of one width, each with the
// numbers that are sent, what the attacker draws from them, and both figures.
#include <algorithm>
#include <cctype>

#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/line_up.hpp"
#include "ui/number_bars.hpp"
#include "ui/series.hpp"
#include "ui/strings.hpp"
#include "ui/trade_chart.hpp"

namespace mid::ui {
namespace {

constexpr int kDrawnAcross = 2, kDrawings = 4;
constexpr float kSmall = 34, kSmallGap = 4;  // side of the pictures beside the drawings, and between them

struct Column {
  std::string name;
  const Shown* run = nullptr;  ///< null: it is still to come
  Pictures::Row row = Pictures::guess;
  int other = -1;  ///< among the pictures of others; -1: `row` has them
  bool chosen = false;
};

/// "MID 0.1", "CEM 0.5".
std::string column_name(const Shown& run) {
  const Treatment now = treatment_of(run.spec());
  std::string name = row_name(run);
  const std::string place = now.path.empty() ? "" : " " + localised(strength_number(now.strength));
  return name.ends_with(place) ? name : name + place;
}

/// No defence, then the story's companions by name; what is chosen stands in the place of its like, or behind no defence.
std::vector<Column> columns_of(const PageModel& model) {
  const Runs& runs = model.runs();
  const Shown& shown = runs.shown();
  const bool defended = runs.shows_defence();
  std::vector<Column> out{
      {std::string(words("row.plain")), defended ? runs.beside() : &shown, defended ? Pictures::plain : Pictures::guess, -1, !defended}};
  const Treatment now = treatment_of(shown.spec());
  bool placed = !defended;
  int other = 0;
  for (const auto& [name, fields] : model.choice().story().companions.items()) {
    const Shown* run = runs.companion(name);
    const bool alike =
        defended && run && treatment_of(run->spec()).defence == now.defence && treatment_of(run->spec()).release == now.release;
    if (alike) {
      out.push_back({column_name(shown), &shown, Pictures::guess, -1, true});
      placed = true;
    } else {
      out.push_back({run ? column_name(*run) : std::string(), run, Pictures::guess, other, false});
    }
    ++other;
  }
  if (!placed) out.insert(out.begin() + 1, {column_name(shown), &shown, Pictures::guess, -1, true});
  if (out.size() > 5) out.resize(5);
  return out;
}

void drawing_tile(Frame& f, const Column& column, int which, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const bool there =
      which < f.pictures.columns() && (column.other >= 0 ? f.pictures.has_other(column.other) : column.run && f.pictures.has(column.row));
  if (!there) {
    p.fill(box, t.surface, 8);
    p.stroke(box, t.attack, 1, 8);
    return p.text(box.middle_x(), box.middle_y() + 6, kBodyStrong, t.attack, "?", Align::centre), void();
  }
  float uv[4];
  if (column.other >= 0)
    f.pictures.other_corners(column.other, which, uv);
  else
    f.pictures.corners(column.row, which, false, uv);
  p.image(f.doors.pictures, box, uv, 1, 8);
  p.stroke(box, mixed(t.attack_soft, t.attack, .35f), 1, 8);
}

/// Where everything stands: the label's column, and rows.
struct Grid {
  float label_x, label_w, x, pitch, w;
  float head, bars, drawings, side, found, read, foot;
  Type figure;  ///< of the names of both figures, which are of one size
};

Grid grid_of(const Frame& f, Box inner, std::size_t columns) {
  Grid g{};
  const float larger = f.layout.present ? 1.25f : 1.f;
  const float usual = f.layout.kind == Layout::Kind::wide ? 124.f : 118.f * larger;
  const auto width_of = [&](const char* key) { return f.paint.width(kNoteStrong, f.model.choice().says(key)) + 1; };
  const float compared = kDrawnAcross * (kSmall + kSmallGap) + kSmallGap + f.paint.width(kNote, words("row.average.short"));
  g.label_x = inner.x;
  g.label_w = std::clamp(std::max({width_of("privacy.short"), width_of("utility.short"), compared}), usual, usual * 1.3f);
  const auto fits = [&](const char* key) { return f.paint.width(kBodyStrong, f.model.choice().says(key)) <= g.label_w; };
  g.figure = fits("privacy.short") && fits("utility.short") ? kBodyStrong : kNoteStrong;
  g.x = inner.x + g.label_w + 12;
  g.pitch = (inner.right() - g.x + 10) / static_cast<float>(columns), g.w = g.pitch - 10;
  const float lines = 24 * larger, fixed = lines * 3 + 12 + 34 * larger + 14;
  const float bars = std::clamp((inner.h - fixed) * .26f, 34.f, 80.f);
  g.side = std::floor(std::clamp((inner.h - fixed - bars - 6) / kDrawnAcross, 24.f, (g.w - 6) / kDrawnAcross));
  g.head = inner.y + 14 * larger, g.bars = inner.y + lines;
  g.drawings = g.bars + bars + 12;
  g.found = g.drawings + kDrawnAcross * g.side + 6 + 24 * larger, g.read = g.found + lines - 1;
  g.foot = inner.bottom() - 34 * larger;
  return g;
}

void column_label(Frame& f, const Grid& g, float y, Type type, ImU32 colour, std::string_view text, std::string_view note = {}) {
  Paint& p = f.paint;
  p.text(g.label_x, y, type, colour, p.fitting(type, text, g.label_w));
  if (!note.empty() && p.width(kNote, note) <= g.label_w) p.text(g.label_x, y + 19, kNote, f.theme().ink2, note);
}

/// The true pictures, small, and beside them the average one, which needs no model.
void compared_with(Frame& f, const Grid& g, float y, float small) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const auto tile = [&](Pictures::Row row, int which, Box box) {
    float uv[4];
    f.pictures.corners(row, which, false, uv);
    p.image(f.doors.pictures, box, uv, 1, 4);
    p.stroke(box, t.edge, 1, 4);
  };
  const auto caption = [&](float x, float baseline, std::string_view text) {
    if (x + p.width(kNote, text) <= g.label_x + g.label_w + 2) p.text(x, baseline, kNote, t.ink2, text);
  };
  const float pitch = small + kSmallGap, x = g.label_x + kDrawnAcross * pitch + kSmallGap;
  if (f.pictures.has(Pictures::truth)) {
    for (int i = 0; i < std::min(kDrawings, f.pictures.columns()); ++i)
      tile(Pictures::truth, i,
           {g.label_x + static_cast<float>(i % kDrawnAcross) * pitch, y + static_cast<float>(i / kDrawnAcross) * pitch, small, small});
    caption(x, y + 10, words("row.true"));
  }
  if (f.pictures.has(Pictures::average) && x + small <= g.x) {
    const Box box{x, y + pitch, small, small};
    tile(Pictures::average, 0, box);
    if (pitch >= 31) caption(x, box.y - 5, words("row.average.short"));  // else it would lie on the word above
    f.controls.button("inside.average", box, f.model.choice().says("row.average.note"), 4);
  }
}

/// A column's name in its width: where both do not fit, without the strength, which the slider says.
std::string head_in(const Paint& p, const std::string& name, float width) {
  if (p.width(kNoteStrong, name) <= width) return name;
  const std::size_t strength = name.find_last_of(' ');
  const bool has_one = strength != name.npos && strength + 1 < name.size() && std::isdigit(static_cast<unsigned char>(name[strength + 1]));
  return p.fitting(kNoteStrong, has_one ? name.substr(0, strength) : name, width);
}

/// The name of the run over its numbers, its drawings and its two figures; a click chooses it.
void draw_column(Frame& f, const Grid& g, const Column& column, float x, float bars_h, double plain_use) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  const Box whole{x - 5, g.head - 20, g.w + 10, g.read + 10 - (g.head - 20)};
  const std::string id = "inside." + (column.chosen ? std::string("now") : column.other >= 0 ? std::to_string(column.other) : "plain");
  const Touch touch = f.controls.button(id.c_str(), whole, {}, 10);
  if (!column.chosen && touch.hovered) p.fill(whole, faded(t.sunken, .6f), 10);
  if (column.chosen) p.stroke(whole, t.defend, 2, 10);
  const ImU32 ink = column.chosen ? t.defend : t.ink;
  p.text(x, g.head, kNoteStrong, ink, head_in(p, column.name.empty() ? std::string(words("number.wait.short")) : column.name, g.w));
  const AnswerSheet* answers = answers_of(column.run);
  const int row = chosen_row(f);
  if (answers && row >= 0)
    number_bars(f, {x, g.bars - 20, g.w, bars_h + 20}, "inside." + id + ".", *answers, row, "", model.runs().stale() && column.chosen, -1);
  else
    p.fill({x, g.bars, g.w, bars_h}, t.sunken, 6);
  const float left = x + std::max(0.f, (g.w - kDrawnAcross * g.side - 6) / 2);
  for (int i = 0; i < kDrawings; ++i)
    drawing_tile(f, column, i,
                 {left + static_cast<float>(i % kDrawnAcross) * (g.side + 6),
                  g.drawings + static_cast<float>(i / kDrawnAcross) * (g.side + 6), g.side, g.side});
  const Story& story = model.choice().story();
  const Measure use = column.run && column.run->result ? column.run->result->figure("utility", story.utility) : Measure{};
  const Measure leak = column.run && column.run->result ? column.run->result->figure("privacy", story.privacy) : Measure{};
  const Type digits{Type::semibold, 20, true};
  if (leak.value) {
    const float w = p.text(left, g.found, digits, t.attack, of_ten(*leak.value));
    if (const std::string_view of = words("of ten"); w + 6 + p.width(kNote, of) <= g.w) p.text(left + w + 6, g.found, kNote, t.ink2, of);
  }
  if (use.value) p.text(left, g.read, kBodyStrong, *use.value < plain_use - .03 ? t.ink : t.model, percent(use.value));
  if (touch.clicked && column.run && column.run->result && !column.chosen)
    model.adopt(column.run->spec(), model.choice().story_index(), false);
}

}  // namespace

bool shows_columns(const Frame& f) {
  const Runs& runs = f.model.runs();
  constexpr float kLowest = 290;  // of the stage: below it they have no room
  return f.layout.kind != Layout::Kind::phone && f.layout.stage.h >= kLowest && f.model.choice().story().stage == Stage::pictures &&
         !f.model.choice().story().companions.empty() && runs.has_result() && has_numbers(f.model) && f.view.walk.station == 0 &&
         !f.view.line_up.open && !theatre_open(f.model, f.view);
}

std::vector<const Shown*> companions_in_order(const PageModel& model) {
  std::vector<const Shown*> out;
  if (model.choice().story().stage != Stage::pictures || !model.runs().has_result()) return out;
  for (const auto& [name, fields] : model.choice().story().companions.items()) out.push_back(model.runs().companion(name));
  return out;
}

void stage_inside(Frame& f) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  const PageModel& model = f.model;
  const auto [card, inner, another] = stage_card(f);
  if (another) ++f.view.draw;
  const std::vector<Column> columns = columns_of(model);
  const Grid g = grid_of(f, inner, columns.size());
  const float bars_h = g.drawings - 12 - g.bars;
  const float band_x = l.present ? 6 : card.x + 8, band_w = l.present ? l.width - 12 : card.w - 16;
  p.fill({band_x, g.drawings - 6, band_w, kDrawnAcross * g.side + 6 + 12}, t.attack_soft, 10);
  const std::string sent = words("numbers.inside", {{"n", count(answers_of(&model.runs().shown())->numbers)}});
  const float line_h = l.present ? 22.f : 18.f;
  const auto sent_lines = static_cast<float>(p.paragraph(g.label_x, 0, g.label_w, kNoteMedium, t.model, sent, line_h, false));
  if (sent_lines * line_h <= bars_h + 8)
    p.paragraph(g.label_x, g.bars + bars_h / 2 + 5 - line_h * (sent_lines - 1) / 2, g.label_w, kNoteMedium, t.model, sent, line_h);
  // Below the label what the drawings are compared with; where there is no room for both it takes the place of the note.
  const float all = kDrawnAcross * g.side + 6;
  const bool noted = all >= 104;
  column_label(f, g, g.drawings + 14, kBodyStrong, t.attack, words("row.attack"),
               noted ? model.choice().says("attack.note") : std::string());
  const float below = noted ? 42.f : 24.f, small = std::floor(std::min(kSmall, (all - below) / kDrawnAcross - 4));
  if (small >= 16) compared_with(f, g, g.drawings + below, small);
  column_label(f, g, g.found, g.figure, t.attack, model.choice().says("privacy.short"));
  column_label(f, g, g.read, g.figure, t.model, model.choice().says("utility.short"));
  const Run* plain = model.runs().undefended();
  for (std::size_t i = 0; i < columns.size(); ++i)
    draw_column(f, g, columns[i], g.x + g.pitch * static_cast<float>(i), bars_h, plain && plain->utility ? *plain->utility : 0);
  const std::string sentence = winner_sentence(model, trade_chart(model, f.view.chart_view.floor, false));
  const Box foot{band_x, g.foot, band_w, inner.bottom() + 6 - g.foot};
  p.fill(foot, t.defend_soft, 8);
  const float line = l.present ? 22.f : 17.f, room = foot.w - 24;
  const int lines = p.paragraph(0, 0, room, kNote, t.ink, sentence, line, false);
  if (static_cast<float>(lines) * line <= foot.h + 2)
    p.paragraph(foot.x + 12, foot.middle_y() + 5 - line * static_cast<float>(lines - 1) / 2, room, kNote, t.ink, sentence, line);
}

}  // namespace mid::ui
