#include "ui/belief_bars.hpp"

#include <algorithm>
#include <fonts.hpp>
#include <numeric>

#include "ui/figures.hpp"
#include "ui/strings.hpp"

namespace mid::ui {

namespace {

/// The values that find room, in their order: the likeliest after the answer, and the true one.
std::vector<std::size_t> shown_values(const BeliefSheet& b, int person) {
  constexpr std::size_t kMost = 4;
  std::vector<std::size_t> order(b.values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (order.size() <= kMost) return order;
  const auto after = [&](std::size_t v) { return b.after(person, static_cast<Eigen::Index>(v)); };
  const auto truth = static_cast<std::size_t>(b.truth[person]);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) { return after(x) > after(y); });
  const bool there = std::find(order.begin(), order.begin() + kMost, truth) != order.begin() + kMost;
  order.resize(kMost);
  if (!there) order.back() = truth;
  std::sort(order.begin(), order.end());
  return order;
}

}  // namespace

void belief_bars(Frame& f, const BeliefSheet& b, int person, float x, float y, float w, float pitch) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  constexpr std::size_t kLongest = 16;  // characters of a value's name
  const std::vector<std::size_t> values = shown_values(b, person);
  float label_w = 0;
  for (const std::size_t v : values)
    label_w = std::max(label_w, p.width(kBodyStrong, shortened(std::string(value_words(b.values[v])), kLongest)));
  const std::string_view is_true = words("bells.true");
  const float bar_x = x + label_w + 14, number_w = std::max(62.f, p.width({Type::semibold, 16, true}, "100\u00a0%") + 12);
  const float bar_w = w - label_w - 14 - std::max(118.f, number_w + 29 + p.width(kNoteStrong, is_true));
  float row = y - pitch;
  for (const std::size_t v : values) {
    row += pitch;
    const auto at = static_cast<Eigen::Index>(v);
    const bool truth = b.truth[person] == static_cast<int>(v);
    p.text(x, row + 12, kBodyStrong, t.ink, shortened(std::string(value_words(b.values[v])), kLongest));
    const std::string name = "belief" + std::to_string(v);
    const float after = f.motion.to(name, static_cast<float>(b.after(person, at)), .25);
    p.bar({bar_x, row, bar_w, 10}, after, t.attack);
    const float before = static_cast<float>(b.before(person, at));
    p.fill({bar_x, row + 12, std::max(6.f, bar_w * before), 6}, t.sunken, 3);
    p.stroke({bar_x, row + 12, std::max(6.f, bar_w * before), 6}, t.edge, 1, 3);
    p.text(bar_x + bar_w + number_w, row + 13, {Type::semibold, 16, true}, t.attack, percent(b.after(person, at)), Align::right);
    if (truth) {
      p.icon(bar_x + bar_w + number_w + 16, row + 8, icon::kCheck, t.ink, kIconSmall);
      p.text(bar_x + bar_w + number_w + 27, row + 13, kNoteStrong, t.ink, is_true);
    }
  }
}

Fate fate_of(const BeliefSheet& b, int row) {
  const int truth = b.truth[row];
  if (b.guess(b.after, row) != truth) return Fate::wrong;
  return b.guess(b.before, row) == truth ? Fate::known : Fate::gained;
}

void fate_mark(Paint& p, Box b, Fate fate) {
  const Theme& t = p.theme;
  if (fate == Fate::wrong)
    p.stroke(b, t.edge, 1, 1);
  else
    p.fill(b, fate == Fate::gained ? t.attack : t.track, 1);
}

void show_person(Frame& f, const BeliefSheet& b, int person) {
  f.view.person = person;
  for (Eigen::Index v = 0; v < b.before.cols(); ++v)
    f.motion.restart("belief" + std::to_string(v), static_cast<float>(b.before(person, v)));
}

float person_chooser(Frame& f, const BeliefSheet& b, float x, float y, const char* words_key) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const auto step = [&](const char* id, const char* icon, float at, int by, std::string_view tip) {
    const Touch touch = f.controls.button(id, {at, y - 16, 32, 32}, tip);
    if (touch.hovered || touch.held) p.fill({at, y - 16, 32, 32}, t.sunken, 8);
    p.icon(at + 16, y, icon, t.ink2);
    if (touch.clicked) show_person(f, b, (f.view.person + by + b.rows()) % b.rows());
  };
  step("person.before", icon::kChevronLeft, x - 6, -1, words("bells.before"));
  const float w = p.width({Type::medium, 16, true}, words(words_key, {{"n", "1000"}}));
  p.text(x + 32 + w / 2, y + 6, {Type::medium, 16, true}, t.ink, words(words_key, {{"n", count(f.view.person + 1)}}), Align::centre);
  step("person.after", icon::kChevronRight, x + 38 + w, 1, words("bells.after"));
  return x + 70 + w;
}

}  // namespace mid::ui
