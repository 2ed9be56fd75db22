// The dose stage where the story is about private training: somebody whom the model learnt from beside somebody whom it did not, what
// the answer says about either, and whether they can be told apart.
#include <algorithm>
#include <cmath>
#include <functional>

#include "ui/belief_bars.hpp"
#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

constexpr double kSideOfBell = 2.6;  // sd of a bell that are drawn to either side

/// The range of doses that is shown, the same for both people.
struct DoseAxis {
  double low, high;
  Box box;
  float x(double dose) const { return box.x + box.w * static_cast<float>(std::clamp((dose - low) / (high - low), 0., 1.)); }
};

double dose(const BeliefSheet& b, double number) { return b.root ? std::max(number, 0.) * std::max(number, 0.) : number; }

bool can_show(const BeliefSheet* b) { return b && b->rows() > 0 && b->has_bells() && b->answer.size() == b->rows(); }

/// What must be on the axis for one person.
void widen(const BeliefSheet& b, int person, double& low, double& high) {
  for (Eigen::Index v = 0; v < b.conditional_mean.cols(); ++v)
    for (const double side : {-kSideOfBell, kSideOfBell}) {
      const double at = dose(b, b.conditional_mean(person, v) + side * b.conditional_sd(person, v));
      low = std::min(low, at), high = std::max(high, at);
    }
  low = std::min(low, dose(b, b.answer[person])), high = std::max(high, dose(b, b.answer[person]));
}

void dose_ticks(Frame& f, const DoseAxis& axis) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  p.line(axis.box.x, axis.box.bottom(), axis.box.right(), axis.box.bottom(), t.edge);
  const double span = axis.high - axis.low, ten = std::pow(10, std::floor(std::log10(span / 3)));
  double step = ten;
  for (const double by : {1., 2., 5., 10.})
    if (span / (by * ten) <= 5) {
      step = by * ten;
      break;
    }
  for (double at = std::ceil(axis.low / step) * step; at <= axis.high + 1e-9; at += step) {
    const std::string label = figure(at).size() > 4 ? figure(at) : count(std::lround(at));
    const float half = p.width(kNoteDigits, label) / 2, x = axis.x(at);
    p.line(x, axis.box.bottom(), x, axis.box.bottom() + 4, t.edge);
    p.text(std::clamp(x, axis.box.x + half, axis.box.right() - half), axis.box.bottom() + 18, kNoteDigits, t.ink2, label, Align::centre);
  }
}

/// Where the answer would lie for each gene, and where it lies. Exact answers are strokes, noisy ones bells.
void stroke_answers(Frame& f, const DoseAxis& axis, const BeliefSheet& b, int person) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const int guess = b.guess(b.after, person);
  const float floor = axis.box.bottom(), top = axis.box.y + 22;
  double narrowest = 1e300;
  for (Eigen::Index v = 0; v < b.conditional_sd.cols(); ++v) narrowest = std::min(narrowest, b.conditional_sd(person, v));
  std::vector<std::pair<float, Eigen::Index>> order;  // of the labels, from left to right
  for (Eigen::Index v = 0; v < b.conditional_mean.cols(); ++v) order.emplace_back(axis.x(dose(b, b.conditional_mean(person, v))), v);
  std::ranges::sort(order);
  float taken = axis.box.x - 1000;
  for (const auto& [x, v] : order) {
    const bool named = static_cast<int>(v) == guess;
    const ImU32 colour = named ? t.attack : t.ink3;
    const double mean = b.conditional_mean(person, v), sd = b.conditional_sd(person, v);
    if (sd > 0) {
      std::vector<float> curve;
      for (int i = 0; i <= 60; ++i) {
        const double z = -kSideOfBell + 2 * kSideOfBell * i / 60;
        curve.push_back(axis.x(dose(b, mean + z * sd)));
        curve.push_back(floor - (floor - top) * static_cast<float>(narrowest / sd * std::exp(-z * z / 2)));
      }
      if (named) p.area(curve, floor, faded(t.attack, .18f));
      p.polyline(curve, colour, 2);
    } else {
      p.fill({x - 1, top, 2, floor - top}, colour);
    }
    const std::string label =
        words("bells.if", {{"value", shortened(std::string(value_words(b.values[static_cast<std::size_t>(v)])), 10)}});
    const Type type = named ? kNoteStrong : kNote;
    const float w = p.width(type, label), left = std::max(std::clamp(x - w / 2, axis.box.x, axis.box.right() - w), taken + 8);
    if (left + w > axis.box.right() + 1) continue;  // the named one's bell is orange, labelled or not
    p.text(left, axis.box.y + 14, type, named ? t.attack : t.ink2, label);
    taken = left + w;
  }
  const float x = axis.x(dose(b, b.answer[person]));
  p.circle(x, floor, 7, t.surface);
  p.circle(x, floor, 5, t.ink);
}

