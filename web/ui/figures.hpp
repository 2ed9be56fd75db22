#pragma once
#include <optional>
#include <string>

namespace mid::ui {

/// "86", "2.5", "−4": a share as percent in two or three digits, without the sign.
std::string percent_digits(double share);
/// "86 %" with a no-break space; "–" without a value.
std::string percent(std::optional<double> share);
/// A number in three significant digits, true minus sign.
std::string figure(double value);
/// A count, with what separates thousands: "2,500".
std::string count(long long n);
/// "+16", "−3", "0": a difference of shares in points.
std::string points(double difference);
/// "8.6", "10", "1": of ten.
std::string of_ten(double share);

}  // namespace mid::ui
