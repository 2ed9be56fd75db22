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
/// One that ends or begins with another stands before it.
constexpr std::array<std::string_view, 38> kNumberSigns = {
    "",  "%",  "‰",  "US$", "R$",  "A$",  "C$",  "NZ$", "HK$", "$",   "€",   "£",   "¥",   "₹",   "₺",   "₽",   "₩",   "₪",   "₴",
    "₫", "kr", "zł", "Kč",  "EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "JPY", "CNY", "INR", "AUD", "CAD"};

/// Reads what parse_number reads, a decimal comma, thousands separated by comma, point, blank or apostrophe in groups of
/// three or as in India (12,34,567), U+2212 and the en dash as minus, (12) and 12.50- as negative, exponents of Fortran
/// (1.5D+03), digits of other scripts and of full width, a leading apostrophe, and one of kNumberSigns.
CellNumber read_number(std::string_view cell);

/// Whether a cell is a date or a time of day: 2024-01-31, 31.01.2024, 1/31/24, 31-Jan-2024, 31JAN2024, Jan 31, 2024,
/// 31 January 2024, with a time behind it or without; 08:30, 8:30:15 PM.
bool is_date(std::string_view text);

}  // namespace mid
