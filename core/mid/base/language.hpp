#pragma once
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace mid {

/// A language that midlab speaks: a file of core/teach/texts, packed by core/cmake/texts.cmake when this was built. The page holds
/// English alone: the others lie beside it, and until the file of one is at texts_file() that language says everything in English.
struct Language {
  std::string_view code;  ///< "de": the file's name, and what HTML calls it
  std::string_view name;  ///< in its own words: "Deutsch"
  char decimal_sign = '.';
  std::string_view thousands_sign = ",";
  bool capital_nouns = false;  ///< nouns begin with a capital wherever they stand
  bool unreviewed = false;     ///< no native speaker has read its texts yet
  bool beside = false;         ///< its texts are no part of the program
};

/// All of them: English, then the others by code.
std::span<const Language> languages();
/// The one with this code; null: there is none.
const Language* find_language(std::string_view code);

/// Where a program looks for the texts of a language that lie beside it: JSON, {"KEY": "TEXT", ...}.
std::string texts_file(const Language& language);
/// Whether its texts are there: in the program, or in texts_file(). Once they are, they stay.
bool has_texts(const Language& language);

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

/// A number as C writes it ("-12345.5") with the signs of a language: "-12.345,5". The one way in which people are told of thousands; what
/// they type or a program reads has none.
std::string with_signs(std::string number, const Language& language);
/// A count in English: "7,000".
std::string count_words(long long n);

/// The code of the best of languages() for a browser's or a system's "de-AT" or "fr_CA.UTF-8"; "en" where there is none.
std::string_view language_for(std::string_view locale);

namespace detail {
/// Written by core/cmake/texts.cmake: the languages, and all texts as "key\0English\0second language\0...", one key after another; an
/// empty text stands for none. Of a language that lies beside the program only what names it is there.
std::span<const Language> packed_languages();
std::string_view packed_texts();
}  // namespace detail

}  // namespace mid
