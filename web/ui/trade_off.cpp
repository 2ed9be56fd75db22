#include <algorithm>
#include <cmath>

#include "figures.hpp"
#include "frame.hpp"
#include "strings.hpp"

namespace mid::ui {
namespace {

/// Both axes run from 0 to 100 %: a chart that cuts them makes small differences look large.
struct Chart {
  Box box;
  float x(double share) const { return box.x + box.w * static_cast<float>(std::clamp(share, 0., 1.)); }
  float y(double share) const { return box.bottom() - box.h * static_cast<float>(std::clamp(share, 0., 1.)); }
};

void axes(Frame& f, const Chart& c, float left) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  for (const double share : {0., .5, 1.}) {
    const float y = c.y(share);
    p.line(c.box.x, y, c.box.right(), y, t.line);
    p.text(c.box.x - 8, y + 5, kNoteDigits, t.ink2, percent(share), Align::right);
    const float x = c.x(share);
    p.text(x, c.box.bottom() + 20, kNoteDigits, t.ink2, percent(share), share == 0 ? Align::left : share == 1 ? Align::right : Align::centre);
  }
  (void)left;
}

void guessing(Frame& f, const Chart& c) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  if (!f.lab.has_result()) return;
  const Story& s = f.lab.story();
  const auto utility = measure_of(f.lab.shown().result, "utility", s.utility).baseline;
  const auto privacy = measure_of(f.lab.shown().result, "privacy", s.privacy).baseline;
  if (utility) p.dashed(c.box.x, c.y(*utility), c.box.right(), c.y(*utility), t.ink3);
  if (privacy) p.dashed(c.x(*privacy), c.box.y, c.x(*privacy), c.box.bottom(), t.ink3);
  // Where the dots seldom are: on the low line at the right, on a high one at the left.
  if (utility && *utility < .3) p.text(c.box.right(), c.y(*utility) - 6, kNote, t.ink3, words("trade.guess"), Align::right);
  else if (utility) p.text(c.box.x + 4, c.y(*utility) - 6, kNote, t.ink3, words("trade.guess"));
}

}  // namespace

void trade_off(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  Lab& lab = f.lab;
  p.card(box);
  const float x = box.x + 20, right = box.right() - 20;
  p.text(x, box.y + 30, kBodyStrong, t.ink, words("trade.title"));
  p.fill({x, box.y + 41, p.width(kBodyStrong, words("trade.title")), 3}, t.ink, 1.5f);
  p.line(box.x, box.y + 43, box.right(), box.y + 43, t.line);
  p.text(x, box.y + 67, kNoteMedium, t.model, story_words(lab.story().key, "y"));

  const float axis = p.width(kNoteDigits, "100\u00a0%") + 8;
  const Chart c{{x + axis, box.y + 84, right - x - axis, box.h - 84 - 52}};
  axes(f, c, x);
  guessing(f, c);

  // Copied: loading a run changes the list.
  std::vector<Run> runs;
  for (const Run& r : lab.runs())
    if (lab.comparable(r) && r.utility && r.privacy) runs.push_back(r);
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.strength < b.strength; });
  if (runs.empty()) {
    p.text(c.box.middle_x(), c.box.middle_y() - 8, kNote, t.ink2, words("trade.empty"), Align::centre);
  } else {
    const std::string_view hint = words("trade.click");
    if (p.width(kNote, hint) + p.width(kNoteMedium, story_words(lab.story().key, "y")) + 16 < right - x)
      p.text(right, box.y + 67, kNote, t.ink3, hint, Align::right);
  }
  // In the corner where a model is right and the attacker is not.
  const auto floor = measure_of(lab.has_result() ? lab.shown().result : Json(), "privacy", lab.story().privacy).baseline;
  const float corner_x = floor && *floor < .3 ? c.x(*floor) + 8 : c.box.x + 14, corner_y = c.box.bottom() - 29;
  p.line(corner_x, corner_y, corner_x + 7, corner_y + 7, t.defend, 1.5f);
  p.line(corner_x, corner_y, corner_x + 5, corner_y, t.defend, 1.5f);
  p.line(corner_x, corner_y, corner_x, corner_y + 5, t.defend, 1.5f);
  p.text(corner_x + 13, corner_y + 9, kNoteMedium, t.defend, words("trade.corner"));

  std::vector<float> line;
  for (const Run& r : runs)
    if (r.seed == lab.seed()) line.insert(line.end(), {c.x(*r.privacy), c.y(*r.utility)});
  if (line.size() > 2) p.polyline(line, t.defend, 1.5f);

  const Run* pick = nullptr;
  const Run *first = nullptr, *last = nullptr;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Run& r = runs[i];
    const float px = c.x(*r.privacy), py = c.y(*r.utility);
    const bool own_seed = r.seed == lab.seed();
    const bool ringed = lab.has_result() && r.strength == lab.shown().strength && r.seed == lab.shown().seed;
    const std::string name = "dot" + strength_text(r.strength) + "/" + std::to_string(r.seed);
    const std::string tip = words("trade.tip", {{"symbol", "β"}, {"strength", strength_text(r.strength)}, {"seed", std::to_string(r.seed)}}) + ": " +
                            words("trade.tip2", {{"utility", percent(r.utility)}, {"privacy", percent(r.privacy)}});
    const Touch touch = f.controls.button(name.c_str(), {px - 9, py - 9, 18, 18}, tip, 9);
    const float grown = f.motion.to("grow" + name, 1, .2);
    p.circle(px, py, 6.5f * grown, t.surface);
    if (own_seed) p.circle(px, py, 5 * grown, touched(p, t.defend, touch));
    else p.ring(px, py, 4.5f * grown, t.defend, 1.5f);
    if (ringed) {
      p.circle(px, py, 11, t.surface);
      p.circle(px, py, 6, t.defend);
      p.ring(px, py, 11, t.ink, 2);
    }
    if (own_seed && !first) first = &r;
    if (own_seed) last = &r;
    if (touch.clicked) pick = &r;
  }
  const auto name_dot = [&](const Run* r, float dy) {
    const std::string label = strength_text(r->strength);
    const float half = p.width(kNote, label) / 2, middle = std::clamp(c.x(*r->privacy), c.box.x + half, c.box.right() - half);
    const float y = c.y(*r->utility) + dy;
    p.fill({middle - half - 2, y - 12, 2 * half + 4, 15}, t.surface);  // no line runs through the words
    p.text(middle, y, kNote, t.defend, label, Align::centre);
  };
  if (first) name_dot(first, 26);
  if (last && last != first && std::hypot(c.x(*last->privacy) - c.x(*first->privacy), c.y(*last->utility) - c.y(*first->utility)) > 40) name_dot(last, 26);

  p.circle(x + 5, box.bottom() - 17, 5, t.defend);
  p.text(x + 16, box.bottom() - 12, kNote, t.ink2, words("trade.mid"));
  p.text(right, box.bottom() - 12, kNoteMedium, t.attack, story_words(lab.story().key, "x"), Align::right);
  if (pick) lab.load(Run(*pick));
}

}  // namespace mid::ui
