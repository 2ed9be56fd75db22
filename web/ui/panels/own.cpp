#include <algorithm>
#include <fonts.hpp>

#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/menu.hpp"
#include "ui/own_summary.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

constexpr float kRow = 46;

/// "2 categories: no, yes", "numbers, 61 different, 3 missing".
std::string found_in(const UserColumn& column) {
  std::string text;
  if (column.numeric) {
    text = words("own.numbers", {{"n", count(column.distinct)}});
  } else {
    std::string values;
    for (const std::string& v : column.values) values += (values.empty() ? "" : ", ") + shortened(v, 18);
    if (static_cast<int>(column.values.size()) < column.distinct) values += ", " + std::string(words("own.more"));
    text = words("own.texts", {{"n", count(column.distinct)}, {"values", values}});
  }
  // First, so that it is seen however long the rest is.
  if (const int missing = column.missing; missing > 0) text = words("own.missing", {{"n", count(missing)}}) + ", " + text;
  return text;
}

/// The three steps, each with what was chosen there; a click goes back to one. Returns where the next thing may stand.
float steps(Frame& f, Own& own, float x, float y, float room) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const std::string chosen[] = {own.target_column(), own.secret_column(), ""};
  const bool short_words = room < 420;
  for (int i = 0; i < 3; ++i) {
    const bool here = own.step() == i, can = i == 0 || (i == 1 ? !own.target_column().empty() : !own.secret_column().empty());
    const std::string word =
        std::to_string(i + 1) + "  " +
        (chosen[i].empty() || short_words ? std::string(words("own.step." + std::to_string(i))) : shortened(chosen[i], 16));
    const Box b{x, y, p.width(kNoteMedium, word) + 24, 32};
    const Touch touch = can ? f.controls.button(("own.step." + std::to_string(i)).c_str(), b) : Touch{};
    p.fill(b, here ? t.ink : touched(p, t.sunken, touch), 8);
    p.text(b.middle_x(), b.middle_y() + 5, kNoteMedium, here ? t.surface : can ? t.ink2 : t.ink3, word, Align::centre);
    if (touch.clicked) own.show(static_cast<Own::Step>(i));
    x += b.w + 8;
  }
  return x;
}

void column_row(Frame& f, Own& own, const UserColumn& column, const std::string& id, Box b) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const std::string& name = column.name;
  std::string why;
  const bool can = own.may(column, why), chosen = name == (own.step() == Own::target ? own.target_column() : own.secret_column());
  const Touch touch = can ? f.controls.button(id.c_str(), b) : Touch{};
  if (chosen || touch.hovered || touch.held) p.fill(b, t.sunken, 8);
  if (chosen)
    p.icon(b.x + 18, b.middle_y(), icon::kCheck, t.ink);
  else if (can)
    p.ring(b.x + 18, b.middle_y(), 8, t.edge, 1.5f);
  const float x = b.x + 36, room = b.right() - 10 - x;
  p.text(x, b.y + 19, kBodyMedium, can ? t.ink : t.ink3, p.fitting(kBodyMedium, name, room));
  p.text(x, b.y + 38, kNote, can ? t.ink2 : t.ink3, p.fitting(kNote, can ? found_in(column) : why, room));
  if (touch.clicked) own.choose(name);
}

void columns(Frame& f, Own& own, Box box) {
  const std::vector<UserColumn>& all = own.table()->columns;
  const int across = box.w >= 700 ? 2 : 1, total = static_cast<int>(all.size());
  const auto fits = [&](float h) { return std::max(1, static_cast<int>(h / kRow)) * across; };
  int a_page = fits(box.h);
  if (a_page < total) a_page = fits(box.h - 38);
  const int pages = (total + a_page - 1) / a_page, down = a_page / across;
  own.page = std::clamp(own.page, 0, pages - 1);
  const float w = (box.w - 20 * static_cast<float>(across - 1)) / static_cast<float>(across);
  for (int i = 0; i < a_page && own.page * a_page + i < total; ++i) {
    const int at = own.page * a_page + i;
    const Box b{box.x + static_cast<float>(i / down) * (w + 20), box.y + kRow * static_cast<float>(i % down), w, kRow};
    column_row(f, own, all[static_cast<std::size_t>(at)], "own.column." + std::to_string(at), b);
  }
  if (pages > 1) {
    const float turner = f.paint.width(kNote, pager_text(own.page, pages)) + 24 + 72;
    pager(f, "own", {box.right() - turner, box.bottom() - 36, turner, 36}, own.page, pages, words("own.columns.before"),
          words("own.columns.after"));
  }
}

