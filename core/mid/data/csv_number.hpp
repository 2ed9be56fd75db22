#pragma once
#include <array>
#include <string_view>

namespace mid {

/// What the mark before the decimals of a number is, as far as its text says.
enum class Decimal {
  none,    ///< it is no number
  any,     ///< the same number either way: 12, 1 234
  either,  ///< one number or the other: 1,234 or 1.234
  point,   ///< 1.5, 1,234.5
  comma,   ///< 1,5, 1.234,5
};

/// A cell as a number of everyday writing.
struct CellNumber {
  Decimal decimal = Decimal::none;
  double by_point = 0, by_comma = 0;  ///< what it is with either mark, where that is possible
  int sign = 0;                       ///< place of its percent or currency sign in kNumberSigns; 0: none
};

/// Signs that a whole column of numbers may carry before or behind its digits; a number means the same without.
constexpr std::array<std::string_view, 12> kNumberSigns = {"", "%", "‰", "$", "€", "£", "¥", "₹", "EUR", "USD", "GBP", "CHF"};

/// Reads what parse_number reads, a decimal comma, thousands separated by comma, point, blank or apostrophe in groups of
/// three, U+2212 and the en dash as minus, (12) as -12, and one of kNumberSigns.
CellNumber read_number(std::string_view cell);

/// Whether a cell is a date or a time of day: 2024-01-31, 31.01.2024, 1/31/24, 31-Jan-2024, with a time behind it or without;
/// 08:30, 8:30:15 PM.
bool is_date(std::string_view text);

}  // namespace mid
