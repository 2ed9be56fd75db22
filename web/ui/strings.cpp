#include "strings.hpp"

#include <map>

#include "mid/base/text.hpp"

namespace mid::ui {
namespace {

std::string spoken = "en";

/// Letters with accents, a third more of them, nothing changed inside {holes}; **strong** stays strong.
std::string accented(std::string_view text) {
  static const std::map<char, std::string_view> kAccents{{'a', "á"}, {'e', "é"}, {'i', "í"}, {'o', "ö"}, {'u', "ü"}, {'A', "Å"}, {'E', "É"}, {'O', "Ø"}, {'n', "ñ"}, {'c', "ç"}, {'y', "ý"}};
  std::string out;
  int letters = 0;
  bool hole = false;
  for (const char c : text) {
    hole = c == '{' || (hole && c != '}');
    const auto accent = kAccents.find(c);
    if (!hole && c != '}' && accent != kAccents.end()) out += accent->second;
    else out += c;
    // Long words grow where they stand, so that lines break as those of a translation would.
    if (!hole && accent != kAccents.end() && ++letters % 2 == 0) out += accent->second;
  }
  return out;
}

std::optional<std::string_view> found(std::string_view key) {
  const auto text = find_text(key, text_language());
  if (!text || spoken != kPseudo) return text;
  static std::map<std::string_view, std::string> all;
  auto& made = all[*text];
  if (made.empty()) made = accented(*text);
  return made;
}

}  // namespace

void set_language(std::string_view code) {
  if (find_language(code) || code == kPseudo) spoken = code;
}
const std::string& language() { return spoken; }
const Language& spoken_language() { return *find_language(text_language()); }
std::string_view text_language() { return spoken == kPseudo ? "en" : std::string_view(spoken); }

std::string_view words(std::string_view key) { return found(key).value_or(key); }

std::string localised(std::string number) {
  if (const auto point = number.find('.'); point != std::string::npos) number[point] = spoken_language().decimal_sign;
  return number;
}

std::string words(std::string_view key, std::initializer_list<std::pair<std::string_view, std::string>> values) {
  return filled(words(key), values);
}

std::string unit_words(const std::string& unit) { return std::string(found("unit." + unit).value_or(unit)); }

std::string value_words(const std::string& value) { return std::string(found("data_value." + value).value_or(value)); }

std::string said(const Message& message) { return printable(message.in(text_language())); }

std::optional<std::string_view> story_text(std::string_view story, std::string_view key) {
  const auto of = [&](const std::string& whose) { return found(whose + "." + std::string(key)); };
  const std::string own(story);
  if (const auto text = of(own)) return text;
  if (own.starts_with("other-")) {
    for (const std::string& whose : {std::string("other"), "own-" + own.substr(6), std::string("own")})
      if (const auto text = of(whose)) return text;
    return std::nullopt;
  }
  return own.starts_with("own-") ? of("own") : std::nullopt;
}

std::string_view story_words(std::string_view story, std::string_view key) {
  const auto text = story_text(story, key);
  return text ? *text : words(key);
}

std::string story_words(std::string_view story, std::string_view key,
                        std::initializer_list<std::pair<std::string_view, std::string>> values) {
  return filled(story_words(story, key), values);
}

}  // namespace mid::ui
