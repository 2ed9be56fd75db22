#include "mid/base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>

namespace mid {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// The letter of letter_size() bytes at the front of `text`.
std::uint32_t code_point(std::string_view text, std::size_t size) {
  const auto first = static_cast<unsigned char>(text[0]);
  std::uint32_t code = size == 1 ? first : first & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  return code;
}

/// What a terminal obeys instead of showing it, and what makes text read otherwise than it stands there.
bool is_shown(std::uint32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
  const bool direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return !control && !direction && c != 0xFEFF;
}

std::string printed(std::string_view text, bool lines) {
  // Nearly every name is plain ASCII, and a page reads hundreds a frame.
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; })) return std::string(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = letter_size(text);
    if (size == 0) {
      out += kReplacement;
    } else if (const std::uint32_t c = code_point(text, size); is_shown(c) || (lines && (c == '\n' || c == '\t'))) {
      out += text.substr(0, size);
    } else {
      char spelled[8];
      std::snprintf(spelled, sizeof spelled, "\\u%04x", static_cast<unsigned>(c & 0xFFFF));
      out += spelled;
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return out;
}

}  // namespace

std::size_t letter_size(std::string_view text) {
  if (text.empty()) return 0;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = at(0);
  const std::size_t size = first < 0x80                    ? 1
                           : first >= 0xC2 && first < 0xE0 ? 2
                           : first >= 0xE0 && first < 0xF0 ? 3
                           : first >= 0xF0 && first < 0xF5 ? 4
                                                           : 0;
  if (size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    // The second byte also rules out overlong forms, surrogates and what lies beyond U+10FFFF.
    const unsigned char low = i > 1 ? 0x80 : first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = i > 1 ? 0xBF : first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (at(i) < low || at(i) > high) return 0;
  }
  return size;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = letter_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string shortened(std::string_view text, std::size_t most, std::string_view end) {
  const auto step = [](std::string_view rest) { return std::max<std::size_t>(letter_size(rest), 1); };
  std::size_t letters_of_end = 0;
  for (std::size_t at = 0; at < end.size(); at += step(end.substr(at))) ++letters_of_end;
  std::size_t letters = 0, cut = 0, at = 0;
  for (; at < text.size() && letters < most; at += step(text.substr(at)), ++letters)
    if (letters + letters_of_end <= most) cut = at;
  if (at >= text.size()) return std::string(text);
  if (letters + letters_of_end <= most) cut = at;  // an end of no letters
  return std::string(text.substr(0, cut)).append(end);
}

std::string spaced(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string printable(std::string_view text) { return printed(text, false); }
std::string printable_lines(std::string_view text) { return printed(text, true); }

}  // namespace mid
