#include "ui/figures.hpp"

#include <cmath>
#include <cstdio>

#include "ui/strings.hpp"

namespace mid::ui {
namespace {
std::string fixed(double value, int decimals) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", decimals, std::fabs(value));
  const bool zero = std::string(text).find_first_not_of("0.") == std::string::npos;
  return (value < 0 && !zero ? "\u2212" : "") + localised(text);
}
std::string trimmed(std::string s) {
  if (s.size() > 2 && (s.ends_with(".0") || s.ends_with(",0"))) s.resize(s.size() - 2);
  return s;
}
}  // namespace

std::string percent_digits(double share) {
  const double p = share * 100;
  return std::fabs(p) < 9.95 && std::fabs(p) > 0 ? trimmed(fixed(p, 1)) : fixed(p, 0);
}

std::string percent(std::optional<double> share) { return share ? percent_digits(*share) + "\u00a0%" : "\u2013"; }

std::string figure(double value) {
  const double size = std::fabs(value);
  if (size == 0) return "0";
  if (size >= 99999.5 && std::isfinite(size)) {  // squares of somebody's own unit
    const double power = std::floor(std::log10(size));
    return fixed(value / std::pow(10, power), 1) + "e" + fixed(power, 0);
  }
  return size >= 99.95 ? fixed(value, 0) : size >= 9.995 ? fixed(value, 1) : size >= .1 ? fixed(value, 2) : fixed(value, 3);
}

std::string count(long long n) { return localised(std::to_string(n)); }

std::string points(double difference) {
  const std::string digits = fixed(difference * 100, 0);
  return digits == "0" || difference < 0 ? digits : "+" + digits;
}

std::string of_ten(double share) { return trimmed(fixed(share * 10, 1)); }

}  // namespace mid::ui