/// No table yet, or none that can be used.
void nothing(Frame& f, const Own& own, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const float corner[][4] = {{box.x, box.y, box.right(), box.y},
                             {box.right(), box.y, box.right(), box.bottom()},
                             {box.x, box.bottom(), box.right(), box.bottom()},
                             {box.x, box.y, box.x, box.bottom()}};
  for (const auto& [x0, y0, x1, y1] : corner) p.dashed(x0, y0, x1, y1, t.edge);
  const bool failed = !own.failed().empty();
  const std::string head =
      own.waiting() ? words("own.reading", {{"file", shortened(own.file(), 40)}}) : std::string(words(failed ? "own.failed" : "own.drop"));
  const std::string note = own.waiting()               ? ""
                           : failed                    ? said(own.failed())
                           : own.expects()             ? words("own.expected", {{"file", shortened(own.file(), 40)}})
                           : !own.model_path().empty() ? words("own.model.first", {{"file", shortened(own.model_file(), 40)}})
                                                       : std::string(words("own.drop.note"));
  const float w = std::min(box.w - 32, 560.f), x = box.middle_x() - w / 2;
  const int lines = p.paragraph(0, 0, w, kNote, t.ink2, note, 21, false);
  const bool button = f.doors.choose_file && !own.waiting();
  float y = box.middle_y() - (21 * static_cast<float>(lines) + 26 + (button ? 56 : 0)) / 2 + 16;
  p.text(x, y, kBodyStrong, t.ink, head);
  if (!note.empty()) p.paragraph(x, y + 27, w, kNote, t.ink2, note, 21);
  y += 27 + 21 * static_cast<float>(lines);
  if (button && ink_button(f, "own.choose", x, y, icon::kDownload, words("own.choose"))) f.doors.choose_file();
}

void draw(Frame& f, Box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  Own& own = f.model.own;
  const Box card = stage_ground(f);
  const float x = card.x + l.pad, right = card.right() - l.pad;
  p.text(x, card.y + 33, kTitle, t.ink, words("own.head"));
  const Box close{right - 34, card.y + 9, 36, 36};
  if (icon_button(f, "own.close", close, icon::kX, "", t.ink2, 0, words("close"))) own.open = false;
  const bool table = own.table().has_value();
  if (table && f.doors.choose_file) {
    const float w = p.width(kBodyMedium, words("own.other")) + 24;
    if (icon_button(f, "own.other", {close.x - w - 16, card.y + 9, w + 12, 36}, icon::kDownload,
                    l.kind == Layout::Kind::phone ? "" : words("own.other"), t.ink2, 0, words("own.other")))
      f.doors.choose_file();
  }
  const std::string about = !table ? std::string(words("own.head.none"))
                                   : words("own.head.file", {{"file", shortened(own.file(), 30)},
                                                             {"rows", count(own.table()->rows)},
                                                             {"columns", count(std::ssize(own.table()->columns))}});
  float y = card.y + 57;
  y += 20 * static_cast<float>(p.paragraph(x, y, right - x, kNote, t.ink2, about, 20)) - 6;
  const Box body{x, y, right - x, card.bottom() - 14 - y};
  if (!table) return nothing(f, own, {body.x, body.y + 4, body.w, body.h - 4});
  const float end = steps(f, own, x, y, right - x);
  y += 40;
  if (own.step() == Own::go) return own_summary(f, {x, y, right - x, card.bottom() - 14 - y});
  const std::string_view ask = words(own.step() == Own::target ? "own.ask.0" : "own.ask.1");
  // Beside the steps where there is room.
  if (end + 12 + p.width(kBody, ask) <= right) {
    p.text(end + 8, y - 18, kBody, t.ink, ask);
  } else {
    p.text(x, y + 16, kBody, t.ink, ask);
    y += 28;
  }
  columns(f, own, {x, y, right - x, card.bottom() - 10 - y});
}

bool covers(const PageModel& model, const View&) { return model.own.open; }

/// {"do":"own", "target":COLUMN, "secret":COLUMN} runs the table that was opened; where a model was brought, as soon as that is
/// recognised, with "attack":NAME if it goes with it. "model":false goes on without one; "look":true chooses the columns alone.
void obey(PageModel& model, View&, const Json& c) {
  Own& own = model.own;
  const auto text = [&](const char* name) {
    const Json value = c.value(name, Json());
    return value.is_string() ? value.get<std::string>() : std::string();
  };
  if (c.value("model", Json()) == Json(false)) own.drop_model();
  const auto choose = [&](Own::Step step, const std::string& column, const std::string& now) {
    own.show(step);
    if (column == now)
      own.show(step == Own::target ? Own::secret : Own::go);  // what was recognised for it stays
    else
      own.choose(column);
  };
  if (!text("target").empty()) choose(Own::target, text("target"), own.target_column());
  if (own.step() == Own::secret && !text("secret").empty()) choose(Own::secret, text("secret"), own.secret_column());
  if (const std::string attack = text("attack"); !attack.empty()) own.choose_attack(attack);
  if (c.value("look", Json()) != Json(true)) model.run_own();
}

void tell(const PageModel& model, const View&, Json& state) {
  const Own& own = model.own;
  state["own"] = {{"open", own.open},
                  {"waiting", own.waiting()},
                  {"step", own.step()},
                  {"file", own.file()},
                  {"failed", said(own.failed())},
                  {"table", own.table_in_language()},
                  {"target", own.target_column()},
                  {"secret", own.secret_column()}};
  const UserModel* brought = own.model();
  state["own"]["model"] = {{"file", own.model_file()},
                           {"here", !own.model_path().empty()},
                           {"waiting", own.examining()},
                           {"failed", said(own.model_failed())},
                           {"found", brought ? sentences_in(text_language(), brought->found) : std::vector<std::string>()},
                           {"attacks", brought ? brought->attacks : std::vector<std::string>()},
                           {"attack", own.attack()}};
}

}  // namespace

namespace panel {
extern const Panel own;
/// The wizard for a table of one's own, in the stage's place.
const Panel own{.name = "own", .draw = &draw, .covers = &covers, .command = "own", .obey = &obey, .tell = &tell};
}  // namespace panel

}  // namespace mid::ui
