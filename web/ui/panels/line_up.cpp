#include "ui/line_up.hpp"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <fonts.hpp>

#include "ui/figures.hpp"
#include "ui/menu.hpp"
#include "ui/number_bars.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

constexpr float kPad = 14;
constexpr int kAcross = 5;

/// The run whose drawing is held against the candidates.
const Shown& drawn_by(const PageModel& model, const View& view) {
  const Shown* plain = view.line_up.plain && compared(model, view) ? model.runs().beside() : nullptr;
  return plain ? *plain : model.runs().shown();
}

/// The sheet of the other row, or `otherwise` where there is no other.
const PictureSheet& other_sheet(const PageModel& model, const View& view, const PictureSheet& otherwise) {
  const Shown* plain = compared(model, view) ? model.runs().beside() : nullptr;
  if (!plain || !plain->sheet) return otherwise;
  return view.line_up.plain ? *model.runs().shown().sheet : *plain->sheet;
}

/// A row's line-up.
struct Line {
  const PictureSheet& sheet;
  int row;
  int size() const { return sheet.line_ups.size; }
  std::size_t at(int place) const { return static_cast<std::size_t>(row * size() + place); }
  bool there(int place) const { return sheet.line_ups.candidate[at(place)] >= 0; }
  double likeness(int place) const { return sheet.line_ups.likeness[at(place)]; }
  int truth() const { return sheet.line_ups.truth[static_cast<std::size_t>(row)]; }
  int pick() const { return sheet.line_ups.pick[static_cast<std::size_t>(row)]; }
  /// 1: nobody is likelier than the true one.
  int rank() const {
    int n = 1;
    for (int place = 0; place < size(); ++place) n += there(place) && place != truth() && likeness(place) >= likeness(truth()) ? 1 : 0;
    return n;
  }
  bool is_there() const { return row >= 0 && row < sheet.rows && size() > 0; }
};

std::string verdict(const Line& line) {
  if (line.pick() < 0) return std::string(words("line-up.flat"));
  return line.pick() == line.truth() ? std::string(words("line-up.right"))
                                     : words("line-up.wrong", {{"place", std::to_string(line.rank())}});
}

/// How often all line-ups with such company end well, which is what the figure counts.
std::string rate(const Line& line) {
  const auto row = static_cast<std::size_t>(line.row);
  return row < line.sheet.line_up.size() ? words("line-up.rate", {{"share", percent(line.sheet.line_up[row])}}) : "";
}

std::string name_of_row(const PageModel& model, bool plain) { return plain ? std::string(words("row.plain")) : row_name(model); }

std::string title(const Line& line) { return words("line-up.title", {{"n", count(line.size())}}); }

struct Place {
  Box box;
  float cell, larger;  ///< side of a candidate's picture; how much more room letters take
};

/// Beside the chosen picture, under the head of the stage; on phones under the true pictures.
Place place(const Frame& f) {
  constexpr float kWidest = 380, kNarrowest = 330, kSmallest = 44, kLargest = 60;
  const Layout& l = f.layout;
  const bool phone = l.kind == Layout::Kind::phone;
  Place out;
  out.larger = l.present ? 1.25f : 1.f;
  const float column = l.pictures_x + l.pitch * static_cast<float>(f.view.column), right = column + l.picture + 16;
  const float edge = l.kind == Layout::Kind::wide ? l.stage.right() - 8 : l.width - 8, room = edge - right;
  const bool at_right = room >= kNarrowest * out.larger;
  const float w = phone ? l.width - 22 : at_right ? std::min(kWidest * out.larger, room) : kWidest * out.larger;
  const float x = phone ? 11 : at_right ? right : std::max(8.f, column - 16 - w);
  const float top = phone ? l.row_top[0] + l.picture + 8 : l.row_top[0] - 8, fixed = 184 * out.larger;
  const float bottom = phone ? l.height - 68 : l.stage.bottom() - 6, fits = (w - 2 * kPad - 4 * 9) / kAcross;
  out.cell = std::floor(std::clamp((bottom - top - fixed) / 2, kSmallest, std::min(kLargest * out.larger, fits)));
  const float h = fixed + 2 * out.cell + f.view.line_up.longer;
  out.box = {x, std::max(8.f, std::min(top, l.height - 8 - h)), w, h};
  return out;
}

void close_line_up(Frame& f) {
  f.view.line_up.open = false;
  if (f.view.line_up.by_keys) f.controls.focus("pictures");
}

