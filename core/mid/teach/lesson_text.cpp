// What a lesson says: figures in its sentences, and what a step promised beside what was seen.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "mid/base/error.hpp"
#include "mid/base/language.hpp"
#include "mid/report/words.hpp"
#include "mid/teach/lesson.hpp"

namespace mid {
namespace {

std::string number(double x, std::string_view unit, std::string_view language, bool difference) {
  std::string out;
  if (unit == "proportion") {
    const double percent = std::fabs(100 * x);
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", percent < 9.95 ? 1 : 0, percent);
    out = text;
    if (out.ends_with(".0")) out.resize(out.size() - 2);
    if (const Language* l = find_language(language)) out = with_signs(out, *l);
  } else {
    out = number_words(std::fabs(x), unit, language);
  }
  const bool zero = out.find_first_not_of("0.,") == std::string::npos;
  if (x < 0 && !zero) return "\u2212" + out;
  return difference && !zero ? "+" + out : out;
}

/// Behind a number, with its space.
std::string unit_behind(const Expectation& e, std::string_view language) {
  const std::string_view unit = e.unit == "proportion" && e.than ? text_of("lesson.points", language)
                                : e.unit == "bits"               ? text_of("bits", language)
                                                                 : unit_words(e.unit);
  return unit.empty() ? "" : "\u00a0" + std::string(unit);
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

std::string Words::in(std::string_view language) const {
  if (const auto at = own.find(language); at != own.end()) return at->second;
  if (const auto text = own_text(key, language)) return std::string(*text);
  const auto english = own.find("en");
  return english == own.end() ? std::string() : english->second;
}

std::string lesson_text(const Lesson& lesson, std::size_t here, const Words& text, std::string_view language, const Played& played) {
  return fill_holes(text.in(language), [&](std::string_view name) { return place(lesson, here, std::string(name), language, played); });
}

std::string expectation_name(const Expectation& e, std::string_view language) {
  // In sentences a figure may have other words than in a table of results, where some lean on the row above.
  auto name = find_text("lesson.measure." + e.measure, language);
  if (!name) name = find_text("measure." + e.measure, language);
  const std::string plain(name.value_or(e.measure));
  if (!e.than) return plain;
  return filled(text_of("lesson.than", language), {{"name", plain}, {"n", std::to_string(*e.than + 1)}});
}

std::string expectation_range(const Expectation& e, std::string_view language) {
  const auto value = [&](double x) { return number(x, e.unit, language, e.than.has_value()); };
  const auto said = [&](const char* key, double x) {
    return filled(text_of(key, language), {{"value", value(x)}}) + unit_behind(e, language);
  };
  if (!e.high) return said("lesson.at_least", *e.low);
  if (!e.low) return said("lesson.at_most", *e.high);
  if (value(*e.low) == value(*e.high)) return value(*e.low) + unit_behind(e, language);
  return filled(text_of("lesson.range", language), {{"low", value(*e.low)}, {"high", value(*e.high)}}) + unit_behind(e, language);
}

std::string expectation_value(const Expectation& e, double x, std::string_view language) {
  return number(x, e.unit, language, e.than.has_value()) + unit_behind(e, language);
}

}  // namespace mid
