#include "mid/sweep/halving.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace mid;

namespace {

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

Pairs rounds(std::size_t settings, std::size_t seeds, std::size_t budget) {
  Pairs out;
  for (const HalvingRound& r : halving_rounds(settings, seeds, budget)) out.emplace_back(r.settings, r.seeds);
  return out;
}

/// One seed a setting.
SweepRuns sweep_of(const std::vector<std::pair<double, double>>& accuracy_and_attack) {
  SweepRuns sweep;
  sweep.paths = {"defense.beta"};
  for (std::size_t c = 0; c < accuracy_and_attack.size(); ++c) {
    sweep.combinations.push_back({static_cast<double>(c)});
    SweepRun run{c, 1, std::to_string(c), nullptr};
    run.result.emplace();
    run.result->utility["accuracy"].value = accuracy_and_attack[c].first;
    run.result->privacy["attack_accuracy"].value = accuracy_and_attack[c].second;
    sweep.runs.push_back(std::move(run));
  }
  return sweep;
}

}  // namespace

TEST_CASE("rounds of successive halving, by hand") {
  // 8 settings take 3 rounds with 8 of 24 runs each: 8 x 1, 4 x 2 more, 2 x 4 more.
  CHECK(rounds(8, 100, 24) == Pairs{{8, 1}, {4, 3}, {2, 7}});
  // 5, 3, 2: 20 / 3 runs a round are 1, 2 and 3 seeds more, and no setting has more than 3.
  CHECK(rounds(5, 3, 20) == Pairs{{5, 1}, {3, 3}, {2, 3}});
  CHECK(rounds(1, 3, 7) == Pairs{{1, 3}});
  CHECK(rounds(2, 9, 8) == Pairs{{2, 4}});
  CHECK(rounds(5, 3, 14).empty());
}

TEST_CASE("a budget is never exceeded") {
  for (std::size_t settings = 1; settings < 40; ++settings)
    for (std::size_t budget = 1; budget < 400; budget += 7) {
      std::size_t runs = 0, before = 0;
      for (const HalvingRound& r : halving_rounds(settings, 30, budget)) runs += r.settings * (r.seeds - before), before = r.seeds;
      CHECK(runs <= budget);
    }
}

TEST_CASE("settings go on by how many others are better in both measures") {
  // 0 and 2 are beaten by none, 3 by 0 and 2, 1 by all.
  SweepRuns sweep = sweep_of({{.9, .6}, {.7, .9}, {.8, .5}, {.8, .6}});
  const TradeOffMeasures measures{"accuracy", "attack_accuracy"};
  CHECK(better_settings(sweep, {0, 1, 2, 3}, 2, measures) == std::vector<std::size_t>{0, 2});
  CHECK(better_settings(sweep, {0, 1, 2, 3}, 3, measures) == std::vector<std::size_t>{0, 2, 3});
  CHECK(better_settings(sweep, {1, 3}, 1, measures) == std::vector<std::size_t>{3});
  CHECK(better_settings(sweep, {0, 2}, 1, measures) == std::vector<std::size_t>{0});  // equal: the first
  sweep.runs[0].result->privacy.clear();
  CHECK(better_settings(sweep, {0, 1, 2, 3}, 2, measures) == std::vector<std::size_t>{2, 3});
  sweep.runs[2].refused = "no", sweep.runs[2].result.reset();
  CHECK(better_settings(sweep, {0, 2}, 1, measures).empty());
}
