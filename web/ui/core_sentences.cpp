// Another language for the sentences with which the core refuses what a visitor can set, drop or choose on the page. A sentence that
// has no "refusal.…" in core/teach/texts (from files of models, from the command line) stays English.
#include <string>
#include <vector>

#include "strings.hpp"

namespace mid::ui {
namespace {

/// What the holes {1}, {2}, ... of `pattern` stand for in `text`; each as short as can be, but the last. False: it does not match.
bool matches(std::string_view text, std::string_view pattern, std::vector<std::string_view>& found) {
  constexpr std::size_t kHole = 3;
  found.clear();
  auto hole = pattern.find('{');
  if (hole == pattern.npos) return text == pattern;
  if (!text.starts_with(pattern.substr(0, hole))) return false;
  text.remove_prefix(hole);
  for (pattern.remove_prefix(hole + kHole);; pattern.remove_prefix(hole + kHole)) {
    hole = pattern.find('{');
    const std::string_view behind = pattern.substr(0, hole);
    const bool last = hole == pattern.npos;
    const auto at = last ? (text.ends_with(behind) ? text.size() - behind.size() : text.npos) : text.find(behind);
    if (at == text.npos || at == 0) return false;
    found.push_back(text.substr(0, at));
    if (last) return true;
    text.remove_prefix(at + behind.size());
  }
}

std::string translated(std::string_view english, bool whole) {
  std::vector<std::string_view> found;
  for (const std::string_view key : text_keys()) {
    if (!key.starts_with("refusal.") || key == "refusal.list_or" || !matches(english, text_of(key, "en"), found)) continue;
    std::string out;
    const std::string_view text = text_of(key, language());
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '{' && i + 2 < text.size() && text[i + 2] == '}' && text[i + 1] > '0' && text[i + 1] <= static_cast<char>('0' + found.size()))
        out += translated(found[static_cast<std::size_t>(text[i + 1] - '1')], false), i += 2;
      else
        out += text[i];
    }
    return out;
  }
  const std::string out(english);
  // A list of what is allowed; a text of the visitor's own stands in quotation marks.
  const auto at = out.rfind(" or ");
  if (whole || at == out.npos || out.find('"') != out.npos) return out;
  return filled(std::string(words("refusal.list_or")), {{"list", out.substr(0, at)}, {"last", out.substr(at + 4)}});
}

}  // namespace

std::string core_sentence(std::string_view english) {
  return text_language() == "en" ? std::string(english) : translated(english, true);
}

}  // namespace mid::ui
