#include "mid/report/slide.hpp"

#include <algorithm>

#include "mid/base/language.hpp"
#include "mid/base/text.hpp"
#include "mid/release/release_kind.hpp"
#include "mid/report/words.hpp"
#include "mid/version.hpp"

namespace mid::slide {
namespace {

constexpr const char* kThinSpace = "\u202f";

/// The share of a bar that a measure fills.
double filled(const std::optional<double>& x) { return x ? std::clamp(*x, 0.0, 1.0) : 0; }

std::string kind_of(const Json& entry) {
  return entry.is_object() && entry.contains("kind") && entry.at("kind").is_string() ? entry.at("kind").get<std::string>() : "none";
}

const Json& section(const Json& spec, const char* key) {
  static const Json none;
  return spec.is_object() && spec.contains(key) ? spec.at(key) : none;
}

/// What is released, where that is not the plain answer.
std::string release_words(const Json& release) {
  if (!release.is_object()) return {};
  const bool inside = release.contains("of") && release.at("of") == "embedding";
  if (leaves_answers(release)) return inside ? "the numbers inside" : "";
  const std::string treatment = treatment_words(release);
  if (const ReleaseKind* kind = release_in(release); kind && kind->label_alone) return treatment;
  return (inside ? "the numbers inside, " : "the answer, ") + treatment;
}

}  // namespace

void card(Painter& p, double x, double y, double w, double h) {
  constexpr double kGrown[] = {9, 6, 3, 1.5}, kDown[] = {8, 5, 3, 1.5};
  for (int i = 0; i < 4; ++i)
    p.box(x - kGrown[i], y - kGrown[i] + kDown[i], w + 2 * kGrown[i], h + 2 * kGrown[i], Colour::hex(0), 18 + kGrown[i], .02);
  p.box(x, y, w, h, kSurface, 18);
}

void head(Painter& p, double x, double y, std::string_view question, std::string_view beneath) {
  p.text(x, y + 30, question, kTitle, Weight::semibold, kInk);
  p.text(x, y + 66, beneath, kNote, Weight::regular, kInk2);
}

void number(Painter& p, double x, double y, double w, std::string_view words, const Measure& m, std::string_view baseline_words,
            Colour role) {
  double end = p.text(x, y + 86, number_words(m.value, m.unit), kNumber, Weight::semibold, role);
  if (m.value && !unit_words(m.unit).empty()) end = p.text(end + 8, y + 86, unit_words(m.unit), kLabel, Weight::semibold, role);
  const double left = std::max(x + 260, end + kPadding), width = x + w - left;
  p.text(left, y + 28, words, kBody, Weight::medium, kInk);
  if (m.unit == "proportion") {
    p.box(left, y + 50, width, 15, kTrack, 7.5);
    if (filled(m.value) > 0) p.box(left, y + 50, std::max(15.0, width * filled(m.value)), 15, role, 7.5);
    if (m.baseline) p.box(left + width * filled(m.baseline) - 1.5, y + 45, 3, 25, kInk);
  }
  std::string note;
  if (m.baseline)
    note = std::string(baseline_words) + " " + number_words(m.baseline, m.unit) + kThinSpace + std::string(unit_words(m.unit));
  if (m.low && m.high)
    note += (note.empty() ? "" : "   ·   ") + std::string("95") + kThinSpace + "% interval " + number_words(m.low, m.unit) + " to " +
            number_words(m.high, m.unit) + kThinSpace + std::string(unit_words(m.unit));
  double at = left;
  if (m.baseline) {
    p.box(left, y + 86, 3, 20, kInk);
    at += 14;
  }
  p.text(at, y + 103, note, kNote, Weight::regular, kInk2);
}

void numbers(Painter& p, double x, double y, double w, const Result& result, Words model, Words attacker) {
  card(p, x, y, w, kNumberCard);
  const double half = w / 2;
  p.box(x + half, y + kPadding, 1, kNumberCard - 2 * kPadding, kLine);
  const auto one = [&](double left, const std::map<std::string, Measure>& measures, const Words& words, Colour role) {
    const auto at = measures.find(std::string(words.measure));
    const Measure none{.unit = "proportion"};
    number(p, left, y + kPadding, half - 2 * kPadding, words.words, at == measures.end() ? none : at->second, words.baseline, role);
  };
  one(x + kPadding, result.utility, model, kModel);
  one(x + half + kPadding, result.privacy, attacker, kAttack);
}

void foot(Painter& p, double y, std::string_view credit, const Result& result) {
  constexpr double kSmall = kNote - 2;
  const std::string run = "midlab " + std::string(kVersion) + ", run " + result.id;
  const double end = p.text(kMargin, y, credit, kSmall, Weight::regular, kInk3);
  // The credit is owed; the run's name stands there if there is room.
  if (end + kMargin + p.text_width(run, kSmall, Weight::regular) < p.width() - kMargin)
    p.text(p.width() - kMargin, y, run, kSmall, Weight::regular, kInk3, Align::right);
}

std::string defence_line(const Json& spec) {
  const Json& defence = section(spec, "defense");
  std::string line;
  if (const std::string kind = kind_of(defence); kind == "none") {
    line = entry_name("defense", kind);
  } else {
    line = "Defence " + entry_name("defense", kind);
    if (defence.contains("also"))
      line =
          mid::filled(text_of("defense.combined", "en"), {{"first", line}, {"second", entry_name("defense", kind_of(defence.at("also")))}});
    for (const char* key : {"beta", "lambda"})
      if (defence.contains(key) && defence.at(key).is_number()) line += ", strength " + setting_words(key, defence.at(key));
  }
  if (const std::string release = release_words(section(spec, "release")); !release.empty()) line += ".  Released: " + release;
  return line;
}

std::string attack_line(const Json& spec, const std::string& of) {
  const Json& attack = section(spec, "attack");
  const std::string kind = spaced(kind_of(attack));
  if (of.empty()) return "Attacker: " + kind;  // nobody's answer is asked
  const int repeats =
      attack.is_object() && attack.contains("repeats") && attack.at("repeats").is_number_integer() ? attack.at("repeats").get<int>() : 1;
  return "Attacker: " + kind + ", " + (repeats == 1 ? "one answer " + of : std::to_string(repeats) + " answers " + of + ", averaged");
}

}  // namespace mid::slide
