#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/line_up.hpp"
#include "ui/number_bars.hpp"
#include "ui/series.hpp"
#include "ui/strings.hpp"
#include "ui/walk.hpp"

namespace mid::ui {
namespace {

bool by_attacker(Pictures::Row row) { return row == Pictures::guess || row == Pictures::plain; }

void tile(Frame& f, Pictures::Row row, int column, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Pictures& pictures = f.pictures;
  const bool drawn = by_attacker(row);
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
  std::string label, note, count;
  std::vector<std::string> units;  ///< what is counted: the first that there is room for
  ImU32 colour;
};

/// "9.2 of 10 found" as far as there is room for it, ending or beginning at `x`.
void count_line(Frame& f, const RowText& text, float x, float y, float room, Align align) {
  if (text.count.empty()) return;
  Paint& p = f.paint;
  const Type digits{Type::semibold, align == Align::left ? 20 : 16, true};
  std::string unit;
  for (auto u = text.units.rbegin(); u != text.units.rend(); ++u)
    if (p.width(digits, text.count) + p.width(kNote, " " + *u) <= room) unit = *u;
  p.text(x, y, {{text.count, digits, text.colour}, {" ", kNote, text.colour}, {unit, kNote, f.theme().ink2}}, align);
}

void row_label(Frame& f, Pictures::Row which, const RowText& text) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  const float y = l.row_top[which];
  if (l.kind == Layout::Kind::phone) {
    const float right = l.pictures_x + l.room.width;
    if (which == Pictures::average && l.one_average) {
      const float x = l.pictures_x + l.average + 12, w = p.text(x, y + 17, kBodyStrong, text.colour, text.label);
      if (x + w + 8 + p.width(kNote, text.note) <= right) p.text(x + w + 8, y + 17, kNote, t.ink2, text.note);
      return count_line(f, text, x, y + 38, right - x, Align::left);
    }
    const float w = p.text(l.label_x, y - 9, kBodyStrong, text.colour, text.label);
    // Where the buttons stand there is no room for long words.
    const float room = right - (which == Pictures::guess ? 160 : 76) - (l.label_x + w + 8);
    if (p.width(kNote, text.note) <= room) p.text(l.label_x + w + 8, y - 9, kNote, t.ink2, text.note);
    return count_line(f, {text.label, text.note, text.count, {text.units.empty() ? std::string() : text.units.back()}, text.colour}, right,
                      y - 9, 70, Align::right);
  }
  const float larger = l.present ? 1.25f : 1.f, room = l.pictures_x - 8 - l.label_x, middle = y + l.picture / 2;
  const Type type = p.width(kTitle, text.label) <= room && l.picture >= 80 ? kTitle : kBodyStrong;
  const bool noted = p.width(kNote, text.note) <= room && l.picture >= 66 * larger;
  const float lines = (noted ? 19.f : 0.f) + (text.count.empty() ? 0.f : 23.f), top = middle - lines * larger / 2;
  p.text(l.label_x, top + 5, p.width(type, text.label) <= room ? type : kNoteStrong, text.colour, text.label);
  if (noted) p.text(l.label_x, top + 5 + 19 * larger, kNote, t.ink2, text.note);
  count_line(f, text, l.label_x, top + 5 + lines * larger, room, Align::left);
}

void row(Frame& f, Pictures::Row which, const RowText& text) {
  const Layout& l = f.layout;
  row_label(f, which, text);
  const int tiles = which == Pictures::average && l.one_average ? 1 : l.pictures;
  const int first = tiles == 1 ? std::min(f.view.column, l.pictures - 1) : 0;
  for (int c = 0; c < tiles; ++c) tile(f, which, first + c, l.tile(which, c));
}

/// One tinted ground for what attackers draw, with a hairline between the two.
void band(Frame& f) {
  const Layout& l = f.layout;
  const Theme& t = f.theme();
  const bool phone = l.kind == Layout::Kind::phone;
  const float above = phone ? l.label_gap + 2 : 5, top = l.row_top[l.plain_row ? Pictures::plain : Pictures::guess] - above,
              bottom = l.row_top[Pictures::guess] + l.picture + 5;
  const float x = phone || l.present ? 6 : l.stage.x + 8, w = phone || l.present ? l.width - 12 : l.stage.w - 16;
  f.paint.fill({x, top, w, bottom - top}, t.attack_soft, 10);
  if (t.hairline > 1) f.paint.stroke({x, top, w, bottom - top}, t.attack, 1.5f, 10);
  if (!l.plain_row) return;
  const float between =
      phone ? l.row_top[Pictures::guess] - l.label_gap + 1 : (l.row_top[Pictures::plain] + l.picture + l.row_top[Pictures::guess]) / 2;
  f.paint.line(l.label_x, between, x + w - 12, between, mixed(t.attack_soft, t.attack, .3f));
}

/// Ticks on the attacker's pictures that most line-ups pick.
void badges(Frame& f, Pictures::Row which, const PictureSheet& sheet) {
  const Layout& l = f.layout;
  if (l.kind == Layout::Kind::phone || !f.pictures.has(which)) return;
  for (int c = 0; c < f.pictures.columns(); ++c) {
    const auto r = static_cast<std::size_t>(f.pictures.picked(c));
    if (r >= sheet.line_up.size()) return;
    const Box box = l.tile(which, c);
    f.paint.badge(box.right() - 4, box.bottom() - 6, sheet.line_up[r] > .5, f.theme().attack);
  }
}

/// The row of an attacker: of what is chosen, or of the same model without defence. At a step of its way it says how much of the
/// detail is there, at the end how many are found.
void attacker(Frame& f, Pictures::Row which, const Shown* of, std::string name, std::string note, int step) {
  const PageModel& model = f.model;
  const Theme& t = f.theme();
  const Measure line_up = of && of->result ? of->result->figure("privacy", model.choice().story().privacy) : Measure{};
  const bool old = model.runs().stale() && which == Pictures::guess;
  RowText text{std::move(name),
               line_up.value ? std::move(note) : std::string(words("row.attack.empty")),
               "",
               {std::string(words("of ten found")), std::string(words("of ten"))},
               old ? t.ink3 : t.attack};
  const bool on_its_way = step >= 0 && of && of->sheet && !of->sheet->path.step.empty();
  if (on_its_way) {
    const PicturePath& path = of->sheet->path;
    text.count = percent(path.detail[path.frame_at(step)]), text.units = {std::string(words("theatre.detail"))};
  } else if (line_up.value) {
    text.count = of_ten(f.motion.to(which == Pictures::guess ? "line-up" : "line-up.plain", static_cast<float>(*line_up.value), .25));
  }
  row(f, which, text);
  if (of && of->sheet && line_up.value && !on_its_way) badges(f, which, *of->sheet);
}

// ---- what the model answers ----

void arrow(Paint& p, float x0, float y0, float x1, float y1, ImU32 colour) {
  p.line(x0, y0, x1, y1, colour, 2);
  const float length = std::hypot(x1 - x0, y1 - y0), ux = (x1 - x0) / length, uy = (y1 - y0) / length;
  p.polyline({x1 - 6 * ux - 4 * uy, y1 - 6 * uy + 4 * ux, x1, y1, x1 - 6 * ux + 4 * uy, y1 - 6 * uy - 4 * ux}, colour, 2);
}

/// The network that looks at the chosen picture, and what of it the attacker is told.
void network(Frame& f, const AnswerSheet& answers) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Box box = f.layout.network;
  if (box.w <= 0) return;
  arrow(p, box.x - 26, box.middle_y(), box.x - 6, box.middle_y(), t.ink2);
  constexpr int kNodes[] = {3, 5, 3};
  const float h = std::min(box.h - 16, 52.f), top = box.middle_y() - h / 2;
  const auto at = [&](int layer, int node) {
    const float apart = h / static_cast<float>(kNodes[layer] - 1);
    return std::pair{box.x + 5 + 28 * static_cast<float>(layer), top + apart * static_cast<float>(node)};
  };
  for (int layer = 0; layer < 2; ++layer)
    for (int a = 0; a < kNodes[layer]; ++a)
      for (int b = 0; b < kNodes[layer + 1]; ++b) {
        const auto [x0, y0] = at(layer, a);
        const auto [x1, y1] = at(layer + 1, b);
        p.line(x0, y0, x1, y1, mixed(t.surface, t.model, .4f));
      }
  for (int layer = 0; layer < 3; ++layer)
    for (int node = 0; node < kNodes[layer]; ++node) {
      const auto [x, y] = at(layer, node);
      p.circle(x, y, 4, t.surface);
      p.ring(x, y, 3.5f, t.model, 1.5f);
    }
  const float x = box.x + 76, room = box.right() - x, line = f.layout.present ? 24.f : 18.f;
  const std::string note = words(answers.inside   ? "numbers.network.inside"
                                 : answers.partly ? "numbers.network.partly"
                                                  : "numbers.network.note",
                                 {{"n", count(answers.numbers)}});
  const auto lines = static_cast<float>(p.paragraph(x, 0, room, kNote, t.ink2, note, line, false));
  const std::string_view name = words("numbers.network");
  if (p.width(kNoteStrong, name) > room) return;
  const bool all = (lines + 1) * line <= box.h + 4;
  const float y = box.middle_y() + 5 - (all ? lines * line / 2 : 0);
  p.text(x, y, kNoteStrong, t.model, name);
  if (all) p.paragraph(x, y + line, room, kNote, t.ink2, note, line);
}

