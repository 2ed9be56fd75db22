#include <algorithm>
#include <cmath>
#include <fonts.hpp>
#include <numbers>

#include "ui/belief_bars.hpp"
#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// A value within a sentence.
std::string lower(std::string s) {
  if (spoken_language().capital_nouns) return s;
  if (!s.empty() && s[0] >= 'A' && s[0] <= 'Z') s[0] = static_cast<char>(s[0] + 32);
  return s;
}

struct Bell {
  double mean = 0, sd = 0;
};

/// The range of answers that is shown: the same width whatever the noise, so that the bells are seen to melt.
struct Axis {
  double low, high;
  Box box;
  float x(double answer) const { return box.x + box.w * static_cast<float>((answer - low) / (high - low)); }
};

void ticks(Frame& f, const Axis& axis) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  p.line(axis.box.x, axis.box.bottom(), axis.box.right(), axis.box.bottom(), t.edge);
  float taken = -1000;
  for (const double share : {.0001, .001, .002, .005, .01, .02, .05, .1, .2, .3, .5, .7, .8, .9, .95, .98, .99, .995, .999, .9999}) {
    const double logit = std::log(share / (1 - share));
    if (logit < axis.low || logit > axis.high) continue;
    const float x = axis.x(logit);
    const std::string label = share > .99 || share < .001 ? figure(share * 100) + "\u00a0%" : percent(share);
    const float half = p.width(kNote, label) / 2;
    if (x - half < std::max(taken + 10, axis.box.x) || x + half > axis.box.right()) continue;
    p.line(x, axis.box.bottom(), x, axis.box.bottom() + 5, t.edge);
    p.text(x, axis.box.bottom() + 20, kNoteDigits, t.ink2, label, Align::centre);
    taken = x + half;
  }
}

/// One bell; a spike where the answer is the same every time.
void bell(Frame& f, const Axis& axis, const Bell& b, bool named, const std::string& label, double tallest, int side) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const ImU32 colour = named ? t.attack : t.ink3;
  const float floor = axis.box.bottom(), room = axis.box.h - 26;
  const double spread = axis.high - axis.low;
  float top = floor - room;
  if (b.sd < spread / 400) {
    p.fill({axis.x(b.mean) - 1.5f, floor - room, 3, room}, colour, 1);
  } else {
    std::vector<float> curve;
    const double height = 1 / (b.sd * tallest);
    for (int i = 0; i <= 96; ++i) {
      const double at = axis.low + spread * i / 96, z = (at - b.mean) / b.sd;
      curve.push_back(axis.x(at));
      curve.push_back(floor - room * static_cast<float>(height * std::exp(-z * z / 2)));
    }
    if (named) p.area(curve, floor, t.attack_soft);
    p.polyline(curve, colour, 2);
    top = floor - room * static_cast<float>(height);
  }
  // The two labels lean away from each other.
  const float w = p.width(kNoteMedium, label), x = axis.x(b.mean) + static_cast<float>(side) * 6;
  const float left = std::clamp(side < 0 ? x - w : x, axis.box.x, axis.box.right() - w);
  p.text(left, std::max(top - 8, axis.box.y + 12), kNoteMedium, named ? t.attack : t.ink2, label);
}

void bells(Frame& f, const BeliefSheet& b, int person, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Bell two[] = {{b.conditional_mean(person, 0), b.conditional_sd(person, 0)},
                      {b.conditional_mean(person, 1), b.conditional_sd(person, 1)}};
  const double middle = (two[0].mean + two[1].mean) / 2, apart = std::fabs(two[0].mean - two[1].mean);
  const double half = std::max({2.2, apart * 1.2, 3.2 * std::max(two[0].sd, two[1].sd)});
  const Axis axis{middle - half, middle + half, box};
  ticks(f, axis);
  const int guess = b.guess(b.after, person);
  const double tallest = 1 / std::max(std::min(two[0].sd, two[1].sd), .02);
  const int left = two[0].mean <= two[1].mean ? 0 : 1;
  for (const int v : {1 - guess, guess})  // the named one on top
    if (v >= 0 && v < 2)
      bell(f, axis, two[v], v == guess,
           words("bells.if", {{"value", shortened(lower(std::string(value_words(b.values[static_cast<std::size_t>(v)]))), 18)}}), tallest,
           v == left ? -1 : 1);
  if (person < b.answer.size()) {
    const double answer = std::clamp(b.answer[person], axis.low, axis.high);
    const float x = axis.x(answer);
    p.dashed(x, box.y + 26, x, box.bottom(), t.ink);
    p.circle(x, box.bottom(), 4, t.ink);
  }
}

