#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "ui/choices.hpp"
#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/series.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

/// Both axes run from 0 to 100 %: a chart that cuts them makes small differences look large.
struct Plot {
  Box box;
  float x(double share) const { return box.x + box.w * static_cast<float>(std::clamp(share, 0., 1.)); }
  float y(double share) const { return box.bottom() - box.h * static_cast<float>(std::clamp(share, 0., 1.)); }
};

void axes(Frame& f, const Plot& c) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  for (const double share : {0., .5, 1.}) {
    const float y = c.y(share);
    p.line(c.box.x, y, c.box.right(), y, t.line);
    p.text(c.box.x - 8, y + 5, kNoteDigits, t.ink2, percent(share), Align::right);
    const float x = c.x(share);
    p.text(x, c.box.bottom() + 20, kNoteDigits, t.ink2, percent(share),
           share == 0   ? Align::left
           : share == 1 ? Align::right
                        : Align::centre);
  }
}

/// Dashed lines where guessing would be; returns where their word stands.
std::vector<Box> guessing(Frame& f, const Plot& c) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  if (!f.model.runs().has_result()) return {};
  const Story& s = f.model.choice().story();
  const auto utility = f.model.runs().figure("utility", s.utility).baseline;
  const auto privacy = f.model.runs().figure("privacy", s.privacy).baseline;
  if (utility) p.dashed(c.box.x, c.y(*utility), c.box.right(), c.y(*utility), t.ink3);
  if (privacy) p.dashed(c.x(*privacy), c.box.y, c.x(*privacy), c.box.bottom(), t.ink3);
  if (!utility) return {};
  // Where the dots seldom are: on the low line at the right, on a high one at the left.
  const float w = p.width(kNote, words("trade.guess")), y = c.y(*utility) - 6;
  const float x = *utility < .3 ? c.box.right() - w : c.box.x + 4;
  p.text(x, y, kNote, t.ink3, words("trade.guess"));
  return {{x, y - 13, w, 17}};
}

/// Where a model is right and the attacker is not: an arrow to that corner, with its words where nothing else stands.
void corner(Frame& f, const Plot& c, const std::vector<Box>& taken) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const auto floor = f.model.runs().figure("privacy", f.model.choice().story().privacy).baseline;
  const float left = floor && *floor < .3 ? c.x(*floor) + 8 : c.box.x + 14, w = 13 + p.width(kNoteMedium, words("trade.corner"));
  for (const float up : {29.f, 52.f, 76.f, 100.f, c.box.h - 8}) {
    const Box b{left, c.box.bottom() - up - 6, w, 20};
    const auto hits = [&](const Box& o) { return o.x < b.right() + 4 && b.x < o.right() + 4 && o.y < b.bottom() && b.y < o.bottom(); };
    if (b.right() > c.box.right() || std::any_of(taken.begin(), taken.end(), hits)) continue;
    const float x = b.x, y = b.y + 6;
    p.line(x, y, x + 7, y + 7, t.defend, 1.5f);
    p.line(x, y, x + 5, y, t.defend, 1.5f);
    p.line(x, y, x, y + 5, t.defend, 1.5f);
    p.text(x + 13, y + 9, kNoteMedium, t.defend, words("trade.corner"));
    return;
  }
}

