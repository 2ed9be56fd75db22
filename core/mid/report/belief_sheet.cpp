#include <algorithm>
#include <array>
#include <cmath>

#include "mid/measure/classification.hpp"
#include "mid/report/chart.hpp"
#include "mid/report/contact_sheet.hpp"
#include "mid/report/slide.hpp"
#include "mid/report/words.hpp"

namespace mid {
namespace {

using namespace slide;

constexpr int kColumns = 50, kMostPeople = 1000;
constexpr int kCell = 14, kStep = 17;      // a person's square, and its distance to the next
constexpr int kBells = 920, kPanel = 242;  // width of the bells, height of one person's
constexpr int kStageBody = 2 * kPanel + 28;

/// What became of each person: the page's words for them, too.
enum class Fate { known_before, only_by_model, wrong };

struct People {
  std::vector<Fate> fates;
  VectorXi guess_before, guess_after;
  int count(Fate f) const { return static_cast<int>(std::count(fates.begin(), fates.end(), f)); }
};

People judge(const BeliefSheet& sheet) {
  People people;
  const MatrixD before = sheet.before.array().log();
  people.guess_before = guesses(before, before);
  people.guess_after = guesses(sheet.after.array().log(), before);
  for (Eigen::Index i = 0; i < std::min<Eigen::Index>(sheet.truth.size(), kMostPeople); ++i)
    people.fates.push_back(people.guess_after[i] != sheet.truth[i]    ? Fate::wrong
                           : people.guess_before[i] == sheet.truth[i] ? Fate::known_before
                                                                      : Fate::only_by_model);
  return people;
}

void person_square(Painter& p, double x, double y, Fate fate) {
  if (fate == Fate::known_before) p.box(x, y, kCell, kCell, kTrack, 3);
  if (fate == Fate::only_by_model) p.box(x, y, kCell, kCell, kAttack, 3);
  if (fate == Fate::wrong) p.frame(x, y, kCell, kCell, kEdge, 1.5, 3);
}

void draw_grid(Painter& p, double x, double y, const People& people) {
  for (std::size_t i = 0; i < people.fates.size(); ++i)
    person_square(p, x + static_cast<double>(i % kColumns) * kStep, y + static_cast<double>(i / kColumns) * kStep, people.fates[i]);
  double line = y + std::ceil(static_cast<double>(people.fates.size()) / kColumns) * kStep + 26;
  for (const auto& [fate, words] :
       {std::pair{Fate::known_before, "named right, and guessed right without the model"},
        std::pair{Fate::only_by_model, "named right only thanks to the model"}, std::pair{Fate::wrong, "named wrong"}}) {
    person_square(p, x, line - kCell + 1, fate);
    p.text(x + 84, line, std::to_string(people.count(fate)), kNote, Weight::semibold, fate == Fate::only_by_model ? kAttack : kInk,
           Align::right);
    p.text(x + 94, line, words, kNote, Weight::regular, kInk2);
    line += 30;
  }
}

/// What the two bells are, where the eye ends.
void explain_bells(Painter& p, double x, double baseline) {
  p.text(x, baseline - 26, "Bells: how likely each answer would be for this person, were the", kNote - 2, Weight::regular, kInk3);
  p.text(x, baseline, "secret the one or the other. Axis: the model’s answer as log-odds.", kNote - 2, Weight::regular, kInk3);
}

/// Where a logit stands in a person's panel.
struct Axis {
  double left, width, low, high;
  double x(double logit) const { return left + width * (logit - low) / (high - low); }
  double logit(double x) const { return low + (high - low) * (x - left) / width; }
};

Axis axis_of(const BeliefSheet& sheet, int person, double left, double width) {
  double low = sheet.answer[person], high = low;
  for (int v = 0; v < 2; ++v) {
    low = std::min(low, sheet.conditional_mean(person, v) - 3.2 * sheet.conditional_sd(person, v));
    high = std::max(high, sheet.conditional_mean(person, v) + 3.2 * sheet.conditional_sd(person, v));
  }
  const double pad = high > low ? .18 * (high - low) : 1;
  return {left, width, low - pad, high + pad};
}

void draw_bell(Painter& p, const Axis& axis, double base, double height, double mean, double sd, Colour c) {
  if (sd / (axis.high - axis.low) < 2e-3) {  // no noise: a spike
    p.line(axis.x(mean), base - height, axis.x(mean), base, c, 4);
    return;
  }
  std::vector<double> tops;
  for (int i = 0; i < static_cast<int>(axis.width); ++i) {
    const double z = (axis.logit(axis.left + i + .5) - mean) / sd;
    tops.push_back(base - height * std::exp(-z * z / 2));
  }
  p.area(static_cast<int>(axis.left), tops, base, c, .16);
  for (std::size_t i = 0; i + 1 < tops.size(); ++i)
    if (tops[i] < base - .3 || tops[i + 1] < base - .3)
      p.line(axis.left + static_cast<double>(i) + .5, tops[i], axis.left + static_cast<double>(i) + 1.5, tops[i + 1], c, 2.5);
}

std::string belief_words(const BeliefSheet& sheet, const MatrixD& belief, int person, int guess) {
  return sheet.values[static_cast<std::size_t>(guess)] + " (" + number_words(belief(person, guess), "proportion") + "\u202f%)";
}

void draw_person(Painter& p, double x, double y, const BeliefSheet& sheet, const People& people, int person) {
  const std::string truth = sheet.values[static_cast<std::size_t>(sheet.truth[person])];
  double end = p.text(x, y + 20, "Person " + std::to_string(person + 1) + ": " + truth, kBody, Weight::semibold, kInk);
  p.text(end + 18, y + 20,
         "guess without the model: " + belief_words(sheet, sheet.before, person, people.guess_before[person]) +
             ", with it: " + belief_words(sheet, sheet.after, person, people.guess_after[person]),
         kNote, Weight::regular, kInk2);

  const Axis axis = axis_of(sheet, person, x, kBells);
  const double base = y + kPanel - 34, tallest = kPanel - 34 - 66;
  // Both bells hold the same area, so the narrower one is taller.
  const double sds[] = {sheet.conditional_sd(person, 0), sheet.conditional_sd(person, 1)};
  const double least = std::min(sds[0], sds[1]);
  const bool first_is_left = sheet.conditional_mean(person, 0) <= sheet.conditional_mean(person, 1);
  for (int v = 0; v < 2; ++v) {
    const Colour c = v == 0 ? kInk2 : kAttack;
    const double height = least > 0 ? tallest * least / sds[v] : tallest, mean = sheet.conditional_mean(person, v);
    draw_bell(p, axis, base, height, mean, sds[v], c);
    const bool on_left = (v == 0) == first_is_left;
    const double away = std::max(12.0, .45 * axis.width * sds[v] / (axis.high - axis.low));
    p.text(axis.x(mean) + (on_left ? -away : away), base - height + 4, "if " + sheet.values[static_cast<std::size_t>(v)], kNote,
           Weight::medium, c, on_left ? Align::right : Align::left);
  }
  p.line(x, base, x + kBells, base, kEdge, 1.5);
  for (double tick : nice_ticks(axis.low, axis.high, 5)) {
    p.line(axis.x(tick), base, axis.x(tick), base + 6, kEdge, 1.5);
    p.text(axis.x(tick), base + 27, tick_words(tick), kNote - 2, Weight::regular, kInk3, Align::centre);
  }
  const double answer = axis.x(sheet.answer[person]);
  for (double at = y + 38; at < base - 2; at += 9) p.line(answer, at, answer, std::min(at + 4, base), kInk, 2);
  p.text(answer + 8, y + 46, "the answer", kNote - 2, Weight::medium, kInk);
}

/// Two people worth a look: one whom only the model gave away, if there is one, and another.
std::array<int, 2> chosen_people(const People& people) {
  const auto first_of = [&](Fate f) {
    return static_cast<int>(std::find(people.fates.begin(), people.fates.end(), f) - people.fates.begin());
  };
  const int n = static_cast<int>(people.fates.size());
  const int given_away = first_of(Fate::only_by_model) % n;  // past the end: the first person
  const int wrong = first_of(Fate::wrong), known = first_of(Fate::known_before);
  const int other = known < n && known != given_away ? known : wrong < n && wrong != given_away ? wrong : (given_away + 1) % n;
  return {given_away, other};
}

std::string secret_name(const Json& spec) {
  const Json data = spec.is_object() ? spec.value("data", Json::object()) : Json::object();
  return data.is_object() && data.contains("sensitive") && data["sensitive"].is_string() ? data["sensitive"].get<std::string>()
                                                                                         : "the secret";
}

}  // namespace

std::string belief_sheet_png(const BeliefSheet& sheet, const Result& result, const Fonts& fonts, double scale) {
  const People people = judge(sheet);
  const bool bells = sheet.values.size() == 2 && sheet.conditional_mean.rows() == sheet.truth.size() && sheet.answer.size() > 0;
  const int grid = kColumns * kStep, between = 64, least = 1640;
  const int card_width = std::max(least, 2 * kPadding + grid + (bells ? kBells + between : 0));
  const int stage = kPadding + kHeadHeight + kStageBody + 16;
  const int height = kMargin + stage + kGap + kNumberCard + 58;
  Painter p(card_width + 2 * kMargin, height, kPage, fonts, scale);

  card(p, kMargin, kMargin, card_width, stage);
  const int left = kMargin + kPadding, top = kMargin + kPadding + kHeadHeight;
  head(p, left, kMargin + kPadding, "Does the model’s answer give away “" + secret_name(result.spec) + "”?",
       defence_line(result.spec) + ".  " + attack_line(result.spec, "a person") + ", knowing all else about the person.");
  if (bells) {
    double y = top;
    for (int person : chosen_people(people)) {
      draw_person(p, left, y, sheet, people, person);
      y += kPanel + 28;
    }
    explain_bells(p, left + kBells + between, top + kStageBody - 7);
  }
  draw_grid(p, bells ? left + kBells + between : left, top + 4, people);

  numbers(p, kMargin, kMargin + stage + kGap, card_width, result, {"accuracy", "Right answers of the model", "guessing"},
          {"attack_accuracy", "Secrets named right", "without the model"});
  foot(p, height - 24, sheet.credit, result);
  return p.png();
}

}  // namespace mid
