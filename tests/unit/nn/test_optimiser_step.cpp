// Optimisers' steps: the bits of single-precision arithmetic number by number, on every processor; and moments that end instead of
// becoming numbers too small for a processor's arithmetic.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "mid/base/philox.hpp"
#include "mid/base/square_root.hpp"
#include "mid/nn/device.hpp"
#include "mid/nn/optimiser_step.hpp"

using namespace mid;

namespace {

std::vector<float> drawn(std::size_t count, std::uint64_t number) {
  Matrix m(1, static_cast<Eigen::Index>(count));
  fill_normal(Stream{5, number}, 0, m);
  return {m.data(), m.data() + m.size()};
}

constexpr AdamStep kAdam{
    .kept = .9f, .fresh = .1f, .kept_square = .999f, .fresh_square = .001f, .rate = .01f, .unbias = 3, .tiny = 1e-8f, .decay = 0};

}  // namespace

TEST_CASE("a step of Adam has the bits of one number after the other, in loops of any length", "[optimiser]") {
  for (const float decay : {0.f, .3f})
    for (std::size_t count = 0; count < 70; ++count) {
      AdamStep s = kAdam;
      s.decay = decay;
      std::vector<float> w = drawn(count, 1), m = drawn(count, 2), v = drawn(count, 3), g = drawn(count, 4);
      for (float& x : v) x *= x;
      std::vector<float> w2 = w, m2 = m, v2 = v;
      adam_step(s, w.data(), m.data(), v.data(), g.data(), count);
      for (std::size_t i = 0; i < count; ++i) {
        const float slope = decay == 0 ? g[i] : g[i] + decay * w2[i];
        m2[i] = m2[i] * s.kept + slope * s.fresh;
        v2[i] = v2[i] * s.kept_square + slope * slope * s.fresh_square;
        w2[i] -= s.rate * m2[i] / (std::sqrt(v2[i]) * s.unbias + s.tiny);
      }
      REQUIRE(w == w2);
      REQUIRE(m == m2);
      REQUIRE(v == v2);
    }
}

TEST_CASE("a step of gradient descent has the bits of one number after the other", "[optimiser]") {
  const SgdStep s{.rate = .1f, .momentum = .9f, .decay = .01f};
  for (std::size_t count = 0; count < 70; ++count) {
    std::vector<float> w = drawn(count, 1), plain = w, v = drawn(count, 2), g = drawn(count, 3), w2 = w, plain2 = w, v2 = v;
    sgd_step(s, w.data(), v.data(), g.data(), count);
    sgd_step(s, plain.data(), nullptr, g.data(), count);
    for (std::size_t i = 0; i < count; ++i) {
      plain2[i] -= s.rate * (g[i] + s.decay * plain2[i]);
      v2[i] = s.momentum * v2[i] + (g[i] + s.decay * w2[i]);
      w2[i] -= s.rate * v2[i];
    }
    REQUIRE(w == w2);
    REQUIRE(v == v2);
    REQUIRE(plain == plain2);
  }
}

TEST_CASE("a moment that no gradient renews ends at 0 before it is smaller than normal numbers", "[optimiser]") {
  std::vector<float> w(19, 1.f), first(19, .5f), second(19, 1e-30f), velocity(19, -.5f), x(19, 1.f);
  const std::vector<float> none(19, 0.f);
  const auto normal = [](const std::vector<float>& numbers) {
    for (float n : numbers)
      if (n != 0 && std::abs(n) < std::numeric_limits<float>::min()) return false;
    return true;
  };
  for (int step = 0; step < 20000; ++step) {
    adam_step(kAdam, w.data(), first.data(), second.data(), none.data(), none.size());
    sgd_step({.rate = .1f, .momentum = .9f, .decay = 0}, x.data(), velocity.data(), none.data(), none.size());
    if (step % 50 == 0) REQUIRE((normal(first) && normal(second) && normal(velocity)));
  }
  CHECK(first == none);
  CHECK(second == none);
  CHECK(velocity == none);
}

TEST_CASE("square roots of floats are rounded as IEEE 754 says, wherever a number stands", "[optimiser]") {
  const int count = 10007;
  Matrix x(1, count);
  fill_normal(Stream{6}, 0, x);
  x = x.array().square() * 100;
  Program p;
  const Var in = p.input(1, count), out = p.sqrt(in);
  const auto run = cpu_device()->compile(p);
  run->write(in, x);
  run->run();
  Matrix found;
  REQUIRE(run->read(out, found));
  const Matrix roots = square_root(x);
  for (int i = 0; i < count; ++i) {
    REQUIRE(found(0, i) == std::sqrt(x(0, i)));
    REQUIRE(roots(0, i) == std::sqrt(x(0, i)));
  }
}
