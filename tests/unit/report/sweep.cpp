#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "example.hpp"
#include "mid/base/error.hpp"
#include "mid/report/sweep_table.hpp"
#include "mid/report/trade_off.hpp"

using namespace mid;

namespace {

/// A sweep over the given defences and releases, two seeds each, with invented figures: the second seed's are .02 higher.
SweepRuns example_sweep(const std::vector<std::pair<Json, Json>>& treatments, double accuracy = .8, double advantage = .5) {
  SweepRuns sweep;
  sweep.paths = {"defense", "release"};
  for (const auto& [defense, release] : treatments) {
    for (std::uint64_t seed : {1u, 2u}) {
      SweepRun run{sweep.combinations.size(), seed, std::to_string(sweep.runs.size()), example_result().spec};
      run.spec["defense"] = defense, run.spec["release"] = release, run.spec["seed"] = seed;
      Result r = example_result();
      r.id = run.id, r.spec = run.spec;
      const double more = .02 * static_cast<double>(seed - 1) + .001 * static_cast<double>(sweep.combinations.size());
      r.utility["accuracy"].value = accuracy + more, r.privacy["advantage"].value = advantage + more;
      run.result = std::move(r);
      sweep.runs.push_back(std::move(run));
    }
    sweep.combinations.push_back({defense, release});
  }
  return sweep;
}

Json mid_of(double beta) { return {{"kind", "mid"}, {"beta", beta}}; }
const Json kNone{{"kind", "none"}}, kPlain{{"kind", "none"}, {"of", "answer"}};
Json round_of(int decimals) { return {{"kind", "round"}, {"of", "answer"}, {"decimals", decimals}}; }

Figure drawn(const SweepRuns& sweep) { return trade_off(sweep, trade_off_measures(sweep, "", "")); }

}  // namespace

TEST_CASE("a line says what was varied, and nothing of when it ran") {
  SweepRuns sweep = example_sweep({{mid_of(.1), kPlain}});
  const Json line = sweep_json(sweep)[1];
  CHECK(line["varied"] == Json{{"defense", mid_of(.1)}, {"release", kPlain}});
  CHECK(line["seed"] == 2);
  CHECK(!line.contains("timing"));
  CHECK(line["spec"] == sweep.runs[1].spec);
  CHECK(line["notes"] == sweep.runs[1].result->notes);
  const std::string before = sweep_lines(sweep);
  sweep.runs[0].result->timing.train = 99;
  CHECK(sweep_lines(sweep) == before);
  sweep.runs[1].result.reset();  // not there yet
  CHECK(sweep_json(sweep).size() == 1);
}

TEST_CASE("the tables give mean, standard deviation and baseline") {
  SweepRuns sweep = example_sweep({{mid_of(.1), kPlain}, {kNone, round_of(2)}});
  const std::string csv = sweep_csv(sweep);
  CHECK(csv.starts_with("defense,release,runs,failed,refused,accuracy_mean,accuracy_sd,accuracy_n,accuracy_baseline,"));
  CHECK(csv.find("\"{\"\"beta\"\":0.1,\"\"kind\"\":\"\"mid\"\"}\"") != std::string::npos);
  CHECK(csv.find(",2,0,0,0.81,0.0141") != std::string::npos);
  const std::string text = sweep_text(sweep);
  CHECK(text.find("81.0 ± 1.4 (2.5)") != std::string::npos);
  CHECK(text.find("mid (beta 0.1)") != std::string::npos);
}

TEST_CASE("what failed or was refused is said with its sentence, and counts in no mean") {
  SweepRuns sweep = example_sweep({{mid_of(.1), kPlain}, {kNone, kPlain}});
  Result broken;
  broken.id = sweep.runs[1].id, broken.spec = sweep.runs[1].spec, broken.failed = RunFailure{"training", "the loss is no number"};
  sweep.runs[1].result = broken;
  for (int i : {2, 3})
    sweep.runs[static_cast<std::size_t>(i)].result.reset(), sweep.runs[static_cast<std::size_t>(i)].refused = "beta is no field";
  const std::string text = sweep_text(sweep);
  CHECK(text.find("failed: defense mid (beta 0.1), release none (of answer), seed 2: the loss is no number\n") != std::string::npos);
  CHECK(text.find("refused: defense none, release none (of answer): beta is no field\n") == text.rfind("refused: "));
  CHECK(text.find("80.0 (2.5)") != std::string::npos);
  CHECK(sweep_csv(sweep).find(",1,1,0,0.8,,1,") != std::string::npos);
  CHECK(sweep_json(sweep)[2]["refused"] == "beta is no field");
  CHECK(drawn(sweep).panels[0].series.size() == 1);
}

