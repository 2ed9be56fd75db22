// What a person looks at after an attack on pictures: the answers that the attacker got, and a line-up of each row.
#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <numeric>

#include "outcome_of.hpp"

using Catch::Approx;
using namespace mid;

namespace {

Json specification(const Json& release) {
  return {{"data", {{"name", "digits"}}},
          {"model", {{"kind", "network"}, {"hidden", {24}}, {"bottleneck", 8}}},
          {"train", {{"epochs", 4}}},
          {"release", release},
          {"attack", {{"kind", "ridge_inversion"}}},
          {"seed", 3}};
}

double sum_of(const AnswerSheet& answers, int row) {
  const auto from = answers.value.begin() + row * answers.numbers;
  return std::accumulate(from, from + answers.numbers, 0.);
}

}  // namespace

TEST_CASE("the sheet holds the answers as the release leaves them, and how many names each is spread over") {
  const PictureSheet exact = outcome_of(specification({{"kind", "none"}}), &shared_stages()).sheet.value();
  REQUIRE(exact.answers.numbers == 10);
  CHECK(exact.answers.names.size() == 10);
  CHECK_FALSE(exact.answers.partly);
  for (int row = 0; row < exact.rows; ++row) {
    CHECK(sum_of(exact.answers, row) == Approx(1).epsilon(1e-4));
    CHECK(exact.answers.spread[static_cast<std::size_t>(row)] >= 1);
    CHECK(exact.answers.spread[static_cast<std::size_t>(row)] <= 10);
  }
  const PictureSheet label = outcome_of(specification({{"kind", "label_only"}}), &shared_stages()).sheet.value();
  CHECK(label.answers.partly);
  CHECK(std::count(label.answers.value.begin(), label.answers.value.end(), 0.) == 9 * label.rows);
  for (int row = 0; row < label.rows; ++row) {
    CHECK(sum_of(label.answers, row) == 1);
    CHECK(label.answers.spread[static_cast<std::size_t>(row)] == Approx(1));
  }
  const PictureSheet rounded = outcome_of(specification({{"kind", "round"}, {"decimals", 1}}), &shared_stages()).sheet.value();
  for (const double v : rounded.answers.value) CHECK(10 * v == Approx(std::round(10 * v)).margin(1e-5));
  const PictureSheet inside = outcome_of(specification({{"kind", "none"}, {"of", "embedding"}}), &shared_stages()).sheet.value();
  CHECK(inside.answers.inside);
  CHECK(inside.answers.numbers == 8);
  CHECK(inside.answers.names.empty());
}

TEST_CASE("in every row's line-up stands its true picture, and the same people whatever the release is") {
  const PictureSheet exact = outcome_of(specification({{"kind", "none"}}), &shared_stages()).sheet.value();
  const PictureSheet label = outcome_of(specification({{"kind", "label_only"}}), &shared_stages()).sheet.value();
  const LineUpSheet& lines = exact.line_ups;
  REQUIRE(lines.size == 10);
  CHECK(lines.candidate == label.line_ups.candidate);
  CHECK(lines.truth == label.line_ups.truth);
  CHECK(lines.likeness != label.line_ups.likeness);
  for (int row = 0; row < exact.rows; ++row) {
    const int truth = lines.candidate[static_cast<std::size_t>(row * lines.size + lines.truth[static_cast<std::size_t>(row)])];
    CHECK(truth == row);
    const double chance = exact.line_up[static_cast<std::size_t>(row)];
    const bool picked = lines.pick[static_cast<std::size_t>(row)] == lines.truth[static_cast<std::size_t>(row)];
    if (chance == 0) CHECK_FALSE(picked);
    if (chance == 1) CHECK(picked);
  }
}