/// Arrow keys name one number after the other.
void step_through(int& number, int numbers) {
  const ImGuiID own = ImGui::GetItemID();
  for (const ImGuiKey key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_Home, ImGuiKey_End}) ImGui::SetKeyOwner(key, own);
  if (ImGui::IsKeyPressed(ImGuiKey_LeftArrow, own, ImGuiInputFlags_Repeat)) number = std::max(0, number - 1);
  if (ImGui::IsKeyPressed(ImGuiKey_RightArrow, own, ImGuiInputFlags_Repeat)) number = std::min(number + 1, numbers - 1);
  if (ImGui::IsKeyPressed(ImGuiKey_Home, own)) number = 0;
  if (ImGui::IsKeyPressed(ImGuiKey_End, own)) number = numbers - 1;
}

/// Which number is named now: under the pointer, or chosen by the keyboard or a touch.
int named_now(Frame& f, const AnswerSheet& own) {
  const Layout& l = f.layout;
  Box all = l.bars;
  if (l.plain_bars.w > 0) all = {l.plain_bars.x, l.plain_bars.y, l.bars.right() - l.plain_bars.x, l.bars.bottom() - l.plain_bars.y};
  all.y -= 2, all.h += 2;  // large letters reach a little higher
  int& number = f.view.number;
  number = std::min(number, own.numbers - 1);
  const Touch touch = f.controls.button("numbers", all, {}, 4);
  if (ImGui::IsItemFocused()) step_through(number, own.numbers);
  if (!touch.hovered || line_up_covers(f)) return touch.focused || touch.held || number >= 0 ? number : -1;
  const float x = ImGui::GetIO().MousePos.x / f.paint.scale();
  const Box& in = l.plain_bars.w > 0 && l.plain_bars.x < l.bars.x && x < l.plain_bars.right() ? l.plain_bars : l.bars;
  if (x < in.x || x >= in.right()) return number;
  const int at = std::clamp(static_cast<int>((x - in.x) / in.w * static_cast<float>(own.numbers)), 0, own.numbers - 1);
  if (touch.clicked) number = number == at ? -1 : at;
  return at;
}