/// A mark of the chart: shape and colour say which defence it is. `quiet`: of another seed.
void mark(Paint& p, const std::string& series, float x, float y, float size, bool quiet, const Touch& touch) {
  const Theme& t = p.theme;
  const auto ink = [&](ImU32 colour) { return touched(p, quiet ? mixed(t.surface, colour, .45f) : colour, touch); };
  const Series* known = series_called(series);
  switch (known ? known->role : Chart::Role::ink) {
    case Chart::Role::rounding:
      p.diamond(x, y, 8 * size, t.surface);
      p.diamond(x, y, 6.5f * size, ink(t.rounding));
      break;
    case Chart::Role::noise:
      p.fill({x - 6 * size, y - 6 * size, 12 * size, 12 * size}, t.surface, 2);
      p.stroke({x - 4.5f * size, y - 4.5f * size, 9 * size, 9 * size}, ink(t.noise), 2, 2);
      break;
    case Chart::Role::privacy:
      p.triangle_up(x, y, 8.5f * size, t.surface);
      p.triangle_up(x, y, 6.5f * size, ink(t.privacy));
      break;
    case Chart::Role::defend:
      p.circle(x, y, 6.5f * size, t.surface);
      if (known->second)
        p.ring(x, y, 4.5f * size, ink(t.defend), 2);
      else
        p.circle(x, y, 5 * size, ink(t.defend));
      break;
    default: p.circle(x, y, 6.5f * size, t.surface); p.ring(x, y, 4.5f * size, ink(t.ink2), 2);
  }
}

/// The chart's card: which tab is open is part of the view.
void card_tabs(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  float x = box.x + 20;
  p.line(box.x, box.y + 43, box.right(), box.y + 43, t.line);
  constexpr struct {
    View::Card card;
    const char *word, *id;
  } kTabs[] = {
      {View::trade, "trade.title", "tab.trade"}, {View::table, "table.title", "tab.table"}, {View::told, "told.title", "tab.told"}};
  float room = box.w - 40;
  for (const auto& tab : kTabs) room -= p.width(kBodyStrong, words(tab.word));
  const float gap = std::clamp(room / 2, 8.f, 24.f);
  for (const auto& [card, key, id] : kTabs) {
    const std::string_view word = words(key);
    const bool open = f.view.card == card;
    const float w = p.width(open ? kBodyStrong : kBody, word);
    const Touch touch = f.controls.button(id, {x - gap / 3, box.y + 6, w + 2 * gap / 3, 36});
    p.text(x, box.y + 30, open ? kBodyStrong : kBody, open ? t.ink : touch.hovered ? t.ink2 : t.ink3, word);
    if (open) p.fill({x, box.y + 41, w, 3}, t.ink, 1.5f);
    if (touch.clicked) f.view.card = card;
    x += w + gap;
  }
}

/// Runs that broke have no place on the axes: crosses above the lower one say why.
void crosses(Frame& f, const Plot& c) {
  float x = c.box.right() - 8;
  for (const Run& r : f.model.runs().list()) {
    if (!f.model.runs().comparable(r) || r.error.empty() || x < c.box.middle_x()) continue;
    const std::string name = "failed" + strength_id(r) + "/" + std::to_string(r.seed);
    const float y = c.box.bottom() - 12;
    const Touch touch = f.controls.button(name.c_str(), {x - 9, y - 9, 18, 18}, said(r.error), 9);
    f.paint.cross(x, y, 4.5f, touched(f.paint, f.theme().ink, touch));
    if (touch.clicked) f.model.notice = r.error;
    x -= 20;
  }
}

/// Which marks stand for what, of those that are there.
void legend(Frame& f, const std::vector<Run>& runs, float x, float y, float right) {
  Paint& p = f.paint;
  const float end = right - p.width(kNoteMedium, f.model.choice().says("x")) - 12;
  for (const Series& s : all_series()) {
    const bool there =
        std::string_view(s.name) == "mid" || std::any_of(runs.begin(), runs.end(), [&](const Run& r) { return series_of(r) == s.name; });
    const float w = 16 + p.width(kNote, words(s.word));
    if (!there || x + w > end) continue;
    mark(p, s.name, x + 5, y - 5, .9f, false, {});
    p.text(x + 16, y, kNote, f.theme().ink2, words(s.word));
    x += w + 14;
  }
}

