// Information of noisy answers with its gradient: by fast sums against the direct ones, and how the time grows with the
// number of rows. Everything in one process, in turns; the ratios are what counts.
//
//   cmake --build --preset release --target bench_gauss && build/release/bin/bench_gauss
//
// The same direct sums in NumPy: /usr/bin/python3 tests/bench/gauss_numpy.py (needs python3-numpy); it prints milliseconds
// for the same numbers of rows.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

#include "mid/base/philox.hpp"
#include "mid/info/mixture.hpp"

using namespace mid;

namespace {

VectorXd answers(int rows) {
  Matrix m(rows, 1);
  fill_normal(Stream{1, 1}, 0, m);
  return m.cast<double>();
}

/// The direct sums with Eigen's exponential, a row at a time, so that a row stays in the cache.
UpperBound direct(const VectorXd& mu, double s) {
  const Eigen::Index n = mu.size();
  const double scale = -1 / (2 * s * s);
  VectorXd sums(n), own(n), others(n);
  Eigen::ArrayXd d(n), e(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    d = mu.array() - mu[i];
    e = (d.square() * scale).exp();
    sums[i] = e.sum();
    own[i] = (e * d).sum();
  }
  const Eigen::ArrayXd u = sums.array().inverse();
  for (Eigen::Index i = 0; i < n; ++i) {
    d = mu.array() - mu[i];
    others[i] = ((d.square() * scale).exp() * d * u).sum();
  }
  const auto count = static_cast<double>(n);
  return {-(sums.array() / count).log().mean(), -(own.array() * u + others.array()).matrix() / (count * s * s)};
}

/// The least of `rounds` times, in milliseconds.
template <class F>
double milliseconds(int rounds, const F& work) {
  double least = 1e300;
  for (int i = 0; i < rounds; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    least = std::min(least, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  return least;
}

}  // namespace

int main() {
  std::printf("A and its gradient, answers N(0, 1)\n      rows    s    fast ms  direct ms   ratio   greatest difference of the gradient\n");
  for (const double s : {1., .1})
    for (const int rows : {300, 1335, 5000, 20000}) {
      const VectorXd mu = answers(rows);
      UpperBound fast, slow;
      const double ours = milliseconds(9, [&] { fast = upper_bound(mu, s); });
      const double theirs = milliseconds(rows > 5000 ? 1 : 3, [&] { slow = direct(mu, s); });
      std::printf("%10d %4.1f %10.3f %10.2f %7.1f   %.1e of %.1e\n", rows, s, ours, theirs, theirs / ours,
                  (fast.gradient - slow.gradient).cwiseAbs().maxCoeff(), slow.gradient.cwiseAbs().maxCoeff());
    }
  std::printf("growth of the fast sums\n      rows    s         ms   exponent\n");
  for (const double s : {1., .1, .01}) {
    double before = 0;
    for (const int rows : {10'000, 100'000, 1'000'000}) {
      const VectorXd mu = answers(rows);
      const double ms = milliseconds(3, [&] { upper_bound(mu, s); });
      if (before > 0)
        std::printf("%10d %4.2f %10.2f %10.2f\n", rows, s, ms, std::log10(ms / before));
      else
        std::printf("%10d %4.2f %10.2f\n", rows, s, ms);
      before = ms;
    }
  }
}
