#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace mid {

/// The code point of the letter at the front of UTF-8 text that has `size` bytes (base/text.hpp letter_size).
std::uint32_t code_point_of(std::string_view text, std::size_t size);

/// Appends a code point as UTF-8.
void append_utf8(std::string& out, std::uint32_t code);

/// Whether a reader sees a blank where this stands: the blanks of other widths, those that do not break.
bool is_strange_blank(std::uint32_t code);

/// Whether a reader sees nothing where this stands: soft hyphens, marks that join, turn or order. Not those that a script or
/// an emoji needs (U+200C, U+200D).
bool is_unseen(std::uint32_t code);

/// The letter that a Latin letter and the accent behind it make (U+00C0 to U+017F, Unicode's canonical composition); 0: none.
std::uint32_t with_accent(std::uint32_t letter, std::uint32_t accent);

/// A text without what nobody tells apart: case (of Latin, Greek and Cyrillic letters), full width, blanks, dots at its end.
std::string folded(std::string_view text);

}  // namespace mid
