#include "ui/strings.hpp"

#include <map>

#include "mid/base/text.hpp"

namespace mid::ui {
namespace {

std::string wished = "en";
std::string spoken = "en";  // the last chosen one whose texts were there

/// Letters with accents, a third more of them, nothing changed inside {holes}; **strong** stays strong.
std::string accented(std::string_view text) {
  static const std::map<char, std::string_view> kAccents{{'a', "á"}, {'e', "é"}, {'i', "í"}, {'o', "ö"}, {'u', "ü"}, {'A', "Å"},
                                                         {'E', "É"}, {'O', "Ø"}, {'n', "ñ"}, {'c', "ç"}, {'y', "ý"}};
  std::string out;
  int letters = 0;
  bool hole = false;
  for (const char c : text) {
    hole = c == '{' || (hole && c != '}');
    const auto accent = kAccents.find(c);
    if (!hole && c != '}' && accent != kAccents.end())
      out += accent->second;
    else
      out += c;
    // Long words grow where they stand, so that lines break as those of a translation would.
    if (!hole && accent != kAccents.end() && ++letters % 2 == 0) out += accent->second;
  }
  return out;
}

}  // namespace

void set_language(std::string_view code) {
  if (find_language(code) || code == kPseudo) wished = code;
}
const std::string& language() { return wished; }
const Language& spoken_language() { return *find_language(text_language()); }
std::string_view text_language() {
  if (wished == kPseudo)
    spoken = "en";
  else if (has_texts(*find_language(wished)))
    spoken = wished;
  return spoken;
}
std::string_view missing_language() {
  return wished == kPseudo || text_language() == wished ? std::string_view() : std::string_view(wished);
}

std::optional<std::string_view> own_words(std::string_view key) {
  const auto text = find_text(key, text_language());
  if (!text || wished != kPseudo) return text;
  static std::map<std::string_view, std::string> all;
  auto& made = all[*text];
  if (made.empty()) made = accented(*text);
  return made;
}

std::string_view words(std::string_view key) { return own_words(key).value_or(key); }

std::string localised(std::string number) { return with_signs(std::move(number), spoken_language()); }

std::string words(std::string_view key, std::initializer_list<std::pair<std::string_view, std::string>> values) {
  return filled(words(key), values);
}

std::string unit_words(const std::string& unit) { return std::string(own_words("unit." + unit).value_or(unit)); }

std::string value_words(const std::string& value) { return std::string(own_words("data_value." + value).value_or(value)); }

std::string said(const Message& message) { return printable(message.in(text_language())); }

std::optional<std::string_view> story_text(std::span<const std::string> texts, std::string_view key) {
  for (const std::string& beginning : texts)
    if (const auto text = own_words(beginning + "." + std::string(key))) return text;
  return std::nullopt;
}

std::string_view story_words(std::span<const std::string> texts, std::string_view key) {
  return story_text(texts, key).value_or(words(key));
}

}  // namespace mid::ui
