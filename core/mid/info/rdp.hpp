#pragma once
#include <cstdint>

namespace mid {

/// Accountant of differential privacy for steps of Gaussian noise on Poisson samples. Double precision, nats.
/// Mironov, Talwar, Zhang 2019 (Renyi divergence of the sampled Gaussian mechanism, whole orders); conversion to epsilon after
/// Balle, Barthe, Gaboardi, Hsu, Sato 2020 and Canonne, Kamath, Steinke 2020. method.md 4.1, "RDP accountant".

/// What one step tells, in nats: the Renyi divergence of order `order` (2, 3, ...) between a Gaussian of sd `sigma` and its
/// mixture with one moved by 1 that has share `rate` (the probability, 0 to 1, that a record is in a step).
double renyi_of_step(int order, double rate, double sigma);

/// The least epsilon over the orders 2 to 64, 128, 256 and 512, and the order that gave it.
struct Epsilon {
  double epsilon = 0;
  int order = 0;
};
/// Of `steps` such steps at `delta`, by min over orders of steps renyi + ln((a - 1) / a) - (ln delta + ln a) / (a - 1), not
/// below 0. Infinite at sigma 0.
Epsilon epsilon_of_steps(std::int64_t steps, double rate, double sigma, double delta);

}  // namespace mid