/// "Run the other 4" until the slider's stops have all been run; then what a click on a dot does.
void fill_button(Frame& f, Box box, float left, float right) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  const int missing = model.unfilled();
  if (missing == 0 && !model.queue().filling()) {
    const std::string_view hint = words("trade.click");
    if (p.width(kNote, hint) <= right - left) p.text(right, box.y + 23, kNote, t.ink3, hint, Align::right);
    return;
  }
  const std::string text = words(model.queue().filling() ? "trade.filling" : "trade.fill", {{"n", std::to_string(missing)}});
  const float w = p.width(kNoteMedium, text);
  if (w > right - left) return;
  const Box b{right - w - 10, box.y + 5, w + 20, 28};
  const Touch touch = f.controls.button("fill", b, words(model.queue().filling() ? "trade.fill.stop" : "trade.fill.tip"));
  if (touch.hovered || touch.held) p.fill(b, t.sunken, 8);
  p.text(right, box.y + 23, kNoteMedium, t.defend, text, Align::right);
  if (!touch.clicked) return;
  if (model.queue().filling())
    model.stop_filling();
  else
    model.fill();
}

/// Steps through the runs that no other one beats in both: as right, and the attacker no better.
void front(Paint& p, const Plot& c, const std::vector<Run>& runs) {
  std::vector<std::pair<double, double>> best;  // attacker, model
  for (const Run& r : runs)
    if (std::none_of(runs.begin(), runs.end(), [&](const Run& o) {
          return *o.privacy <= *r.privacy && *o.utility >= *r.utility && (*o.privacy < *r.privacy || *o.utility > *r.utility);
        }))
      best.emplace_back(*r.privacy, *r.utility);
  if (best.size() < 3) return;
  std::sort(best.begin(), best.end());
  std::vector<float> line;
  for (std::size_t i = 0; i < best.size(); ++i) {
    if (i > 0) line.insert(line.end(), {c.x(best[i].first), c.y(best[i - 1].second)});
    line.insert(line.end(), {c.x(best[i].first), c.y(best[i].second)});
  }
  p.polyline(line, p.theme.edge, 1);
}

