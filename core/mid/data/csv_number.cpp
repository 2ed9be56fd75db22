#include "mid/data/csv_number.hpp"

#include <optional>
#include <string>

#include "mid/data/csv.hpp"

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

/// Digits without sign as a number whose decimals follow `decimal`.
std::optional<double> number(std::string_view text, char decimal) {
  std::string plain;
  std::size_t whole = 0;
  while (whole < text.size() && digit(text[whole])) ++whole;
  plain += text.substr(0, whole);
  text.remove_prefix(whole);
  if (const std::size_t length = separator(text, decimal); length > 0) {
    // 0,123 is no thousands, and neither is 1234,567.
    if (whole < 1 || whole > 3 || plain[0] == '0') return {};
    const std::string mark(text.substr(0, length));
    while (take(text, mark)) {
      if (text.size() < 3 || !digit(text[0]) || !digit(text[1]) || !digit(text[2])) return {};
      plain += text.substr(0, 3);
      text.remove_prefix(3);
      if (!text.empty() && digit(text[0])) return {};
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

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Hours and minutes apart by a colon, and what may follow: seconds, AM or PM, a time zone.
bool is_time(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon < 1 || colon > 2 || text.size() < colon + 3) return false;
  for (const std::size_t at : {std::size_t{0}, colon - 1, colon + 1, colon + 2})
    if (!digit(text[at])) return false;
  return text.find_first_not_of("0123456789:.,+-APMapmZ ", colon) == text.npos;
}

}  // namespace

bool is_date(std::string_view text) {
  if (is_time(text)) return true;
  int parts = 0, length = 0;
  char between = 0;
  bool word = false;  // the part is the name of a month
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (digit(c) && !(word && length > 0)) {
      parts += length++ == 0, word = false;
      if (length > 4) return false;
    } else if (letter(c) && (length == 0 ? parts == 1 : word)) {
      parts += length++ == 0, word = true;
    } else if (parts < 3 && length > 0 && (c == '-' || c == '.' || c == '/') && (between == 0 || between == c)) {
      if (word && length < 3) return false;
      between = c, length = 0;
    } else {
      break;
    }
  }
  return parts == 3 && !word && (at == text.size() || text[at] == 'T' || text[at] == ' ');
}

CellNumber read_number(std::string_view cell) {
  CellNumber out;
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
  if (!minus) minus = take_minus(text);
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