/// One candidate with what is known of it once the visitor has picked.
void candidate(Frame& f, Paint& p, const Line& line, int at, Box box) {
  const Theme& t = f.theme();
  View::LineUp& v = f.view.line_up;
  const bool told = v.yours >= 0;
  const std::string id = "candidate." + std::to_string(at + 1);
  const std::string tip = told ? words("line-up.likeness.of", {{"n", count(at + 1)}, {"value", figure(line.likeness(at))}})
                               : words("line-up.pick", {{"n", count(at + 1)}});
  const Touch touch = f.controls.button(id.c_str(), box, tip);
  float uv[4];
  f.pictures.candidate_corners(at, uv);
  p.image(f.doors.pictures, box, uv, 1, 8);
  if (touch.hovered && !told) p.stroke(box.grown(2), t.ink, 2, 9);
  if (touch.clicked && !told) v.yours = at;
  if (!told) return;
  const Box bar{box.x, box.bottom() + 6, box.w, 6};
  p.bar(bar, static_cast<float>(std::clamp(line.likeness(at), 0., 1.)), at == line.pick() ? t.attack : t.ink2);
  if (at == v.yours) p.stroke(box.grown(at == line.pick() ? 5 : 2), t.edge, 2, 10);
  if (at == line.pick()) p.stroke(box.grown(2), t.attack, 3, 9);
  if (at == line.truth()) p.badge(box.right() - 4, box.bottom() - 5, true, t.ink);
}

void legend(Paint& p, const Theme& t, float x, float y, float w, float line) {
  const float second = x + w / 2;
  p.stroke({x, y - 12, 14, 14}, t.attack, 3, 4);
  p.text(x + 24, y, kNote, t.ink2, words("line-up.theirs"));
  p.stroke({second, y - 12, 14, 14}, t.edge, 2, 4);
  p.text(second + 24, y, kNote, t.ink2, words("line-up.yours"));
  p.badge(x + 7, y + line - 5, true, t.ink);
  p.text(x + 24, y + line, kNote, t.ink2, words("line-up.true"));
  p.bar({second, y + line - 8, 14, 6}, 1, t.ink2);
  p.text(second + 24, y + line, kNote, t.ink2, words("line-up.likeness"));
}

}  // namespace

bool line_up_covers(const Frame& f) {
  if (!f.view.line_up.open) return false;
  const ImVec2 at = ImGui::GetIO().MousePos;
  return place(f).box.contains(at.x / f.paint.scale(), at.y / f.paint.scale());
}

int lined_up(Frame& f) {
  View::LineUp& v = f.view.line_up;
  if (!v.open) return -1;
  const bool same = has_theatre(f.model) && v.serial == f.model.runs().shown().serial && v.draw == f.view.draw && v.column == f.view.column;
  const int row = same ? chosen_row(f) : -1;
  if (row < 0 || !Line{drawn_by(f.model, f.view).sheet.value(), row}.is_there()) v.open = false;
  return v.open ? row : -1;
}

void open_line_up(Frame& f, bool plain, bool by_keys) {
  const Shown& shown = f.model.runs().shown();
  if (!Line{*shown.sheet, chosen_row(f)}.is_there()) return;
  f.view.line_up = {
      .open = true, .plain = plain, .by_keys = by_keys, .yours = -1, .serial = shown.serial, .draw = f.view.draw, .column = f.view.column};
  if (by_keys) f.controls.focus("candidate.1");
}

