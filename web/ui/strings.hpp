#pragma once
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "mid/base/language.hpp"
#include "mid/base/message.hpp"

namespace mid::ui {

/// English a third longer and with accents, to see whether there is room and whether anything is no text of core/teach/texts yet.
inline constexpr std::string_view kPseudo = "pseudo";

/// Which language words() speaks from now on, by its code or kPseudo; one page, one language. Another code changes nothing.
void set_language(std::string_view code);
/// Its code.
const std::string& language();
/// What is known of it; of kPseudo English's.
const Language& spoken_language();
/// The code of the language that words() speaks in fact: English for kPseudo, and while the texts of the chosen one are not there the
/// one before.
std::string_view text_language();
/// The code of the language that was chosen while its texts are not there yet; empty: they are. Whoever shows the page brings them.
std::string_view missing_language();

/// The words of the page by key. A key that is missing is English; one that English lacks, too, comes back as itself, so that it
/// is seen.
std::string_view words(std::string_view key);

/// A number's text with the signs of the language: "2,500.5".
std::string localised(std::string number);

/// The same; empty where no language has them.
std::optional<std::string_view> own_words(std::string_view key);

/// The words with every `{name}` replaced.
std::string words(std::string_view key, std::initializer_list<std::pair<std::string_view, std::string>> values);

/// The unit of a parameter in the language of the page; itself where there is no other.
std::string unit_words(const std::string& unit);

/// A value of the data ("Female") in the language of the page; itself where there is no other.
std::string value_words(const std::string& value);

/// What the core or the page says of something that happened, in the language of the page.
std::string said(const Message& message);

/// The text "STORY.KEY" of the first of a story's beginnings that has one (Story::texts); empty: none has.
std::optional<std::string_view> story_text(std::span<const std::string> texts, std::string_view key);

/// The same, or words("KEY").
std::string_view story_words(std::span<const std::string> texts, std::string_view key);

}  // namespace mid::ui
