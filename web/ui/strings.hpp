#pragma once
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace mid::ui {

/// pseudo: English a third longer and with accents, to see whether there is room and whether anything is no string yet.
enum class Language { english, german, pseudo };
using StringTable = std::map<std::string_view, std::string_view>;
const StringTable& english();
const StringTable& german();

/// Which language words() speaks from now on; one page, one language.
void set_language(Language language);
Language language();

/// The words of the page by key. A key that is missing is English; one that English lacks, too, comes back as itself, so that it
/// is seen.
std::string_view words(std::string_view key);

/// A number's text with the decimal sign of the language.
std::string localised(std::string number);

/// The words with every `{name}` replaced.
std::string words(std::string_view key, std::initializer_list<std::pair<std::string_view, std::string>> values);

/// A text of the core's catalogue (help of a parameter, name of an entry, unit) in the language of the page; itself where there is no
/// other.
std::string_view core_words(std::string_view english);

/// A sentence with which the core refused something, in the language of the page; itself where there is no other.
std::string core_sentence(std::string_view english);

/// `text` with every `{name}` replaced.
std::string filled(std::string text, std::initializer_list<std::pair<std::string_view, std::string>> values);

/// The text "STORY.KEY", of "own-X" also "own.KEY", of "other-X" what other, own-X and own say; null: there is none.
const std::string_view* story_text(std::string_view story, std::string_view key);

/// words("STORY.KEY"), or words("KEY") where the story has none of its own.
std::string_view story_words(std::string_view story, std::string_view key);
std::string story_words(std::string_view story, std::string_view key,
                        std::initializer_list<std::pair<std::string_view, std::string>> values);

}  // namespace mid::ui
