#include "ui/number_bars.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/figures.hpp"

namespace mid::ui {
namespace {

constexpr double kSteps = 5;         // of ten, from the foot of the bars to a confidence of 1
constexpr float kHead = 20;          // the line above the bars
constexpr double kWidestSigned = 3;  // sd of a number inside that fill half the height

/// 0 to 1 of a confidence; -1 to 1 of a number inside.
float height_of(const AnswerSheet& answers, double value) {
  if (answers.inside) return static_cast<float>(std::clamp(value / kWidestSigned, -1., 1.));
  return value > 0 ? static_cast<float>(std::clamp(1 + std::log10(value) / kSteps, .02, 1.)) : 0;
}

void hatch(Paint& p, Box box, ImU32 colour) {
  constexpr float kApart = 7;
  p.clip(box);
  for (float x = box.x - box.h; x < box.right(); x += kApart) p.line(x, box.bottom(), x + box.h, box.y, colour);
  p.unclip();
}

std::string small_percent(double share) { return share > 0 && share < .0005 ? "< " + localised("0.1") + "\u00a0%" : percent(share); }

}  // namespace

const AnswerSheet* answers_of(const Shown* shown) {
  return shown && shown->sheet && shown->sheet->answers.numbers > 0 ? &shown->sheet->answers : nullptr;
}

const Shown& numbers_shown(const PageModel& model, const View& view) {
  const Choice& choice = model.choice();
  const Shown* best = &model.runs().shown();
  if (!view.dragging || !best->sheet) return *best;
  const float here = place_of(choice.stops(), choice.strength());
  float nearest = std::numeric_limits<float>::infinity();
  for (const Shown* s : model.runs().finished()) {
    const Choice::Place at = choice.place_in(s->spec());
    if (at.rival != choice.rival() || !answers_of(s) || s->sheet->names != best->sheet->names) continue;
    if (const float away = std::fabs(place_of(choice.stops(), at.strength) - here); away < nearest) nearest = away, best = s;
  }
  return *best;
}

int chosen_row(const Frame& f) {
  const int column = std::min(f.view.column, f.pictures.columns() - 1);
  return column < 0 ? -1 : f.pictures.picked(column);
}

std::span<const double> numbers_of(const AnswerSheet& answers, int row) {
  const auto n = static_cast<std::size_t>(answers.numbers);
  return std::span(answers.value).subspan(n * static_cast<std::size_t>(row), n);
}

bool has_numbers(const PageModel& model) { return has_theatre(model) && answers_of(&model.runs().shown()); }

void number_bars(Frame& f, Box box, const std::string& id, const AnswerSheet& answers, int row, std::string_view head, bool stale,
                 int named) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  if (box.w <= 0 || row < 0) return;
  const bool under = f.layout.kind == Layout::Kind::phone;  // the line stands under the bars
  const ImU32 colour = stale ? t.ink3 : t.model;
  p.text(box.x, under ? box.bottom() - 6 : box.y + 12, kNote, stale ? t.ink2 : t.model, p.fitting(kNote, head, box.w));
  const Box bars = under ? Box{box.x, box.y + 2, box.w, box.h - kHead - 2} : Box{box.x, box.y + kHead, box.w, box.h - kHead - 1};
  const auto values = numbers_of(answers, row);
  const auto n = static_cast<float>(values.size());
  const float pitch = bars.w / n, w = std::max(pitch * .75f, pitch - 2), foot = answers.inside ? bars.middle_y() : bars.bottom();
  const auto largest =
      static_cast<std::size_t>(std::max_element(values.begin(), values.end(),
                                                [&](double a, double b) { return answers.inside ? std::fabs(a) < std::fabs(b) : a < b; }) -
                               values.begin());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float x = bars.x + pitch * static_cast<float>(i);
    if (answers.partly && values[i] <= 0) {
      hatch(p, {x, bars.y, pitch, bars.h}, t.track);
      continue;
    }
    const float h = f.motion.to(id + std::to_string(i), height_of(answers, values[i]), .25) * (answers.inside ? bars.h / 2 : bars.h);
    const Box bar = h >= 0 ? Box{x, foot - h, w, h} : Box{x, foot, w, -h};
    if (bar.h > 0) p.fill(bar, i == largest ? colour : mixed(t.surface, colour, .55f), pitch > 8 ? 2.f : 0.f);
  }
  p.line(bars.x, foot, bars.right(), foot, t.edge);
  if (named >= 0 && named < answers.numbers)
    p.stroke({bars.x + pitch * static_cast<float>(named) - 2, bars.y - 1, w + 4, bars.h + 2}, t.ink, 2, 2);
}

std::string spread_words(const AnswerSheet& answers, int row, bool brief) {
  if (answers.inside) return words("numbers.inside", {{"n", count(answers.numbers)}});
  const double spread = answers.spread.empty() ? 0 : answers.spread[static_cast<std::size_t>(row)];
  const auto values = numbers_of(answers, row);
  const auto told = std::count_if(values.begin(), values.end(), [](double v) { return v > 0; });
  if (told == 0) return std::string(words("numbers.nothing"));
  if (answers.partly && told == 1) return std::string(words("numbers.label"));
  // Three digits at most: 1.04, 3.2, 12.
  const std::string n = spread < 9.95 ? localised(of_ten(spread / 10)) : std::to_string(std::lround(spread));
  if (brief) return words(n == "1" ? "numbers.spread.one.short" : "numbers.spread.short", {{"n", n}});
  return n == "1" ? std::string(words("numbers.spread.one")) : words("numbers.spread", {{"n", n}});
}

std::string number_words(const AnswerSheet& answers, int row, int number) {
  const double v = numbers_of(answers, row)[static_cast<std::size_t>(number)];
  if (answers.inside) return figure(v);
  return answers.partly && v <= 0 ? std::string(words("numbers.unsaid")) : small_percent(v);
}

std::string number_name(const PageModel& model, const AnswerSheet& answers, int number) {
  const std::string n = std::to_string(number + 1);
  if (answers.inside) return words("numbers.inside.one", {{"n", n}});
  return model.choice().says("numbers.one",
                             {{"n", n}, {"name", answers.names.empty() ? n : answers.names[static_cast<std::size_t>(number)]}});
}

std::string named_number(const PageModel& model, const AnswerSheet& answers, const AnswerSheet* plain, int row, int number) {
  const std::string name = number_name(model, answers, number), value = number_words(answers, row, number);
  if (!plain || plain->numbers != answers.numbers || plain->inside != answers.inside)
    return words("numbers.named", {{"name", name}, {"value", value}});
  return words("numbers.named.both", {{"name", name}, {"value", value}, {"plain", number_words(*plain, row, number)}});
}

}  // namespace mid::ui
