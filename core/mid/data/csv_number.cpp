#include "mid/data/csv_number.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "mid/base/json.hpp"
#include "mid/base/text.hpp"
#include "mid/data/csv.hpp"
#include "mid/data/letters.hpp"

namespace mid {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

void skip_blanks(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
}

/// Takes a sign off: whether it is a minus.
bool take_minus(std::string_view& text) {
  for (const std::string_view minus : {"-", "\xE2\x88\x92", "\xE2\x80\x93"})
    if (take(text, minus)) return true;
  take(text, "+");
  return false;
}

/// The length of a separator of thousands at the beginning of `text`, another than the mark `decimal`; 0: there is none.
std::size_t separator(std::string_view text, char decimal) {
  if (text.starts_with("\xE2\x80\x99")) return 3;
  return !text.empty() && text[0] != decimal && (text[0] == ',' || text[0] == '.' || text[0] == ' ' || text[0] == '\'') ? 1 : 0;
}

std::size_t digits_at_front(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && digit(text[n])) ++n;
  return n;
}

/// Digits without sign as a number whose decimals follow `decimal`.
std::optional<double> number(std::string_view text, char decimal) {
  std::string plain;
  const std::size_t whole = digits_at_front(text);
  plain += text.substr(0, whole);
  text.remove_prefix(whole);
  if (const std::size_t length = separator(text, decimal); length > 0) {
    // 0,123 is no thousands, and neither is 1234,567.
    if (whole < 1 || whole > 3 || plain[0] == '0') return {};
    const std::string mark(text.substr(0, length));
    // In India only the last group has three digits (12,34,567).
    const bool lakhs = mark == "," && whole < 3 && digits_at_front(text.substr(1)) == 2;
    while (take(text, mark)) {
      const std::size_t group = digits_at_front(text);
      if (group != (lakhs && text.substr(group).starts_with(mark) ? 2 : 3)) return {};
      plain += text.substr(0, group);
      text.remove_prefix(group);
    }
    if (text.find_first_of("eE") != text.npos) return {};
  }
  if (!text.empty() && text[0] == decimal) {
    if (decimal == ',' && text.size() == 1) return {};
    plain += '.';
    text.remove_prefix(1);
  }
  plain += text;
  return plain.empty() || !(digit(plain[0]) || plain[0] == '.') ? std::nullopt : parse_number(plain);
}

/// A number with what other scripts and full width have in the place of ASCII; the decimal mark of Arabic as `decimal`. Empty: there is
/// none.
std::string in_ascii(std::string_view text, char decimal) {
  constexpr std::array<std::uint32_t, 6> kZeros = {0x660, 0x6F0, 0x966,
                                                   0x9E6, 0xE50, 0xFF10};  // Arabic, Persian, Hindi, Bengali, Thai, wide
  constexpr std::uint32_t kWide = 0xFEE0;                                  // from a sign of ASCII to its full-width form
  std::string out;
  bool changed = false;
  while (!text.empty()) {
    const std::size_t size = std::max<std::size_t>(1, letter_size(text));
    const std::uint32_t code = code_point_of(text, size);
    const auto zero = std::find_if(kZeros.begin(), kZeros.end(), [&](std::uint32_t z) { return code >= z && code <= z + 9; });
    const std::size_t before = out.size();
    if (zero != kZeros.end())
      out += static_cast<char>('0' + (code - *zero));
    else if (code > kWide + 0x20 && code < kWide + 0x7F)
      out += static_cast<char>(code - kWide);
    else if (code == 0x66B)
      out += decimal;
    else if (code == 0x66C)
      out += '\'';
    else if (code == 0x66A)
      out += '%';
    if (out.size() == before)
      out += text.substr(0, size);
    else
      changed = true;
    text.remove_prefix(size);
  }
  return changed ? out : std::string();
}

