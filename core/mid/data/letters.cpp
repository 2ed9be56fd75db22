#include "mid/data/letters.hpp"

#include <array>
#include <utility>

#include "mid/base/text.hpp"

namespace mid {
namespace {

constexpr std::uint32_t kFirst = 0xC0;
/// U+00C0 to U+017F as a letter of ASCII and a sign for its accent; blank: it has none. From Python's unicodedata (NFD).
constexpr std::string_view kLetters =
    "AAAAAA CEEEEIIII NOOOOO  UUUUY  aaaaaa ceeeeiiii nooooo  uuuuy yAaAaAaCcCcCcCcDd  EeEeEeEeEeGgGg"
    "GgGgHh  IiIiIiIiI   JjKk LlLlLl    NnNnNn   OoOoOo  RrRrRrSsSsSsSsTtTt  UuUuUuUuUuUuWwYyYZzZzZz ";
constexpr std::string_view kAccents =
    "`'^~:o ,`'^:`'^: ~`'^~:  `'^:'  `'^~:o ,`'^:`'^: ~`'^~:  `'^:' :--uu;;''^^..vvvv  --uu..;;vv^^uu"
    "..,,^^  ~~--uu;;.   ^^,, '',,vv    '',,vv   --uu\"\"  '',,vv''^^,,vv,,vv  ~~--uuoo\"\";;^^^^:''..vv ";
static_assert(kLetters.size() == 0x180 - kFirst && kAccents.size() == kLetters.size());

constexpr std::array<std::pair<std::uint32_t, char>, 13> kCombining = {{{0x300, '`'},
                                                                        {0x301, '\''},
                                                                        {0x302, '^'},
                                                                        {0x303, '~'},
                                                                        {0x304, '-'},
                                                                        {0x306, 'u'},
                                                                        {0x307, '.'},
                                                                        {0x308, ':'},
                                                                        {0x30A, 'o'},
                                                                        {0x30B, '"'},
                                                                        {0x30C, 'v'},
                                                                        {0x327, ','},
                                                                        {0x328, ';'}}};

bool within(std::uint32_t code, std::uint32_t first, std::uint32_t last) { return code >= first && code <= last; }

std::uint32_t small_letter(std::uint32_t c) {
  if (within(c, 'A', 'Z') || (within(c, 0xC0, 0xDE) && c != 0xD7) || within(c, 0x391, 0x3AB) || within(c, 0x410, 0x42F)) return c + 32;
  if (within(c, 0x400, 0x40F)) return c + 80;
  // Pairs, the capital first: even in most of the block, odd in two parts of it.
  if (within(c, 0x100, 0x137) || within(c, 0x14A, 0x177)) return c | 1;
  if (within(c, 0x139, 0x148) || within(c, 0x179, 0x17E)) return c + (c & 1);
  return c;
}

}  // namespace

std::uint32_t code_point_of(std::string_view text, std::size_t size) {
  const auto first = static_cast<unsigned char>(text[0]);
  std::uint32_t code = size == 1 ? first : first & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  return code;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80)
    out += static_cast<char>(code);
  else if (code < 0x800)
    out += static_cast<char>(0xC0 | code >> 6), tail(0);
  else if (code < 0x10000)
    out += static_cast<char>(0xE0 | code >> 12), tail(6), tail(0);
  else
    out += static_cast<char>(0xF0 | code >> 18), tail(12), tail(6), tail(0);
}

bool is_strange_blank(std::uint32_t code) {
  return code == 0xA0 || within(code, 0x2000, 0x200A) || code == 0x202F || code == 0x205F || code == 0x3000;
}

bool is_unseen(std::uint32_t code) {
  return code == 0xAD || code == 0x200B || code == 0x200E || code == 0x200F || within(code, 0x202A, 0x202E) || code == 0x2060 ||
         within(code, 0x2066, 0x2069) || code == 0xFEFF;
}

std::uint32_t with_accent(std::uint32_t letter, std::uint32_t accent) {
  for (const auto& [combining, sign] : kCombining)
    if (combining == accent)
      for (std::size_t i = 0; i < kLetters.size(); ++i)
        if (kAccents[i] == sign && static_cast<std::uint32_t>(static_cast<unsigned char>(kLetters[i])) == letter)
          return kFirst + static_cast<std::uint32_t>(i);
  return 0;
}

std::string folded(std::string_view text) {
  constexpr std::uint32_t kFullWidth = 0xFEE0;  // from "!" to its full-width form
  std::string out;
  while (!text.empty()) {
    const std::size_t size = letter_size(text);
    if (size == 0) {
      out += text[0];
    } else {
      std::uint32_t code = code_point_of(text, size);
      if (within(code, 0xFF01, 0xFF5E)) code -= kFullWidth;
      if (code != ' ' && code != '\t' && code != '\n' && code != '\r') append_utf8(out, small_letter(code));
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  while (out.ends_with('.')) out.pop_back();
  return out;
}

}  // namespace mid
