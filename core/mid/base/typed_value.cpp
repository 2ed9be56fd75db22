#include "mid/base/typed_value.hpp"

#include <string_view>

namespace mid {

Json value_of(const std::string& text) {
  Json value = json_or_discarded(text);
  if (!value.is_discarded()) return value;
  std::string number = text.starts_with('+') ? text.substr(1) : text;
  const auto is_digit = [&](std::size_t at) { return at < number.size() && number[at] >= '0' && number[at] <= '9'; };
  const std::size_t dot = number.find('.');
  if (dot != std::string::npos && !is_digit(dot + 1)) number.insert(dot + 1, "0");
  if (dot != std::string::npos && (dot == 0 || !is_digit(dot - 1))) number.insert(dot, "0");
  const std::string_view mantissa = std::string_view(text).substr(0, text.find_first_of("eE"));
  const bool has_digit = mantissa.find_first_of("0123456789") != std::string_view::npos;
  value = json_or_discarded(number);
  return has_digit && value.is_number() ? value : Json(text);
}

}  // namespace mid
