#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace mid {

/// The bytes of the letter (code point) at the front of UTF-8 text, 1 to 4; 0 where the text is empty or begins with a byte
/// that is no UTF-8 (overlong forms, surrogates and what lies beyond U+10FFFF are none).
std::size_t letter_size(std::string_view text);

/// Whether all of `text` is UTF-8.
bool is_utf8(std::string_view text);

/// `text` if it has at most `most` letters; else its first letters and `end`, together `most`. The one way to shorten text: it
/// never cuts inside a letter. A byte that is no UTF-8 counts as a letter.
std::string shortened(std::string_view text, std::size_t most, std::string_view end = "...");

/// A name ("label_only") as it stands in a sentence: blanks for underscores.
std::string spaced(std::string name);

/// A stranger's text (a name in a file, a path, a key, a value) as it may stand in a sentence, a terminal or a drawing, on one
/// line: control characters, line breaks and marks that turn the direction of writing are spelled as in JSON (\u001b), bytes
/// that are no UTF-8 become U+FFFD. JSON stays the same JSON.
std::string printable(std::string_view text);

/// The same for text of several lines and columns: line breaks and tabs stay.
std::string printable_lines(std::string_view text);

}  // namespace mid
