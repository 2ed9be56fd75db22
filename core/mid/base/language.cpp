#include "mid/base/language.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <unordered_map>
#include <vector>

#include "mid/base/file.hpp"
#include "mid/base/json.hpp"

namespace mid {
namespace {

struct Texts {
  std::vector<std::string_view> keys;
  std::unordered_map<std::string_view, std::vector<std::string_view>> by_key;  ///< a text for each of languages()
};

const Texts& texts() {
  static const Texts all = [] {
    Texts out;
    std::string_view rest = detail::packed_texts();
    const auto next = [&] {
      const auto end = rest.find('\0');
      const std::string_view text = rest.substr(0, end);
      rest.remove_prefix(end + 1);
      return text;
    };
    while (!rest.empty()) {
      const std::string_view key = next();
      std::vector<std::string_view> said;
      for (std::size_t i = 0; i < languages().size(); ++i) said.push_back(next());
      out.keys.push_back(key);
      out.by_key.emplace(key, std::move(said));
    }
    return out;
  }();
  return all;
}

using TextsBeside = std::unordered_map<std::string, std::string>;

/// What lies in texts_file(); null: nothing yet.
const TextsBeside* texts_beside(const Language& language) {
  static std::map<std::string_view, TextsBeside> read;  // only the page has languages beside it, and it has one thread
  if (const auto at = read.find(language.code); at != read.end()) return &at->second;
  const std::string file = texts_file(language);
  if (std::error_code ignored; !std::filesystem::exists(file, ignored)) return nullptr;
  return &read.emplace(language.code, parse_json(read_file(file), file).get<TextsBeside>()).first->second;
}

}  // namespace

std::string texts_file(const Language& language) { return "/texts/" + std::string(language.code) + ".json"; }

bool has_texts(const Language& language) { return !language.beside || texts_beside(language) != nullptr; }

std::span<const Language> languages() { return detail::packed_languages(); }

const Language* find_language(std::string_view code) {
  const auto all = languages();
  const auto at = std::ranges::find(all, code, &Language::code);
  return at == all.end() ? nullptr : &*at;
}

std::span<const std::string_view> text_keys() { return texts().keys; }

std::optional<std::string_view> own_text(std::string_view key, std::string_view language) {
  const Language* which = find_language(language);
  const auto at = texts().by_key.find(key);
  if (!which || at == texts().by_key.end()) return std::nullopt;
  if (const std::string_view text = at->second[static_cast<std::size_t>(which - languages().data())]; !text.empty()) return text;
  const TextsBeside* beside = which->beside ? texts_beside(*which) : nullptr;
  if (!beside) return std::nullopt;
  const auto found = beside->find(std::string(key));
  return found == beside->end() || found->second.empty() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::optional<std::string_view> find_text(std::string_view key, std::string_view language) {
  const auto text = own_text(key, language);
  return text ? text : own_text(key, languages()[0].code);
}

std::string_view text_of(std::string_view key, std::string_view language) { return find_text(key, language).value_or(key); }

std::string fill_holes(std::string_view text, const std::function<std::optional<std::string>(std::string_view)>& value_of) {
  std::string out;
  for (std::size_t open; (open = text.find('{')) != text.npos;) {
    const std::size_t close = text.find('}', open);
    if (close == text.npos) break;
    out += text.substr(0, open);
    const std::string_view hole = text.substr(open, close - open + 1);
    const std::optional<std::string> value = value_of(hole.substr(1, hole.size() - 2));
    out += value ? std::string_view(*value) : hole;
    text.remove_prefix(close + 1);
  }
  return out += text;
}

std::string filled(std::string_view text, std::initializer_list<std::pair<std::string_view, std::string>> values) {
  return fill_holes(text, [&](std::string_view name) -> std::optional<std::string> {
    for (const auto& [key, value] : values)
      if (key == name) return value;
    return std::nullopt;
  });
}

std::string with_signs(std::string number, const Language& language) {
  const std::size_t first = std::min(number.find_first_of("0123456789"), number.size());
  const std::size_t end = std::min(number.find_first_not_of("0123456789", first), number.size());
  if (end < number.size() && number[end] == '.') number[end] = language.decimal_sign;
  for (std::size_t at = end; at > first + 3;) number.insert(at -= 3, language.thousands_sign);
  return number;
}

std::string count_words(long long n) { return with_signs(std::to_string(n), languages()[0]); }

std::string_view language_for(std::string_view locale) {
  const Language* found = find_language(locale.substr(0, locale.find_first_of("-_.@")));
  return found ? found->code : languages()[0].code;
}

}  // namespace mid