/// A square each: filled where the gene is named right. Returns where the next thing may stand.
float squares(Frame& f, const std::string& id, const BeliefSheet& b, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  constexpr int kMost = 60, kRows = 2;
  const int n = std::min(b.rows(), kMost), columns = (n + kRows - 1) / kRows;
  const float pitch = std::floor(std::min(box.w / static_cast<float>(columns), box.h / kRows) * p.scale()) / p.scale();
  const Touch touch = f.controls.button(id.c_str(), {box.x, box.y, pitch * static_cast<float>(columns), pitch * kRows});
  for (int r = 0; r < n; ++r) {
    const Box one{box.x + pitch * static_cast<float>(r % columns), box.y + pitch * static_cast<float>(r / columns), pitch - 2, pitch - 2};
    if (b.guess(b.after, r) == b.truth[r])
      p.fill(one, t.attack, 2);
    else
      p.stroke(one, t.edge, 1, 2);
    if (r == f.view.person % b.rows()) p.stroke(one.grown(2), t.ink, 2, 3);
  }
  if (touch.clicked && touch.hovered) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const int c = static_cast<int>((mouse.x / p.scale() - box.x) / pitch), r = static_cast<int>((mouse.y / p.scale() - box.y) / pitch);
    if (c >= 0 && c < columns && r >= 0 && r < kRows && r * columns + c < n) f.view.person = r * columns + c;
  }
  return box.y + pitch * kRows;
}

struct List {
  const char* id;    ///< of its texts and its squares
  const Shown* run;  ///< null: it is still to come
};

/// One person of a list, and all of it.
void list_side(Frame& f, const List& of, const DoseAxis& axis, Box box, bool all) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const std::string key = std::string("members.") + of.id;
  const float head = p.text(box.x, box.y + 15, kBodyStrong, t.ink, words(key));
  const bool here = of.run && of.run->beliefs && can_show(&*of.run->beliefs);
  const BeliefSheet* b = here ? &*of.run->beliefs : nullptr;
  const std::string who = b ? words("dose.patient", {{"n", count(f.view.person % b->rows() + 1)}}) : "";
  if (const float w = p.width(kNote, who); head + w + 12 <= box.w) p.text(box.right(), box.y + 15, kNote, t.ink2, who, Align::right);
  if (!b) return p.fill({box.x, box.y + 24, box.w, box.h - 24}, t.sunken, 8);
  dose_ticks(f, axis);
  stroke_answers(f, axis, *b, f.view.person % b->rows());
  const Measure named = of.run->result ? of.run->result->figure("privacy", f.model.choice().story().privacy) : Measure{};
  float y = axis.box.bottom() + 26;
  if (all) y = squares(f, std::string("people.") + of.id, *b, {box.x, y, box.w, 24}) + 4;
  const float line = y + (all ? 26.f : 16.f);
  const Type count = all ? kCount : kBodyStrong;
  const float x = box.x + p.text(box.x, line, count, t.attack, percent(named.value)) + 8, room = box.right() - x;
  const std::string what(words("members.named")), guess = words("members.guess", {{"value", percent(named.baseline)}});
  const std::string both = what + ", " + guess;
  if (p.width(kNote, both) <= room)
    p.text(x, line, kNote, t.ink2, both);
  else
    p.text(x, line, kNote, t.ink2, p.width(kNote, what) <= room ? what : "");
}

