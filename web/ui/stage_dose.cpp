#include <algorithm>
#include <cmath>

#include "ui/belief_bars.hpp"
#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

/// Both axes have the same ends, so that the right answer is the diagonal: 0, or for a table of one's own whatever holds all of it.
struct Field {
  Box box;
  double least, most;
  double share(double v) const { return std::clamp((v - least) / (most - least), 0., 1.); }
  float x(double v) const { return box.x + box.w * static_cast<float>(share(v)); }
  float y(double v) const { return box.bottom() - box.h * static_cast<float>(share(v)); }
};

double readable(const BeliefSheet& b, double answer) { return b.root ? answer * answer : answer; }

double round_up(double most) {
  const double unit = std::pow(10, std::floor(std::log10(std::max(most, 1e-9))));
  for (const double step : {1., 2., 4., 5., 8., 10.})
    if (step * unit >= most) return step * unit;
  return most;
}

/// "25", "12.5", "120k", "1.5M".
std::string tick(double v) {
  for (const auto& [size, sign] : {std::pair{1e9, "G"}, {1e6, "M"}, {1e4, "k"}})
    if (std::fabs(v) >= size) return tick(v / (size == 1e4 ? 1e3 : size)) + sign;
  return v == std::round(v) ? count(std::lround(v)) : figure(v);
}

/// From 0 where that leaves the numbers most of the field, else from a round number below them.
Field field_of_numbers(Box box, double least, double most) {
  if (least >= 0 && least < .6 * most) return {box, 0, round_up(most)};
  const double step = round_up(std::max(most - least, 1e-9) / 4), low = std::floor(least / step) * step;
  return {box, low, low + step * std::max(4., 2 * std::ceil((most - low) / step / 2))};
}

void axes(Frame& f, const Field& c) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  for (int i = 0; i <= 4; ++i) {
    const double at = c.least + (c.most - c.least) * i / 4;
    const std::string label = tick(at);
    p.line(c.box.x, c.y(at), c.box.right(), c.y(at), t.line);
    p.text(c.box.x - 8, c.y(at) + 5, kNoteDigits, t.ink2, label, Align::right);
    p.text(c.x(at), c.box.bottom() + 19, kNoteDigits, t.ink2, label, Align::centre);
  }
  p.text(c.box.right(), c.box.bottom() + 40, kNoteMedium, t.ink2, f.model.choice().says("axis.x"), Align::right);
}

/// What is within 20 % of the right dose, and the right dose itself.
void right_answers(Frame& f, const Field& c) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  ImDrawList& list = p.list();
  const auto at = [&](double x, double y) { return ImVec2{p.px(c.x(x)), p.px(c.y(y))}; };
  const double m = c.most;
  // Up to where the upper edge leaves the field, then along its top.
  if (c.least == 0) {
    list.AddTriangleFilled(at(0, 0), at(m / 1.2, m), at(m, .8 * m), t.model_soft);
    list.AddTriangleFilled(at(m / 1.2, m), at(m, m), at(m, .8 * m), t.model_soft);
  }
  p.line(c.x(c.least), c.y(c.least), c.x(m), c.y(m), t.ink3, 1.5f);
}

/// The answers that this patient could get: a bell on its side.
void bell(Frame& f, const Field& c, const BeliefSheet& b, int person) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const double mean = b.conditional_mean(person, b.truth[person]), sd = b.conditional_sd(person, b.truth[person]);
  const float x = c.x(b.target[person]);
  if (sd > 0) {
    constexpr int kSteps = 48;
    constexpr float kWidth = 46;
    std::vector<float> curve;
    for (int i = 0; i <= kSteps; ++i) {
      const double z = -2.6 + 5.2 * i / kSteps, v = mean + z * sd;
      curve.push_back(x + kWidth * static_cast<float>(std::exp(-z * z / 2)));
      curve.push_back(c.y(readable(b, std::max(v, b.root ? 0. : v))));
    }
    // Smoothed edges between the slices would show as stripes.
    const ImDrawListFlags flags = p.list().Flags;
    p.list().Flags &= ~ImDrawListFlags_AntiAliasedFill;
    for (std::size_t i = 0; i + 3 < curve.size(); i += 2) {
      const ImVec2 quad[] = {{p.px(x), p.px(curve[i + 1])},
                             {p.px(curve[i]), p.px(curve[i + 1])},
                             {p.px(curve[i + 2]), p.px(curve[i + 3])},
                             {p.px(x), p.px(curve[i + 3])}};
      p.list().AddConvexPolyFilled(quad, 4, faded(t.attack, .18f));
    }
    p.list().Flags = flags;
    p.polyline(curve, t.attack, 2);
    p.line(x, curve[1], x, curve.back(), t.attack, 2);
  }
  const double today = readable(b, b.answer[person]);
  const float y = c.y(today);
  p.circle(x, y, 8, t.surface);
  p.circle(x, y, 6, t.attack);
  const std::string label =
      words("dose.today", {{"value", b.root ? count(std::lround(today)) : tick(std::fabs(today) < 100 ? today : std::round(today))}});
  const float w = p.width(kNoteMedium, label) + 18;
  // Beside the dot, or where a narrow field has no room there below or above it; never over the axis.
  const float left = x + 64 + w <= c.box.right() ? x + 64 : std::max(x - 30 - w, c.box.x + 4);
  const bool beside = left > x || left + w <= x - 10;
  const Box tag{left, beside ? std::min(y + 6, c.box.bottom() - 30) : y + 46 <= c.box.bottom() ? y + 14 : y - 40, w, 26};
  p.line(x + (left > x ? 7.f : -7.f), y + 2, left > x ? tag.x : tag.right(), tag.middle_y(), t.attack, 1.5f);
  p.fill(tag, t.surface, 6);
  p.stroke(tag, t.attack, 1, 6);
  p.text(tag.middle_x(), tag.middle_y() + 5, kNoteMedium, t.attack, label, Align::centre);
}

