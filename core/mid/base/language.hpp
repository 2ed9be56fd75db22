#pragma once
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace mid {

/// A language that midlab speaks: a file of core/teach/texts, packed by core/cmake/texts.cmake when this was built.
struct Language {
  std::string_view code;  ///< "de": the file's name, and what HTML calls it
  std::string_view name;  ///< in its own words: "Deutsch"
  char decimal_sign = '.';
  bool capital_nouns = false;  ///< nouns begin with a capital wherever they stand
  bool unreviewed = false;     ///< no native speaker has read its texts yet
};

/// All of them: English, then the others by code.
std::span<const Language> languages();
/// The one with this code; null: there is none.
const Language* find_language(std::string_view code);

/// The keys of all texts, in the order of en.json; then those that English has elsewhere (of lessons: in their own files).
std::span<const std::string_view> text_keys();
/// The text of a key in a language, in that language alone; empty: it has none.
std::optional<std::string_view> own_text(std::string_view key, std::string_view language);
/// The same, or else English; empty: there is no such key.
std::optional<std::string_view> find_text(std::string_view key, std::string_view language);
/// The same; the key itself where there is none, so that it is seen.
std::string_view text_of(std::string_view key, std::string_view language);

/// `text` with every `{name}` replaced by what `value_of` gives for it; kept where that is nothing. What is filled in is not searched
/// for holes itself: it may be a stranger's text.
std::string fill_holes(std::string_view text, const std::function<std::optional<std::string>(std::string_view name)>& value_of);
/// The same with the names and values of a list.
std::string filled(std::string_view text, std::initializer_list<std::pair<std::string_view, std::string>> values);

/// The code of the best of languages() for a browser's or a system's "de-AT" or "fr_CA.UTF-8"; "en" where there is none.
std::string_view language_for(std::string_view locale);

namespace detail {
/// Written by core/cmake/texts.cmake: the languages, and all texts as "key\0English\0second language\0...", one key after another; an
/// empty text stands for none.
std::span<const Language> packed_languages();
std::string_view packed_texts();
}  // namespace detail

}  // namespace mid