TEST_CASE("a mean over some seeds only is said to be one, and has no point in the chart") {
  SweepRuns sweep = example_sweep({{mid_of(.1), kPlain}, {mid_of(1), kPlain}});
  sweep.runs[0].result->utility["accuracy"].value.reset();
  CHECK(sweep_text(sweep).find("only in 1 of 2: 82.0 (2.5)") != std::string::npos);
  const Figure figure = drawn(sweep);
  CHECK(figure.panels[0].series[0].points.size() == 1);
  CHECK(figure.foot.find("1 combination without") != std::string::npos);
}

TEST_CASE("a series for each defence and release, joined by strength, its ends named") {
  const Figure figure = drawn(example_sweep(
      {{mid_of(1), kPlain}, {mid_of(.1), kPlain}, {mid_of(.3), kPlain}, {kNone, round_of(1)}, {kNone, round_of(3)}, {kNone, kPlain}}));
  const auto& series = figure.panels[0].series;
  REQUIRE(series.size() == 3);
  CHECK(series[0].name == "MID");
  CHECK(series[0].role == Chart::Role::defend);
  CHECK(series[1].name == "No defence, rounded");
  CHECK(series[1].role == Chart::Role::rounding);
  CHECK(series[2].name == "No defence");
  CHECK(series[2].role == Chart::Role::ink);
  const auto& close = figure.panels.back().series[0].points;  // the labels stand where there is room
  REQUIRE(close.size() == 3);
  CHECK(close[0].label == "β = 0.1");
  CHECK(close[1].label.empty());
  CHECK(close[2].label == "β = 1");
  CHECK(close[1].x == Catch::Approx(.512));
  CHECK(*close[1].x_high - close[1].x == Catch::Approx(.0141421356));
  CHECK(figure.panels.back().series[1].points[0].label == "1 decimal");
}

TEST_CASE("proportions go from 0 to 100 %, and a corner is enlarged beside that") {
  const Figure narrow = drawn(example_sweep({{mid_of(.1), kPlain}, {mid_of(1), kPlain}}));
  REQUIRE(narrow.panels.size() == 2);
  CHECK(narrow.panels[0].x.low == 0);
  CHECK(narrow.panels[0].x.high == 1);
  CHECK(narrow.panels[0].y.low == 0);
  CHECK(narrow.panels[0].y.high == 1);
  REQUIRE(narrow.panels[0].region);
  CHECK(narrow.panels[0].region->left == narrow.panels[1].x.low);
  CHECK(narrow.panels[1].y.high <= 1);
  CHECK(narrow.panels[1].y.low < .8);
  CHECK(narrow.panels[0].marks.size() == 2);
}

TEST_CASE("what belongs to no defence makes a panel each; so do more series than the eye tells apart") {
  SweepRuns sweep = example_sweep({{mid_of(.1), kPlain}, {mid_of(1), kPlain}});
  sweep.paths[1] = "attack.repeats", sweep.combinations[0][1] = 1, sweep.combinations[1][1] = 10;
  const Figure figure = drawn(sweep);
  REQUIRE(figure.panels.size() == 4);
  CHECK(figure.panels[0].title == "attack.repeats = 1");
  CHECK(figure.panels[2].title == "attack.repeats = 10");

  std::vector<std::pair<Json, Json>> many;
  for (const char* kind : {"dropout", "label_smoothing", "purification"}) many.push_back({{{"kind", kind}}, kPlain});
  const Figure three = drawn(example_sweep(many));  // three with one mark: a panel each, beside one of them all
  REQUIRE(three.panels.size() == 4);
  CHECK(three.panels[0].series.size() == 3);
  CHECK(three.panels[0].region);
  CHECK(three.panels[1].series.size() == 1);
  CHECK(three.panels[1].title == "Dropout");
  many.pop_back();
  const Figure two = drawn(example_sweep(many));
  REQUIRE(two.panels.size() == 2);
  CHECK(!two.panels[0].series[0].second);
  CHECK(two.panels[0].series[1].second);
}