void chart(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  const float x = box.x + 20, right = box.right() - 20;
  p.text(x, box.y + 23, kNoteMedium, t.model, model.choice().says("y"));

  const float axis = p.width(kNoteDigits, "100\u00a0%") + 8;
  const Plot c{{x + axis, box.y + 40, right - x - axis, box.h - 40 - 52}};
  axes(f, c);

  // Copied: loading a run changes the list.
  std::vector<Run> runs;
  for (const Run& r : model.runs().list())
    if (model.runs().comparable(r) && r.utility && r.privacy) runs.push_back(r);
  std::stable_sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.strength < b.strength; });
  if (runs.empty()) {
    p.text(c.box.middle_x(), c.box.middle_y() - 8, kNote, t.ink2, words("trade.empty"), Align::centre);
  } else {
    fill_button(f, box, x + p.width(kNoteMedium, model.choice().says("y")) + 16, right);
  }
  std::vector<Box> taken = guessing(f, c);
  std::vector<float> line;
  for (const Run& r : runs)
    if (r.seed == model.choice().seed() && series_of(r) == "mid") line.insert(line.end(), {c.x(*r.privacy), c.y(*r.utility)});
  front(p, c, runs);
  if (line.size() > 2) p.polyline(line, t.defend, 1.5f);

  std::map<std::string, int> twins;
  const Run* pick = nullptr;
  const Run *first = nullptr, *last = nullptr;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Run& r = runs[i];
    const float px = c.x(*r.privacy), py = c.y(*r.utility);
    const bool own_seed = r.seed == model.choice().seed(), plain = series_of(r) == "mid";
    const bool ringed = model.runs().has_result() && r.spec == model.runs().shown().spec();
    std::string name = "dot" + strength_id(r) + "/" + std::to_string(r.seed) +
                       (plain                        ? ""
                        : changes_answers(r.release) ? "/" + release_text(r.spec)
                                                     : "/" + r.defence);
    if (const int twin = twins[name]++) name += "#" + std::to_string(twin);  // no two dots may be one control
    const std::string tip = words("trade.tip", {{"symbol", std::string(model.choice().story().symbol)},
                                                {"strength", strength_text(r.strength)},
                                                {"seed", std::to_string(r.seed)}}) +
                            (!changes_answers(r.release) ? "" : ", " + std::string(words("answers.tip")) + " " + release_text(r.spec)) +
                            ": " + words("trade.tip2", {{"utility", percent(r.utility)}, {"privacy", percent(r.privacy)}});
    const Touch touch = f.controls.button(name.c_str(), {px - 9, py - 9, 18, 18}, tip, 9);
    if (ringed) p.circle(px, py, 12, t.surface);
    mark(p, series_of(r), px, py, f.motion.to("grow" + name, ringed ? 1.2f : 1, .2), !own_seed, touch);
    if (ringed) p.ring(px, py, 11, t.ink, 2);
    if (own_seed && plain && !first) first = &r;
    if (own_seed && plain) last = &r;
    if (touch.clicked) pick = &r;
    taken.push_back({px - 11, py - 11, 22, 22});
  }
  const auto name_dot = [&](const Run* r, float dy) {
    const std::string label = strength_text(r->strength);
    const float half = p.width(kNote, label) / 2;
    float middle = std::clamp(c.x(*r->privacy), c.box.x + half, c.box.right() - half), y = c.y(*r->utility) + dy;
    const auto hits = [&](const Box& o) { return o.x < middle + half && middle - half < o.right() && o.y < y + 2 && y - 13 < o.bottom(); };
    const float side = half + 24;
    for (const auto& [dx, down] : {std::pair{0.f, dy}, {-side, 5.f}, {side, 5.f}}) {
      middle = std::clamp(c.x(*r->privacy) + dx, c.box.x + half, c.box.right() - half), y = c.y(*r->utility) + down;
      if (std::none_of(taken.begin(), taken.end(), hits) && std::fabs(middle - c.x(*r->privacy) - dx) < half) break;
    }
    p.fill({middle - half - 2, y - 12, 2 * half + 4, 15}, t.surface);  // no line runs through the words
    p.text(middle, y, kNote, t.defend, label, Align::centre);
    taken.push_back({middle - half, y - 13, 2 * half, 17});
  };
  if (first) name_dot(first, 26);
  if (last && last != first && std::hypot(c.x(*last->privacy) - c.x(*first->privacy), c.y(*last->utility) - c.y(*first->utility)) > 40)
    name_dot(last, 26);

  corner(f, c, taken);
  crosses(f, c);
  legend(f, runs, x, box.bottom() - 12, right);
  p.text(right, box.bottom() - 12, kNoteMedium, t.attack, model.choice().says("x"), Align::right);
  if (pick) model.load(Run(*pick));
}

/// The chart or the attack table under tabs.
void draw(Frame& f, Box box) {
  f.paint.card(box);
  card_tabs(f, box);
  const Box inner{box.x, box.y + 44, box.w, box.h - 44};
  if (f.view.card == View::table)
    attack_table(f, inner);
  else if (f.view.card == View::told)
    information_plane(f, inner);
  else
    chart(f, inner);
}

constexpr std::array<const char*, 3> kCards{"trade-off", "table", "told"};

void keep(const View& view, Json& link, bool brief) {
  if (!brief) link["card"] = kCards[static_cast<std::size_t>(view.card)];
}

void restore(Json& link, View& view, const std::function<void(const std::string&)>&) {
  bool table = false;  // of links before there were three
  if (take(link, "table", &Json::is_boolean, table)) view.card = table ? View::table : View::trade;
  std::string word;
  if (take(link, "card", &Json::is_string, word))
    for (std::size_t i = 0; i < kCards.size(); ++i)
      if (word == kCards[i]) view.card = static_cast<View::Card>(i);
}

}  // namespace

namespace panel {
extern const Panel trade_off;
const Panel trade_off{.name = "trade-off",
                      .draw = &draw,
                      .place = &Layout::chart,
                      .own_card = true,
                      .hidden = Panel::Hidden::chart,
                      .keep = &keep,
                      .restore = &restore};
}  // namespace panel

}  // namespace mid::ui
