#pragma once
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace mid {

/// Two defences over the same seeds, by the difference of each seed. method.md section 7.

/// The upper 2.5 % point of Student's t with `degrees` degrees of freedom, at least 1: 12.706 for 1, 2.776 for 4.
double t975(int degrees);

/// The interval of 95 % of the mean of `differences` by Student's t; empty for fewer than two.
std::optional<std::pair<double, double>> t_interval(std::span<const double> differences);

/// The exact sign-flip test of "the mean is zero": how many of all 2^n ways to give the differences signs bring a mean at least as far
/// from zero, as a share. With n seeds it is never below 2 / 2^n. At most 20 differences are flipped exactly; `differences` has no more.
double sign_flip_p(std::span<const double> differences);

/// Holm's correction of several tests, in their order.
std::vector<double> holm(std::span<const double> p);

}  // namespace mid
