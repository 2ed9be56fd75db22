#include "mid/base/typed_value.hpp"

#include <algorithm>

namespace mid {

Json value_of(const std::string& text) {
  Json value = json_or_discarded(text);
  if (!value.is_discarded()) return value;
  std::string number = text.starts_with('+') ? text.substr(1) : text;
  const auto is_digit = [&](std::size_t at) { return at < number.size() && number[at] >= '0' && number[at] <= '9'; };
  const std::size_t dot = number.find('.');
  if (dot != std::string::npos && !is_digit(dot + 1)) number.insert(dot + 1, "0");
  if (dot != std::string::npos && (dot == 0 || !is_digit(dot - 1))) number.insert(dot, "0");
  const bool has_digit = std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  value = json_or_discarded(number);
  return has_digit && value.is_number() ? value : Json(text);
}

}  // namespace mid