/// 1.5D+03, as Fortran writes 1.5e+03. A D alone (1D2) may be anything's name.
std::string without_fortran(std::string_view text) {
  const std::size_t at = text.find_first_of("dD");
  if (at == text.npos || at == 0 || at + 2 >= text.size() || !digit(text[at + 2]) || (text[at + 1] != '+' && text[at + 1] != '-'))
    return {};
  std::string out(text);
  out[at] = 'e';
  return out;
}

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Hours and minutes apart by a colon, and what may follow: seconds, AM or PM, a time zone.
bool is_time(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon < 1 || colon > 2 || text.size() < colon + 3) return false;
  for (const std::size_t at : {std::size_t{0}, colon - 1, colon + 1, colon + 2})
    if (!digit(text[at])) return false;
  return text.find_first_not_of("0123456789:.,+-APMapmZ ", colon) == text.npos;
}

/// The day, the name of the month and the year in any order, kept apart by blanks, commas and points, or by nothing (31JAN2024);
/// the name of a weekday before them and a time behind.
bool is_date_in_words(std::string_view text) {
  int days = 0, words = 0, years = 0;
  const bool word_first = !text.empty() && letter(text[0]);
  while (days == 0 || words == 0 || years == 0) {
    if (text.empty()) return false;
    const std::size_t digits = digits_at_front(text);
    std::size_t letters = 0;
    while (letters < text.size() && (letter(text[letters]) || static_cast<unsigned char>(text[letters]) >= 0x80)) ++letters;
    if (digits == 4 || (digits == 2 && days == 1 && words > 0))
      ++years;
    else if (digits == 1 || digits == 2)
      ++days;
    else if (letters > 2 && (words == 0 || (words == 1 && word_first)))
      ++words;
    else if (digits > 0 || letters > 0 || (text[0] != ' ' && text[0] != ',' && text[0] != '.'))
      return false;
    text.remove_prefix(std::max<std::size_t>({1, digits, letters}));
  }
  return days == 1 && years == 1 && (text.empty() || text[0] == ' ' || text[0] == ':' || text[0] == ',');
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  std::size_t at = 0;
  const auto peek = [&] { return at < text.size() ? text[at] : '\0'; };
  const auto digit = [&] { return peek() >= '0' && peek() <= '9'; };
  const bool negative = peek() == '-';
  if (negative || peek() == '+') ++at;

  std::string digits;  // of the mantissa as an integer, without leading zeros
  int exponent = 0;
  bool any = false, point = false;
  for (; digit() || (peek() == '.' && !point); ++at) {
    if (peek() == '.') {
      point = true;
      continue;
    }
    any = true;
    if (!digits.empty() || peek() != '0') digits += peek();
    exponent -= point;
  }
  if (!any) return {};
  if (peek() == 'e' || peek() == 'E') {
    ++at;
    const bool below = peek() == '-';
    if (below || peek() == '+') ++at;
    if (!digit()) return {};
    int power = 0;
    for (; digit(); ++at) power = std::min(power * 10 + (peek() - '0'), 100'000);
    exponent += below ? -power : power;
  }
  if (at != text.size()) return {};

  double value = 0;
  const int magnitude = static_cast<int>(digits.size()) + exponent;
  if (digits.empty() || magnitude < -400) {
    value = 0;
  } else if (magnitude > 308) {
    return {};
  } else if (digits.size() <= 15 && std::abs(exponent) <= 22) {
    // Both factors are exact in a double, so one rounding is left: the correct one.
    static constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                         1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    long long whole = 0;
    for (char c : digits) whole = whole * 10 + (c - '0');
    value = exponent < 0 ? static_cast<double>(whole) / kPowers[-exponent] : static_cast<double>(whole) * kPowers[exponent];
  } else {
    value = Json::parse(digits + "e" + std::to_string(exponent)).get<double>();  // correctly rounded in every locale
  }
  return negative ? -value : value;
}

const std::vector<std::string>& missing_spellings() {
  static const std::vector<std::string> spellings{"",         "?",       "NA",           "N/A",          "n/a",
                                                  "n.a.",     "N.A.",    "#N/A",         "#NA",          "<NA>",
                                                  "NaN",      "nan",     "NAN",          "-nan",         "-NaN",
                                                  "NaT",      "null",    "Null",         "NULL",         "(null)",
                                                  "None",     "-",       "--",           "---",          ".",
                                                  "..",       "\\N",     "\xE2\x80\x93", "\xE2\x80\x94", "#NULL!",
                                                  "#VALUE!",  "#DIV/0!", "#REF!",        "#NAME?",       "#NUM!",
                                                  "#NV",      "#WERT!",  "#BEZUG!",      "#ZAHL!",       "#VALEUR!",
                                                  "#NOMBRE!", "#NOM?",   "#NUL!"};  // of a spreadsheet in German or French
  return spellings;
}

bool is_missing(std::string_view cell) {
  constexpr std::size_t kLongest = 8;
  if (cell.size() > kLongest || (!cell.empty() && cell[0] >= '0' && cell[0] <= '9')) return false;  // none begins with a digit
  const auto& spellings = missing_spellings();
  return std::find(spellings.begin(), spellings.end(), cell) != spellings.end();
}

bool is_date(std::string_view text) {
  if (is_time(text) || is_date_in_words(text)) return true;
  int parts = 0, length = 0, years = 0;
  char between = 0;
  bool word = false;  // the part is the name of a month
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (digit(c) && !(word && length > 0)) {
      parts += length++ == 0, word = false, years += length == 3;
      if (length > 4) return false;
    } else if (letter(c) && (length == 0 ? parts == 1 : word)) {
      parts += length++ == 0, word = true;
    } else if (parts < 3 && length > 0 && (c == '-' || c == '.' || c == '/') && (between == 0 || between == c)) {
      if (word ? length < 3 : length == 3) return false;
      between = c, length = 0;
    } else {
      break;
    }
  }
  return parts == 3 && !word && years < 2 && length != 3 && (at == text.size() || text[at] == 'T' || text[at] == ' ');
}

