// Fronts of defences, and what seeds say about two of them: cases by hand (method.md section 7).
#include "mid/measure/front.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_vector.hpp>

#include "mid/measure/paired.hpp"

using namespace mid;
using Catch::Approx;
using Catch::Matchers::Equals;

namespace {

/// Accuracy and leak as shares: from the guess (`least`, 0) to a perfect model and to the undefended leak 1.
std::vector<Trade> shares(std::vector<Trade> trades, double least) {
  for (Trade& t : trades) t.utility = (t.utility - least) / (1 - least);
  return trades;
}

const std::vector<Trade> kSix{{.9, .8}, {.8, .5}, {.6, .3}, {.7, .6}, {.3, .3}, {.1, .05}};

}  // namespace

TEST_CASE("a front holds what nothing dominates, from the least leak on") {
  CHECK_THAT(front(kSix), Equals(std::vector<std::size_t>{5, 2, 1, 0}));
  CHECK(front(std::vector<Trade>{}).empty());
  CHECK_THAT(front(std::vector<Trade>{{.5, .5}, {.5, .5}}), Equals(std::vector<std::size_t>{0}));
}

TEST_CASE("the hypervolume pays each stretch of utility at its least leak") {
  CHECK(hypervolume(shares(kSix, .025)) == Approx(.5551282).margin(1e-7));
  CHECK(hypervolume(std::vector<Trade>(kSix.begin(), kSix.begin() + 3)) == Approx(.54));
  std::vector<Trade> twice = kSix;
  twice.insert(twice.end(), kSix.begin(), kSix.end());
  CHECK(hypervolume(twice) == Approx(hypervolume(kSix)));
  CHECK(hypervolume(std::vector<Trade>{{.9, -.1}}) == Approx(.9));    // less than the guess is luck
  CHECK(hypervolume(std::vector<Trade>{{0, 0}}) == 0);                // constant answers
  CHECK(hypervolume(std::vector<Trade>{{.9, 1}}) == 0);               // the undefended model
  CHECK(hypervolume(std::vector<Trade>{{-.1, .2}, {.5, 1.2}}) == 0);  // worse than the guess; worse than no defence
}

TEST_CASE("Student's t has the quantiles of the tables") {
  CHECK(t975(1) == Approx(12.7062).margin(1e-4));
  CHECK(t975(2) == Approx(4.30265).margin(1e-5));
  CHECK(t975(4) == Approx(2.776445).margin(1e-6));
  CHECK(t975(7) == Approx(2.364624).margin(1e-6));
  CHECK(t975(30) == Approx(2.042272).margin(1e-6));
}

TEST_CASE("five paired differences by hand: interval, exact test, and no significance that five seeds cannot reach") {
  const std::vector<double> d{.03, .01, .02, -.01, .04};
  const auto [low, high] = t_interval(d).value();
  CHECK(low == Approx(-.00588).margin(1e-5));
  CHECK(high == Approx(.04188).margin(1e-5));
  CHECK(sign_flip_p(d) == Approx(6. / 32));
  CHECK(sign_flip_p(std::vector<double>{.3, .1, .2, .1, .4}) == Approx(2. / 32));
  CHECK(sign_flip_p(std::vector<double>{0, 0, 0}) == 1);
  CHECK_FALSE(t_interval(std::vector<double>{.1}));
}

TEST_CASE("Holm's correction multiplies the least by all, and never falls") {
  const std::vector<double> p = holm(std::vector<double>{.01, .04, .03, .005});
  CHECK(p[3] == Approx(.02));
  CHECK(p[0] == Approx(.03));
  CHECK(p[2] == Approx(.06));
  CHECK(p[1] == Approx(.06));
  CHECK(holm(std::vector<double>{.9, .8})[0] == 1);
}