/// In the same place while the walk goes: what happens at its station, or where there is no room its name.
void walk_line(Frame& f) {
  Paint& p = f.paint;
  const Box box = f.layout.bars_legend;
  const bool phone = f.layout.kind == Layout::Kind::phone;
  const float line = phone || !f.layout.present ? 20.f : 24.f;
  const int station = f.view.walk.station;
  const std::string all = walk_words(f.model, f.view, station);
  const bool room = line * static_cast<float>(p.paragraph(box.x, 0, box.w, kNote, 0, all, line, false)) <= box.h + 6;
  p.paragraph(box.x, box.y + (phone ? 15 : 16), box.w, kNote, f.theme().ink2, room ? all : walk_words(f.model, f.view, station, true),
              line);
}

/// Below the bars (on phones above them): what they are, or the number that is named.
void bars_words(Frame& f, const Shown& shown, const AnswerSheet& own, const AnswerSheet* plain, int row, int named) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Box box = f.layout.bars_legend;
  const bool phone = f.layout.kind == Layout::Kind::phone;
  if (f.view.walk.station > 0) return walk_line(f);
  const std::string n = std::to_string(own.numbers);
  const std::string range = own.inside ? words("numbers.inside", {{"n", n}})
                                       : f.model.choice().says("numbers.range", {{"n", n},
                                                                                 {"first", own.names.empty() ? "1" : own.names.front()},
                                                                                 {"last", own.names.empty() ? n : own.names.back()}});
  const std::string_view scale = words(own.inside ? "numbers.scale.inside" : "numbers.scale");
  const std::string told = named >= 0 ? named_number(f.model, own, plain, row, named) : "";
  const float line = f.layout.present ? 24.f : 20.f, y = box.y + (phone ? 15 : 16);
  if (phone) {
    if (!told.empty() && p.width(kNoteMedium, told) <= box.w) return void(p.text(box.x, y, kNoteMedium, t.ink, told));
    p.text(box.x, y, kNoteMedium, t.model, range);
    if (p.width(kNoteMedium, range) + p.width(kNote, scale) + 12 <= box.w) p.text(box.right(), y, kNote, t.ink2, scale, Align::right);
    return;
  }
  const bool both = p.width(kNote, range) + p.width(kNote, scale) + 12 <= box.w;
  if (p.width(kNote, range) <= box.w) p.text(box.x, y, kNote, t.ink2, range);
  if (both) p.text(box.right(), y, kNote, t.ink2, scale, Align::right);
  const bool stale = shown.spec() != f.model.choice().spec();
  // One digit is no measurement: its place in its own line-up in place of a rate.
  const bool drawn = shown.sheet && row < std::ssize(shown.sheet->names) && shown.sheet->names[static_cast<std::size_t>(row)] == kDrawn;
  const std::string hint = !told.empty() ? "**" + told + "**"
                           : stale       ? words("numbers.stale", {{"at", row_name(shown)}})
                                         : "**" + picture_name(f.model, f.view.column) + ".** " +
                                         (drawn ? rank_words(*shown.sheet, row) : std::string(words("numbers.hint")));
  const auto lines = static_cast<float>(p.paragraph(box.x, 0, box.w, kNote, t.ink2, hint, line, false));
  if (line * (lines + 1) <= box.h + 6) p.paragraph(box.x, y + line, box.w, kNote, t.ink2, hint, line);
}