CellNumber read_number(std::string_view cell) {
  CellNumber out;
  if (std::any_of(cell.begin(), cell.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
    if (const std::string point = in_ascii(cell, '.'); !point.empty()) {
      out = read_number(point);
      const std::string comma = in_ascii(cell, ',');
      if (comma == point || out.decimal == Decimal::none) return out;
      // Its own mark leaves nothing open.
      out.by_comma = out.by_point;
      out.decimal = Decimal::any;
      return out;
    }
  if (const std::string plain = without_fortran(cell); !plain.empty()) return read_number(plain);
  // Most cells are plain, and most texts end here.
  if (const auto plain = parse_number(cell)) {
    out.decimal = Decimal::any;
    out.by_point = out.by_comma = *plain;
    if (cell.find('.') == cell.npos) return out;
  } else if (cell.find_first_of("0123456789") == cell.npos) {
    return out;
  }
  std::string_view text = cell;
  bool minus = false;
  if (text.size() > 2 && text.starts_with('(') && text.ends_with(')')) minus = true, text = text.substr(1, text.size() - 2);
  skip_blanks(text);
  if (text.size() > 1 && text[0] == '\'') text.remove_prefix(1);  // by which spreadsheets are told not to touch a text
  if (!minus) minus = take_minus(text);
  // Behind a number with decimals, as SAP writes it; 2- may be a mark of a school.
  if (!minus && text.size() > 2 && text.ends_with('-') && text.find_first_of(",.") != text.npos) minus = true, text.remove_suffix(1);
  skip_blanks(text);
  for (std::size_t i = 1; i < kNumberSigns.size() && out.sign == 0; ++i) {
    const std::string_view sign = kNumberSigns[i];
    if (i > 2 && take(text, sign))
      out.sign = static_cast<int>(i);
    else if (text.ends_with(sign))
      text.remove_suffix(sign.size()), out.sign = static_cast<int>(i);
  }
  skip_blanks(text);
  if (out.sign > 0 && !minus) minus = take_minus(text);
  const std::optional<double> point = number(text, '.'), comma = number(text, ',');
  if (point) out.by_point = minus ? -*point : *point;
  if (comma) out.by_comma = minus ? -*comma : *comma;
  out.decimal = !point && !comma   ? Decimal::none
                : !comma           ? Decimal::point
                : !point           ? Decimal::comma
                : *point == *comma ? Decimal::any
                                   : Decimal::either;
  return out;
}

}  // namespace mid
