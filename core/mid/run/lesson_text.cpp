// What a lesson says: figures in its sentences, and what a step promised beside what was seen. English and German.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "mid/base/error.hpp"
#include "mid/report/words.hpp"
#include "mid/run/lesson.hpp"

namespace mid {
namespace {

constexpr std::array kGerman = std::to_array<MeasureWords>({
    {"accuracy", "richtige Antworten"},
    {"accuracy_train", "richtig bei denen, aus denen gelernt wurde"},
    {"within_20", "Dosen auf 20 % genau, vor dem Rauschen"},
    {"within_20_released", "Dosen auf 20 % genau"},
    {"nll", "Überraschung durch die Wahrheit"},
    {"line_up", "richtiges Bild unter 10"},
    {"attack_accuracy", "Geheimnisse richtig genannt"},
    {"attack_accuracy_answer", "Geheimnisse, wer die Antwort sieht"},
    {"advantage", "besser als Raten um"},
    {"correlation", "Ähnlichkeit der Form"},
    {"line_up_mean", "richtiges Bild unter 10, Rauschen herausgerechnet"},
    {"kl_bound", "höchstens verraten"},
    {"leaf_information", "vom Blatt verraten"},
    {"leaves", "Blätter"},
    {"attacker_limit", "öfter richtig liegt niemand"},
    {"calibration_error", "Zuversicht liegt daneben um"},
});
/// English where the tables of results have no words, or lean on the row above.
constexpr std::array kEnglish = std::to_array<MeasureWords>({
    {"accuracy_train", "right on records learnt from"},
    {"within_20", "doses within 20 %, before noise"},
    {"within_20_released", "doses within 20 %"},
    {"attack_accuracy_answer", "secrets, by who sees the answer"},
    {"line_up_mean", "right picture out of 10, noise out"},
    {"leaves", "leaves"},
});

std::string number(double x, std::string_view unit, std::string_view language, bool difference) {
  std::string out;
  if (unit == "proportion") {
    const double percent = std::fabs(100 * x);
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", percent < 9.95 ? 1 : 0, percent);
    out = text;
    if (out.ends_with(".0")) out.resize(out.size() - 2);
  } else {
    out = number_words(std::fabs(x), unit);
  }
  if (language == "de") std::ranges::replace(out, '.', ',');
  const bool zero = out.find_first_not_of("0.,") == std::string::npos;
  if (x < 0 && !zero) return "\u2212" + out;
  return difference && !zero ? "+" + out : out;
}

/// Behind a number, with its space.
std::string unit_behind(const Expectation& e, std::string_view language) {
  if (e.unit == "proportion" && e.than) return language == "de" ? "\u00a0Punkte" : "\u00a0points";
  if (language == "de" && e.unit == "bits") return "\u00a0Bit";
  const std::string_view unit = unit_words(e.unit);
  return unit.empty() ? "" : "\u00a0" + std::string(unit);
}

std::string found_in(std::span<const MeasureWords> all, std::string_view name) {
  for (const MeasureWords& w : all)
    if (w.name == name) return std::string(w.plain);
  return {};
}

/// The figure for "accuracy" or "accuracy:2".
std::string place(const Lesson& lesson, std::size_t here, const std::string& name, std::string_view language, const Played& played) {
  const auto colon = name.find(':');
  const std::string measure = name.substr(0, colon);
  std::size_t step = here;
  if (colon != std::string::npos) {
    const std::string digits = name.substr(colon + 1);
    if (digits.size() != 1 || digits[0] < '1' || digits[0] > '9') throw Error("{" + name + "}", "must name a step from 1 to 9");
    step = static_cast<std::size_t>(digits[0] - '1');
  }
  if (step < lesson.steps.size())
    for (const Expectation& e : lesson.steps[step].expect)
      if (e.measure == measure && !e.than && e.mean) {
        const std::optional<double> own = played ? played(step, e) : std::nullopt;
        return number(own.value_or(*e.mean), e.unit, language, false) + unit_behind(e, language);
      }
  throw Error("{" + name + "}", "stands for no figure that was measured; name one that its step expects, and run docs/write_lessons.py");
}

}  // namespace

std::string lesson_text(const Lesson& lesson, std::size_t here, const Words& text, std::string_view language, const Played& played) {
  const std::string& from = text.in(language);
  std::string out;
  std::size_t at = 0;
  for (std::size_t open; (open = from.find('{', at)) != std::string::npos;) {
    const auto close = from.find('}', open);
    if (close == std::string::npos) break;
    out += from.substr(at, open - at) + place(lesson, here, from.substr(open + 1, close - open - 1), language, played);
    at = close + 1;
  }
  return out + from.substr(at);
}

std::string expectation_name(const Expectation& e, std::string_view language) {
  std::string name;
  if (language == "de") name = found_in(kGerman, e.measure);
  if (name.empty()) name = found_in(kEnglish, e.measure);
  if (name.empty()) name = plain_words(e.measure);
  if (name.empty()) name = e.measure;
  if (e.than) name += (language == "de" ? ", gegen Schritt " : ", against step ") + std::to_string(*e.than + 1);
  return name;
}

std::string expectation_range(const Expectation& e, std::string_view language) {
  const bool german = language == "de", difference = e.than.has_value();
  const auto value = [&](double x) { return number(x, e.unit, language, difference); };
  if (!e.high) return (german ? "mindestens " : "at least ") + value(*e.low) + unit_behind(e, language);
  if (!e.low) return (german ? "höchstens " : "at most ") + value(*e.high) + unit_behind(e, language);
  if (value(*e.low) == value(*e.high)) return value(*e.low) + unit_behind(e, language);
  return value(*e.low) + (german ? " bis " : " to ") + value(*e.high) + unit_behind(e, language);
}

std::string expectation_value(const Expectation& e, double x, std::string_view language) {
  return number(x, e.unit, language, e.than.has_value()) + unit_behind(e, language);
}

}  // namespace mid