void line_up(Frame& f) {
  View::LineUp& v = f.view.line_up;
  const int row = lined_up(f);
  if (row < 0) return;
  if (ImGui::IsKeyPressed(ImGuiKey_Escape, false) || (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !line_up_covers(f)))
    return close_line_up(f);
  Paint p(*ImGui::GetForegroundDrawList(), f.paint);
  const Theme& t = f.theme();
  const Line line{*drawn_by(f.model, f.view).sheet, row};
  const bool told = v.yours >= 0;
  const std::string who = picture_name(f.model, v.column), own = name_of_row(f.model, v.plain);
  const std::string said = told ? words("line-up.shown", {{"who", who}, {"row", own}, {"verdict", verdict(line)}}) + " " + rate(line)
                                : words("line-up.ask", {{"who", who}, {"row", own}});
  const Line of_other{other_sheet(f.model, f.view, line.sheet), row};
  const bool other = told && &of_other.sheet != &line.sheet && of_other.is_there();
  const std::string too = other ? words("line-up.other", {{"row", name_of_row(f.model, !v.plain)}, {"verdict", verdict(of_other)}}) : "";
  // What the texts need beyond a line each makes the box longer.
  const float larger = place(f).larger, step = 20 * larger, width = place(f).box.w - 2 * kPad;
  const auto lines = [&](const std::string& text) { return static_cast<float>(p.paragraph(0, 0, width, kNote, t.ink, text, step, false)); };
  const float above = lines(said), below = other ? lines(too) : 1;
  v.longer = (above + below - 2) * step;
  const auto [box, cell, same] = place(f);
  p.fill(box, t.surface, 12);
  p.stroke(box, t.edge, 1, 12);
  const float x = box.x + kPad;
  p.text(x, box.y + 8 + 18 * larger, p.width(kBodyStrong, title(line)) <= width - 44 ? kBodyStrong : kNoteStrong, t.ink, title(line));
  const Box cross{box.right() - 44, box.y + 4, 40, 36};
  const Touch shut = f.controls.button("line-up.close", cross, words("close"));
  if (shut.hovered || shut.held) p.fill(cross, t.sunken, 8);
  p.icon(cross.middle_x(), cross.middle_y(), icon::kX, t.ink2);
  p.paragraph(x, box.y + 8 + 42 * larger, width, kNote, t.ink2, said, step);
  const float top = box.y + 8 + 34 * larger + above * step, apart = (width - kAcross * cell) / (kAcross - 1);
  for (int at = 0; at < line.size(); ++at) {
    if (!line.there(at)) continue;
    const auto across = static_cast<float>(at % kAcross), down = static_cast<float>(at / kAcross);
    candidate(f, p, line, at, {x + across * (cell + apart), top + down * (cell + 18 * larger), cell, cell});
  }
  const float y = top + 2 * (cell + 18 * larger) + 12 * larger;
  if (told) legend(p, t, x, y, width, step);
  if (other) {
    const Box ground{x - 6, y + step + 10, width + 12, below * step + 8};
    p.fill(ground, t.attack_soft, 8);
    p.paragraph(x, ground.y + 4 + 14 * larger, width, kNote, t.ink, too, step);
  }
  if (shut.clicked) close_line_up(f);
}

namespace {}  // namespace

std::string rank_words(const PictureSheet& sheet, int row) {
  const Line line{sheet, row};
  if (!line.is_there()) return {};
  if (line.pick() < 0) return std::string(words("line-up.flat"));
  return words(line.pick() == line.truth() ? "line-up.found" : "line-up.missed",
               {{"place", std::to_string(line.rank())}, {"n", count(line.size())}});
}

namespace {

void obey(PageModel& model, View& view, const Json& c) {
  View::LineUp& v = view.line_up;
  if (c.contains("column") && c["column"].is_number_integer()) view.column = static_cast<int>(c["column"].get<std::int64_t>() & 0xFF);
  v.open = c.value("open", Json(true)) == true, v.plain = c.value("plain", Json(false)) == true;
  v.yours = c.contains("pick") && c["pick"].is_number_integer()
                ? static_cast<int>(std::clamp<std::int64_t>(c["pick"].get<std::int64_t>(), 1, 10)) - 1
                : -1;
  v.serial = model.runs().shown().serial, v.draw = view.draw, v.column = view.column, v.by_keys = false;
}

/// The line-up of the chosen picture as a list, for those who cannot see it.
void tell(const PageModel& model, const View& view, Json& state) {
  Json& out = state["line_up"];
  const View::LineUp& v = view.line_up;
  out = {{"open", v.open}, {"yours", v.yours + 1}, {"plain", v.plain}};
  if (!has_theatre(model)) return;
  const PictureSheet& sheet = *drawn_by(model, view).sheet;
  const auto [row, column] = chosen_picture(model, view, sheet);
  if (row < 0) return;
  const Line line{sheet, row};
  if (!line.is_there()) return;
  out["title"] =
      title(line) + " " +
      words("line-up.shown", {{"who", picture_name(model, column)}, {"row", name_of_row(model, v.plain)}, {"verdict", verdict(line)}}) +
      " " + rate(line);
  out["truth"] = line.truth() + 1, out["pick"] = line.pick() + 1;
  out["list"] = Json::array();
  for (int at = 0; at < line.size(); ++at) {
    if (!line.there(at)) continue;
    std::string text = words("line-up.likeness.of", {{"n", count(at + 1)}, {"value", figure(line.likeness(at))}});
    if (at == line.truth()) text += ", " + std::string(words("line-up.true"));
    if (at == line.pick()) text += ", " + std::string(words("line-up.theirs"));
    out["list"].push_back(text);
  }
}

}  // namespace

namespace panel {
extern const Panel line_up;
/// Ten candidates, of whom one was drawn.
const Panel line_up{.name = "line-up", .command = "line-up", .obey = &obey, .tell = &tell};
}  // namespace panel

}  // namespace mid::ui