void picture_numbers(Frame& f) {
  const Runs& runs = f.model.runs();
  const Shown& shown = numbers_shown(f.model, f.view);
  const AnswerSheet* own = answers_of(&shown);
  const Layout& l = f.layout;
  const int row = chosen_row(f);
  if (!own || row < 0 || l.bars.w <= 0) return;
  const Theme& t = f.theme();
  const bool phone = l.kind == Layout::Kind::phone;
  const AnswerSheet* plain = l.plain_row ? answers_of(runs.beside()) : nullptr;
  if (phone) f.paint.fill(l.bars_band, t.model_soft, 10);
  const int named = named_now(f, *own);
  const auto head = [&](const AnswerSheet& answers, const std::string& who) {
    if (phone && !l.plain_row && answers.inside) return std::string();  // what they are stands above them
    return phone && l.plain_row ? words("numbers.of", {{"who", who}, {"what", spread_words(answers, row, true)}})
                                : spread_words(answers, row);
  };
  if (plain && l.plain_bars.w > 0)
    number_bars(f, l.plain_bars, "bar.plain.", *plain, row, head(*plain, std::string(words("row.plain"))), false,
                plain->numbers == own->numbers ? named : -1);
  number_bars(f, l.bars, "bar.own.", *own, row, head(*own, row_name(shown)), shown.spec() != f.model.choice().spec(), named);
  network(f, *own);
  if (l.network.w > 0) {
    for (const Box& bars : {l.plain_bars, l.bars})
      if (bars.w > 0) arrow(f.paint, bars.x - 6, bars.middle_y() + 8, bars.x - 26, bars.middle_y() + 8, t.attack);
  }
  bars_words(f, shown, *own, plain, row, named);
}