/// Each square is a person; its place stays, so that one sees who is given away and who no longer.
void people(Frame& f, const BeliefSheet& b, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const int n = std::min(b.rows(), 1000);
  p.text(box.x, box.y + 14, kBodyStrong, t.ink, words("grid.head", {{"n", count(n)}}));
  constexpr float kLegend = 66;
  const Box grid{box.x, box.y + 25, box.w, box.h - 25 - kLegend};
  int columns = 1;
  float side = 0;
  for (int c = 10; c <= 120; ++c) {  // whole pixels a square, as large as all of them fit
    const float rows = std::ceil(static_cast<float>(n) / static_cast<float>(c));
    const float fits = std::floor(std::min(grid.w / static_cast<float>(c), grid.h / rows) * p.scale()) / p.scale();
    if (fits > side) side = fits, columns = c;
  }
  const Touch touch = f.controls.button("people", {grid.x, grid.y, side * static_cast<float>(columns), grid.h});
  int counts[3] = {};
  for (int r = 0; r < n; ++r) {
    const Fate kind = fate_of(b, r);
    ++counts[static_cast<int>(kind)];
    const Box one{grid.x + side * static_cast<float>(r % columns), grid.y + side * static_cast<float>(r / columns), side - 1, side - 1};
    fate_mark(p, one, kind);
    if (r == f.view.person) p.stroke(one.grown(2), t.ink, 2, 2);
  }
  if (touch.clicked && touch.hovered) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const int c = static_cast<int>((mouse.x / p.scale() - grid.x) / side), r = static_cast<int>((mouse.y / p.scale() - grid.y) / side);
    if (c >= 0 && c < columns && r >= 0 && r * columns + c < n) show_person(f, b, r * columns + c);
  }
  constexpr const char* kWords[] = {"grid.known", "grid.gained", "grid.wrong"};
  for (int k = 0; k < 3; ++k) {
    const float y = box.bottom() - kLegend + 22 + 21 * static_cast<float>(k);
    fate_mark(p, {box.x, y - 11, 12, 12}, static_cast<Fate>(k));
    p.text(box.x + 58, y, {Type::semibold, 16, true}, k == 1 ? t.attack : t.ink, count(counts[k]), Align::right);
    const std::string_view meaning = words(kWords[k]);
    p.text(box.x + 68, y, kNote, t.ink2, p.width(kNote, meaning) <= box.w - 60 ? meaning : words(std::string(kWords[k]) + ".short"));
  }
}

}  // namespace

void stage_beliefs(Frame& f) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  const PageModel& model = f.model;
  const bool phone = l.kind == Layout::Kind::phone;
  const auto [card, inner, another] = stage_card(f);
  const float x = inner.x, y = inner.y, right = inner.right();
  const auto& shown = model.runs().shown();
  if (!model.runs().has_result() || !shown.beliefs || shown.beliefs->rows() == 0) {
    p.fill({x, y, right - x, card.bottom() - l.pad - y}, t.sunken, 8);
    return;
  }
  const BeliefSheet& b = *shown.beliefs;
  f.view.person = std::clamp(f.view.person, 0, b.rows() - 1);
  if (another) show_person(f, b, (f.view.person + 1) % b.rows());
  const float bottom = card.bottom() - 14;
  const float split = phone ? right : std::floor(x + (right - x) * .57f);
  const float left_w = split - x - (phone ? 0 : 20);
  person_chooser(f, b, x, y + 14, "bells.person");
  if (b.values.size() == 2 && b.has_bells()) {
    const int person = f.view.person;
    if (person < b.answer.size() && !phone)
      p.text(x + left_w, y + 20, kNoteMedium, t.ink, words("bells.answer", {{"value", percent(logistic(b.answer[person]))}}), Align::right);
    const float bars = 30 * 2 + 8;
    const Box plot{x, y + 34, left_w, std::max(60.f, bottom - bars - 34 - (y + 34))};
    bells(f, b, f.view.person, plot);
    belief_bars(f, b, f.view.person, x, bottom - 30 * 2 + 4, left_w, 30);
  } else {
    belief_bars(f, b, f.view.person, x, y + 60, left_w, 30);
  }
  if (phone) return;
  p.line(split, y, split, bottom, t.line);
  people(f, b, {split + 20, y + 2, right - split - 20, bottom - y - 2});
}

}  // namespace mid::ui
