#pragma once
#include <cstdint>

namespace mid {

/// Accountant of differential privacy for steps of Gaussian noise on Poisson samples. Double precision, nats.
/// Mironov, Talwar, Zhang 2019 (Renyi divergence of the sampled Gaussian mechanism); conversion to epsilon after
/// Balle, Barthe, Gaboardi, Hsu, Sato 2020 and Canonne, Kamath, Steinke 2020. method.md 4.1, "RDP accountant".

/// What one step tells, in nats: the Renyi divergence of order `order` (above 1) between a Gaussian of sd `sigma` and its
/// mixture with one moved by 1 that has share `rate` (the probability, 0 to 1, that a record is in a step). Whole orders by their sum,
/// those between by the integral that it stands for (section 3.3 has a series of it), to 1e-12 of e^((order - 1) times the divergence).
/// Those between infinite at a sigma below .05, where epsilon is in the thousands anyway.
double renyi_of_step(double order, double rate, double sigma);

/// The least epsilon over the orders 1.1, 1.2, ... 10.9, 11 to 64, 128, 256 and 512, and the order that gave it.
struct Epsilon {
  double epsilon = 0;
  double order = 0;
};
/// Of `steps` such steps at `delta`, by min over orders of steps renyi + ln((a - 1) / a) - (ln delta + ln a) / (a - 1), not
/// below 0. Infinite at sigma 0.
Epsilon epsilon_of_steps(std::int64_t steps, double rate, double sigma, double delta);

}  // namespace mid
