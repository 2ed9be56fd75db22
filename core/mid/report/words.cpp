#include "mid/report/words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "mid/base/language.hpp"
#include "mid/base/param.hpp"
#include "mid/base/text.hpp"
#include "mid/measure/figure.hpp"
#include "mid/release/release_kind.hpp"

namespace mid {
namespace {

std::string printed(const char* format, double x) {
  char text[40];
  std::snprintf(text, sizeof text, format, x);
  return text;
}

/// Three significant digits without an exponent where a person would not write one.
std::string significant(double x) {
  const double size = std::abs(x);
  if (size == 0) return "0";
  if (size < 1e-3 || size >= 1e6) return printed("%.2e", x);
  const int decimals = std::max(0, 2 - static_cast<int>(std::floor(std::log10(size))));
  return printed(("%." + std::to_string(std::min(decimals, 4)) + "f").c_str(), x);
}

/// A value of the specification without JSON's quotes.
std::string value_words(const Json& value) { return value.is_string() ? value.get<std::string>() : shown(value); }

/// The same without JSON's ".0".
std::string plain_number(const Json& value) { return value.is_number_float() ? printed("%.10g", value.get<double>()) : value_words(value); }

}  // namespace

std::string_view plain_words(std::string_view name) { return find_text("measure." + std::string(name), "en").value_or(""); }

std::string_view baseline_words(std::string_view name) {
  const FigureKind* kind = figure_kind(name);
  return text_of(kind && !kind->baseline.empty() ? kind->baseline : "baseline.other", "en");
}

std::string setting_words(const std::string& key, const Json& value) {
  const std::string number = plain_number(value);
  for (const auto& [name, symbol] : {std::pair{"beta", "β"}, {"lambda", "λ"}, {"epsilon", "ε"}, {"sigma", "σ"}})
    if (key == name) return std::string(symbol) + " = " + number;
  if (key == "decimals") return number + (value == 1 ? " decimal" : " decimals");
  return spaced(key) + " " + number;
}

std::string treatment_words(const Json& release) {
  if (leaves_answers(release)) return {};
  const ReleaseKind* kind = release_in(release);
  if (!kind || !kind->words.set) return entry_words(release);
  bool unset = false;
  const std::string words = fill_holes(kind->words.set, [&](std::string_view name) {
    const std::string key(name);
    if (!release.contains(key)) return unset = true, std::string();
    return key == "decimals" ? setting_words(key, release.at(key)) : plain_number(release.at(key));
  });
  return unset ? kind->words.unset : words;
}

std::string number_words(const std::optional<double>& x, std::string_view unit, std::string_view language) {
  if (!x || !std::isfinite(*x)) return "–";
  const Language* spoken = find_language(language);
  if (unit != "proportion") return with_signs(significant(*x), spoken ? *spoken : languages()[0]);
  const std::string text = printed("%.1f", 100 * *x);
  return text == "-0.0" ? "0.0" : text;
}

std::string_view unit_words(std::string_view unit) { return unit == "proportion" ? "%" : unit; }

std::string entry_name(std::string_view section, std::string_view kind,
                       const std::function<std::optional<std::string_view>(std::string_view)>& text) {
  for (const char* part : {".short", ".title"}) {
    const std::string key = std::string(section) + "." + std::string(kind) + part;
    if (const auto found = text ? text(key) : find_text(key, "en")) return std::string(*found);
  }
  return spaced(std::string(kind));
}

std::string entry_words(const Json& entry) {
  if (!entry.is_object()) return {};
  std::string name, details;
  for (const auto& [key, value] : entry.items()) {
    if (key == "kind" || key == "name" || key == "csv" || key == "file") {
      if (!value.is_null()) name = value_words(value);
    } else if (!value.is_null() && !value.is_object()) {
      details += (details.empty() ? "" : ", ") + key + " " + value_words(value);
    }
  }
  if (!details.empty()) name += " (" + details + ")";
  if (!entry.contains("also")) return name;
  return filled(text_of("defense.combined", "en"), {{"first", name}, {"second", entry_words(entry["also"])}});
}

std::string experiment_words(const Json& spec) {
  const auto part = [&](const char* key) { return spec.is_object() && spec.contains(key) ? spec.at(key) : Json(); };
  // The data set and the model by name alone: their settings fill lines and stand in the specification.
  const auto name_of = [&](const char* key) {
    const Json entry = part(key);
    for (const char* k : {"name", "csv", "kind", "file"})
      if (entry.is_object() && entry.contains(k) && entry.at(k).is_string()) return entry.at(k).get<std::string>();
    return std::string();
  };
  std::string out;
  const auto add = [&](const std::string& text) {
    if (!text.empty()) out += (out.empty() ? "" : ", ") + text;
  };
  add(name_of("data"));
  add(name_of("model"));
  if (const std::string d = entry_words(part("defense")); !d.empty()) add(d == "none" ? "no defence" : "defence " + d);
  if (const std::string r = entry_words(part("release")); !r.empty() && !leaves_answers(part("release"))) add("release " + r);
  if (const std::string a = name_of("attack"); !a.empty()) add(a == "none" ? "no attack" : "attack " + a);
  if (const Json control = part("control"); control.is_string() && control != "none") add("null control " + control.get<std::string>());
  if (const Json seed = part("seed"); seed.is_number()) add("seed " + seed.dump());
  return out;
}

int text_width(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace mid