// ---- choosing a picture ----

/// The rows are one control: arrows choose a column, a click or Enter opens its line-up.
void choose_picture(Frame& f) {
  const Layout& l = f.layout;
  View& v = f.view;
  const int columns = std::min(f.pictures.columns(), l.pictures);
  if (!has_theatre(f.model) || columns < 1) return;
  v.column = std::clamp(v.column, 0, columns - 1);
  const float right = l.kind == Layout::Kind::phone ? l.pictures_x + l.room.width : l.tile(Pictures::truth, columns - 1).right();
  const Box grid{l.pictures_x, l.row_top[0], right - l.pictures_x, l.row_top[3] + l.average - l.row_top[0]};
  const Touch touch = f.controls.button("pictures", grid, {}, 10);
  if (ImGui::IsItemFocused()) step_through(v.column, columns);
  const bool mouse = ImGui::IsMouseReleased(ImGuiMouseButton_Left);
  if (touch.clicked && !(mouse && line_up_covers(f))) {
    bool plain = false;
    if (mouse) {
      const ImVec2 at = ImGui::GetIO().MousePos;
      const float x = at.x / f.paint.scale(), y = at.y / f.paint.scale();
      const bool one = l.one_average && y >= l.row_top[3];
      if (!one) v.column = std::clamp(static_cast<int>((x - l.pictures_x) / l.pitch), 0, columns - 1);
      plain = l.plain_row && y >= l.row_top[1] && y < l.row_top[1] + l.picture;
    }
    open_line_up(f, plain, !mouse);
  }
}

void outline_chosen(Frame& f) {
  const Layout& l = f.layout;
  const Theme& t = f.theme();
  if (!has_theatre(f.model) || f.view.column >= f.pictures.columns()) return;
  for (const Pictures::Row which : {Pictures::truth, Pictures::plain, Pictures::guess})
    if (which != Pictures::plain || l.plain_row)
      f.paint.stroke(l.tile(which, f.view.column).grown(2), which == Pictures::truth ? t.ink : t.attack, 2, 10);
}

/// All but the chosen column steps back while its line-up is open.
void dim(Frame& f) {
  const Layout& l = f.layout;
  if (!f.view.line_up.open) return;
  const float top = l.row_top[0] - (l.kind == Layout::Kind::phone ? l.label_gap : 6);
  const bool bare = l.kind == Layout::Kind::phone || l.present;
  const Box ground{bare ? 0 : l.stage.x + 1, top, bare ? l.width : l.stage.w - 2, l.stage.bottom() - 1 - top};
  f.paint.fill(ground, faded(bare ? f.theme().bg : f.theme().surface, .74f));
  for (const Pictures::Row which : {Pictures::truth, Pictures::plain, Pictures::guess})
    if (which != Pictures::plain || l.plain_row) tile(f, which, f.view.column, l.tile(which, f.view.column));
  if (f.view.line_up.yours < 0) {  // the visitor is to find the true one among the ten
    const Box truth = l.tile(Pictures::truth, f.view.column);
    f.paint.fill(truth, f.theme().sunken, 8);
    f.paint.text(truth.middle_x(), truth.middle_y() + 7, kTitle, f.theme().ink2, "?", Align::centre);
  }
  outline_chosen(f);
}

}  // namespace