TEST_CASE("a measure that no run gave is an error that lists what there is") {
  const SweepRuns sweep = example_sweep({{mid_of(.1), kPlain}});
  CHECK(trade_off_measures(sweep, "", "").utility == "accuracy");
  CHECK(trade_off_measures(sweep, "", "").privacy == "advantage");
  CHECK(trade_off_measures(sweep, "nll", "kl_bound").privacy == "kl_bound");
  CHECK_THROWS_AS(trade_off_measures(sweep, "mcc", ""), Error);
  CHECK_THROWS_AS(trade_off_measures(sweep, "", "accuracy"), Error);
  CHECK(trade_off_measures(SweepRuns{}, "", "").privacy.empty());
}

TEST_CASE("a list that is walked gives the tables and the chart of one that is held") {
  SweepRuns sweep = example_sweep({{mid_of(.1), kPlain}, {mid_of(.3), kPlain}, {mid_of(1), kPlain}, {kNone, kPlain}, {kNone, round_of(2)}});
  sweep.runs[4].result.reset(), sweep.runs[4].refused = "beta is no field";
  sweep.runs[3].result->failed = RunFailure{"training", "the loss is no number"};
  for (const std::size_t i : {6u, 7u}) sweep.runs[i].result.reset(), sweep.runs[i].refused = "no";
  SweepRuns walked{sweep.paths, sweep.combinations, {}};
  walked.seeds = 2, walked.figures = sweep.given();
  walked.walk = [&](const std::function<void(SweepRun&)>& see) {
    for (SweepRun run : sweep.runs) {
      run.spec = nullptr;
      see(run);
    }
  };
  walked.make_spec = [&](const SweepRun& run) { return sweep.runs[2 * run.combination + static_cast<std::size_t>(run.seed) - 1].spec; };
  CHECK(sweep_csv(walked) == sweep_csv(sweep));
  CHECK(sweep_text(walked) == sweep_text(sweep));
  CHECK(sweep_lines(walked) == sweep_lines(sweep));
  CHECK(sweep_timing(walked) == sweep_timing(sweep));
  CHECK(trade_off_measures(walked, "", "").privacy == trade_off_measures(sweep, "", "").privacy);
  const Figure a = drawn(walked), b = drawn(sweep);
  CHECK(a.foot == b.foot);
  REQUIRE(a.panels.size() == b.panels.size());
  for (std::size_t p = 0; p < a.panels.size(); ++p) {
    REQUIRE(a.panels[p].series.size() == b.panels[p].series.size());
    for (std::size_t i = 0; i < a.panels[p].series.size(); ++i) {
      CHECK(a.panels[p].series[i].name == b.panels[p].series[i].name);
      CHECK(a.panels[p].series[i].points.size() == b.panels[p].series[i].points.size());
    }
  }
}

TEST_CASE("the table for people stops after ten thousand combinations and says so, the one for programs has them all") {
  SweepRuns sweep;
  sweep.paths = {"defense.beta"};
  for (std::size_t c = 0; c < 10'005; ++c) {
    SweepRun run{c, 1, std::to_string(c), nullptr};
    run.result.emplace().utility["accuracy"] = {.5, {}, {}, {}, 3, "proportion"};
    sweep.runs.push_back(std::move(run));
    sweep.combinations.push_back({c});
  }
  const std::string text = sweep_text(sweep), csv = sweep_csv(sweep);
  CHECK(text.find(" 9999 ") != std::string::npos);
  CHECK(text.find(" 10000 ") == std::string::npos);
  CHECK(text.ends_with("\nand 5 combinations more: table.csv has them all\n"));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 10'006);
}