void scatter(Frame& f, const BeliefSheet& b, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  constexpr int kDots = 160;  // more hide each other
  const int n = std::min(b.rows(), kDots);
  double least = b.target[f.view.person], most = least;
  for (int i = 0; i < n; ++i) least = std::min(least, b.target[i]), most = std::max(most, b.target[i]);
  const Field c = field_of_numbers(box, least, most);
  right_answers(f, c);
  axes(f, c);
  for (int i = 0; i < n; ++i) {
    const double answer = readable(b, b.answer[i]);
    if (answer >= c.least && answer <= c.most && i != f.view.person) p.circle(c.x(b.target[i]), c.y(answer), 3.5f, faded(t.model, .6f));
  }
  bell(f, c, b, f.view.person);
  if (box.w < 240 || c.least != 0) return;
  p.fill({box.x + 14, box.y + 6, 15, 15}, t.model_soft, 4);
  p.stroke({box.x + 14, box.y + 6, 15, 15}, t.model, 1, 4);
  p.text(box.x + 37, box.y + 19, kNote, t.ink2, words("dose.within"));
}

}  // namespace

void stage_dose(Frame& f) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const PageModel& model = f.model;
  const bool phone = f.layout.kind == Layout::Kind::phone;
  const auto [card, inner, another] = stage_card(f);
  const float x = inner.x, y = inner.y, right = inner.right(), bottom = inner.bottom();
  const auto& shown = model.runs().shown();
  const bool ready = model.runs().has_result() && shown.beliefs && shown.beliefs->rows() > 0 && shown.beliefs->target.size() > 0 &&
                     shown.beliefs->has_bells() && shown.beliefs->answer.size() > 0;
  if (!ready) {
    p.fill({x, y, right - x, bottom - y}, t.sunken, 8);
    return;
  }
  const BeliefSheet& b = *shown.beliefs;
  f.view.person = std::clamp(f.view.person, 0, b.rows() - 1);
  if (another) show_person(f, b, (f.view.person + 1) % b.rows());
  // Beside each other, on a phone one above the other.
  const float split = phone ? right : std::floor(x + (right - x) * .53f), beliefs_h = phone ? 225.f : bottom - y;
  const Box plot{x, y, phone ? right - x : split - 20 - x, phone ? bottom - y - beliefs_h - 12 : bottom - y};
  if (plot.h > 120) {
    p.text(plot.x, plot.y + 10, kNoteMedium, t.model, model.choice().says("axis.y"));
    const float axis = p.width(kNoteDigits, model.choice().story().own ? "−12.5M" : "100") + 8;
    scatter(f, b, {plot.x + axis, plot.y + 26, plot.w - axis - (phone ? 16.f : 0.f), plot.h - 70});
  }
  if (!phone) p.line(split, y, split, bottom, t.line);
  const float from = phone ? x : split + 20, top = bottom - beliefs_h;
  person_chooser(f, b, from, top + 14, model.choice().story().own ? "own.row" : "dose.patient");
  const int lines =
      p.paragraph(from, top + 62, right - from, kBody, t.ink, words("dose.believes", {{"name", shortened(b.secret, 24)}}), 24);
  belief_bars(f, b, f.view.person, from, top + 92 + (f.layout.present ? 26.f * static_cast<float>(lines - 1) + 4 : 0), right - from,
              std::min(48.f, (beliefs_h - 140) / static_cast<float>(std::clamp<std::size_t>(b.values.size(), 1, 4))));
  p.fill({from, bottom - 18, 22, 10}, t.attack, 5);
  p.text(from + 30, bottom - 8, kNote, t.ink2, words("bells.legend.after"));
  const float second = from + 30 + p.width(kNote, words("bells.legend.after")) + 20;
  p.fill({second, bottom - 16, 22, 6}, t.sunken, 3);
  p.stroke({second, bottom - 16, 22, 6}, t.edge, 1, 3);
  p.text(second + 30, bottom - 8, kNote, t.ink2, words("bells.legend.before"));
}

}  // namespace mid::ui