std::string row_name(const PageModel& model) { return row_name(model.runs().shown()); }

std::string row_name(const Shown& shown) {
  Run run;
  run.spec = shown.spec();
  run.defence = defence_of(run.spec), run.release = release_of(run.spec), run.treatment = treatment_of(run.spec);
  if (run.treatment.none()) return std::string(words("row.plain"));
  return series_title(run) + (shown.strength > 0 ? " " + localised(strength_number(shown.strength)) : "");
}

std::string picture_name(const PageModel& model, int column) {
  // What the visitor drew stands first.
  if (const auto& sheet = model.runs().shown().sheet; column == 0 && sheet && std::ranges::find(sheet->names, kDrawn) != sheet->names.end())
    return std::string(words("picture.drawn"));
  return model.choice().says("picture.one", {{"n", count(column + 1)}});
}

ChosenPicture chosen_picture(const PageModel& model, const View& view, const PictureSheet& sheet) {
  const std::vector<int> rows = drawn_rows(sheet, view.draw, model.choice().story().opens_with);
  if (rows.empty()) return {};
  const int column = std::clamp(view.column, 0, static_cast<int>(rows.size()) - 1);
  return {rows[static_cast<std::size_t>(column)], column};
}

void stage_pictures(Frame& f) {
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  const PageModel& model = f.model;
  const Runs& runs = model.runs();
  const bool phone = l.kind == Layout::Kind::phone, watched = theatre_open(model, f.view);
  walk_on(f);
  if (!phone && !l.present) f.paint.card(l.stage);
  if (stage_head(f, l.stage)) ++f.view.draw;
  if (watched && (phone || l.present)) theatre(f, {16, l.stage.y + (phone ? 6.f : 2.f), l.width - 32, 36}, 1);
  const int step = watched ? theatre_step(model, f.view) : -1;
  line_up(f);  // its controls lie over what follows
  const float y = l.row_top[Pictures::guess] - l.label_gap - 1, h = l.label_gap - 1, right = l.pictures_x + l.room.width;
  band(f);
  if (phone) {
    const bool walks = f.view.walk.station > 0, steps = !theatre_steps(model, f.view).empty();
    if (walks)
      walk_step_button(f, {right - 124, y, 40, h});
    else if (attack_button(f, {right - 124, y, 40, h}, false))
      ++f.view.draw;
    if (const Box box{right - 164, y, 40, h}; !watched && (walks || !steps) && can_walk(f))
      walk_button(f, box);
    else if (!watched && steps)
      theatre_button(f, box);
    picture_numbers(f);
  }
  choose_picture(f);
  row(f, Pictures::truth, {std::string(words("row.true")), model.choice().says("row.true.note"), "", {}, t.ink});
  const std::string draws(words("row.draws"));
  if (l.plain_row)
    attacker(f, Pictures::plain, runs.beside(), std::string(words("row.plain")),
             runs.beside() ? draws : std::string(words("theatre.plain.wait")), step);
  attacker(f, Pictures::guess, runs.has_result() ? &runs.shown() : nullptr,
           l.plain_row ? row_name(model) : std::string(words("row.attack")), l.plain_row ? draws : model.choice().says("attack.note"),
           step);
  const Measure found = runs.privacy();
  const std::string ten(words("of ten"));
  row(f, Pictures::average,
      {std::string(words("row.average")),
       model.choice().says("row.average.note"),
       found.value && step < 0 ? of_ten(found.baseline.value_or(.1)) : "",
       {ten + " " + std::string(words("by chance")), ten},
       t.ink});
  if (!phone) picture_numbers(f);
  outline_chosen(f);
  walk_marks(f);
  dim(f);
}

}  // namespace mid::ui