/// Which list somebody is from: what private training hides.
void apart(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  p.fill(box, t.sunken, 10);
  const float x = box.x + 14, w = box.w - 28, larger = f.layout.present ? 1.25f : 1.f;
  const std::string_view ask = words("members.apart");
  const Type head = p.width(kBodyStrong, ask) <= w ? kBodyStrong : kNoteStrong;
  p.text(x, box.y + 20 * larger, head, t.ink, p.fitting(head, ask, w));
  const Measure now = told_apart(f.model), plain = told_apart(f.model, false);
  if (!now.value) return void(p.text(x, box.y + 44, kNote, t.ink2, words("number.wait.short")));
  const Type large = box.h >= 64 * larger ? kCount : kTitle;
  const std::string number = percent(now.value);
  const float number_w = p.width(large, number), y = box.y + (box.h >= 64 * larger ? 52.f : 42.f) * larger;
  const bool wide = w > 560;
  const float bar_w = wide ? w * .45f : std::max(80.f, w - number_w - 14);
  const Box bar{x, y - 12, bar_w, 10};
  const bool hidden = now.low && *now.low <= .5;
  p.bar(bar, f.motion.to("members.apart", static_cast<float>(*now.value), .25), hidden ? t.ink3 : t.attack);
  const auto mark = [&](double share, float thick) {
    const float at = bar.x + bar.w * static_cast<float>(share);
    p.fill({at - thick / 2 - 1, bar.y - 4, thick + 2, bar.h + 8}, t.sunken);
    p.fill({at - thick / 2, bar.y - 4, thick, bar.h + 8}, t.ink);
  };
  mark(.5, 2);
  if (plain.value) mark(*plain.value, 4);
  if (now.low && now.high) {
    const float from = bar.x + bar.w * static_cast<float>(*now.low), to = bar.x + bar.w * static_cast<float>(*now.high);
    p.fill({from, bar.bottom() + 3, std::max(2.f, to - from), 2}, hidden ? t.ink3 : t.attack);
  }
  p.text(bar.right() + 14, y, large, hidden ? t.ink : t.attack, number);
  const std::string verdict(words(hidden ? "members.hidden" : "members.told")),
      marks = std::string(words("members.coin")) + (plain.value ? "  " + words("no defence", {{"value", percent(plain.value)}}) : "");
  if (wide) {
    const float at = bar.right() + 14 + number_w + 14, room = box.right() - 14 - at;
    // One line where two would reach into the question.
    if (box.h >= 64 * larger) {
      p.text(at, y - 13 * larger, kNoteStrong, t.ink, p.fitting(kNoteStrong, verdict, room));
      p.text(at, y + 5, kNote, t.ink2, p.fitting(kNote, marks, room));
    } else {
      p.text(at, y - 1, kNote, t.ink2, p.fitting(kNote, verdict + ", " + marks, room));
    }
  } else if (box.h >= 76) {
    p.text(x, box.bottom() - 8, kNote, t.ink2, p.width(kNote, verdict + ", " + marks) <= w ? verdict + ", " + marks : verdict);
  }
}

}  // namespace

Measure told_apart(const PageModel& model, bool defended) {
  const Shown* run = model.runs().companion("membership", defended);
  return run && run->result ? run->result->figure("privacy", "attack_accuracy_gap") : Measure{};
}

void stage_members(Frame& f) {
  Paint& p = f.paint;
  const PageModel& model = f.model;
  const Layout& l = f.layout;
  // An attack on membership itself names no gene.
  if (model.runs().has_result() && model.runs().shown().beliefs && !can_show(&*model.runs().shown().beliefs)) return stage_beliefs(f);
  const bool phone = l.kind == Layout::Kind::phone;
  const auto [card, inner, another] = stage_card(f);
  const Shown& shown = model.runs().shown();
  const BeliefSheet* strangers = model.runs().has_result() && shown.beliefs ? &*shown.beliefs : nullptr;
  if (!can_show(strangers)) return p.fill(inner, f.theme().sunken, 8);
  const Shown* learnt = model.runs().companion("members");
  const BeliefSheet* members = learnt && learnt->beliefs ? &*learnt->beliefs : nullptr;
  f.view.person = std::clamp(f.view.person + (another ? 1 : 0), 0, 1000000) % strangers->rows();
  double low = 1e300, high = -1e300;
  widen(*strangers, f.view.person, low, high);
  if (can_show(members)) widen(*members, f.view.person % members->rows(), low, high);
  const double pad = std::max((high - low) * .08, 1e-6);
  low = low >= 0 ? std::max(0., low - pad) : low - pad, high += pad;
  const float foot = (phone ? 80.f : inner.h < 250 ? 54.f : 70.f) * (l.present ? 1.25f : 1.f), gap = 10;
  const Box apart_box{inner.x - (phone ? 4.f : 8.f), inner.bottom() - foot, inner.w + (phone ? 8.f : 16.f), foot};
  const float sides_h = inner.h - foot - gap;
  const float each = phone ? (sides_h - gap) / 2 : sides_h, width = phone ? inner.w : (inner.w - 40) / 2;
  const bool all = each >= 158;
  for (int i = 0; i < 2; ++i) {
    const Box box = phone ? Box{inner.x, inner.y + static_cast<float>(i) * (each + gap), width, each}
                          : Box{inner.x + static_cast<float>(i) * (width + 40), inner.y, width, each};
    const float axis_h = std::max(34.f, each - 24 - (all ? 90.f : 46.f));
    list_side(f, i == 0 ? List{"members", learnt} : List{"strangers", &shown}, {low, high, {box.x + 2, box.y + 24, box.w - 4, axis_h}}, box,
              all);
  }
  if (!phone) p.line(inner.middle_x(), inner.y, inner.middle_x(), inner.y + sides_h - 6, f.theme().line);
  apart(f, apart_box);
}

}  // namespace mid::ui
