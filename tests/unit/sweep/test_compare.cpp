// How defences are made comparable.
#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <set>

#include "mid/base/error.hpp"
#include "mid/sweep/compare.hpp"

using namespace mid;
using Catch::Approx;

namespace {

CompareSpec story(bool quick = false) { return read_compare(preset("confidence"), .015, 2, quick); }

/// A first sweep in which each combination reached this accuracy.
SweepRuns reached(const CompareSpec& spec, const std::function<double(const std::vector<Json>&)>& accuracy) {
  SweepRuns runs = plan_strengths(spec).runs;
  for (SweepRun& r : runs.runs) {
    if (!r.refused.empty()) continue;
    Result result;
    result.id = r.id, result.spec = r.spec;
    Measure m;
    m.value = accuracy(runs.combinations[r.combination]) + (r.seed % 2 ? .002 : -.002), m.unit = "proportion";
    result.utility["accuracy"] = m;
    r.result = result;
  }
  return runs;
}

const Tuned& called(const std::vector<Tuned>& tuned, const std::string& name) {
  for (const Tuned& t : tuned)
    if (t.name == name) return t;
  FAIL("no " << name);
  return tuned.front();
}

}  // namespace

TEST_CASE("each defence is taken at the strongest setting that keeps the utility of the specification's own") {
  const CompareSpec spec = story();
  const auto tuned = tune(spec, reached(spec, [](const std::vector<Json>& at) {
                            if (at[2]["kind"] == "round") return at[2]["decimals"] == 0 ? .7 : .85;
                            if (at[2]["kind"] == "noise") return .85 - .1 * at[2]["scale"].get<double>();
                            return at[2]["kind"] == "label_only" ? .5 : .85;
                          }));
  CHECK(tuned[0].name == "mid");
  CHECK(tuned[0].at[1] == spec.base["defense"]);
  CHECK(called(tuned, "round").at[2]["decimals"] == 1);
  CHECK(called(tuned, "round").equal);
  CHECK(called(tuned, "round").utility.mean == Approx(.85));
  CHECK(called(tuned, "noise").at[2]["scale"] == .1);
  // A defence without a setting that keeps it is shown, and said to be none.
  CHECK_FALSE(called(tuned, "label only").equal);
}

TEST_CASE("the second sweep has every tuned setting under every attacker, with repeats where answers carry noise") {
  const CompareSpec spec = story();
  const auto tuned = tune(spec, reached(spec, [](const auto&) { return .85; }));
  const SweepPlan plan = plan_attackers(spec, tuned);
  CHECK(plan.runs.paths.back() == "attack");
  // The defences that leave noise in the model: its answers differ from one question to the next.
  const std::set<std::string> fresh_noise = {"cem", "conditional_mid", "fisher_noise", "mid", "trained_noise"};
  std::set<std::string> names, defended;
  for (const auto& c : plan.runs.combinations) {
    names.insert(c[3]["kind"].get<std::string>());
    if (c[3].value("repeats", 1) == 1) continue;
    INFO(c[1].dump() << c[2].dump());
    CHECK((fresh_noise.contains(c[1]["kind"]) || c[2]["kind"] == "noise" || c[2]["kind"] == "sticky"));
    defended.insert(c[1]["kind"].get<std::string>());
  }
  CHECK(names.contains("likelihood_inference"));
  CHECK_FALSE(names.contains("ridge_inversion"));  // it finds something else
  for (const std::string& kind : fresh_noise) CHECK(defended.contains(kind));
  for (const SweepRun& r : plan.runs.runs) CHECK(r.refused.empty());
}

TEST_CASE("label smoothing of either sign is a defence of its own, and a smaller epsilon is stronger") {
  const CompareSpec spec = story();
  const auto tuned = tune(spec, reached(spec, [](const std::vector<Json>& at) {
                            if (at[1]["kind"] != "label_smoothing") return .85;
                            return std::abs(at[1]["alpha"].get<double>()) > .07 ? .5 : .85;
                          }));
  CHECK(called(tuned, "label smoothing").at[1]["alpha"] == .05);
  CHECK(called(tuned, "negative label smoothing").at[1]["alpha"] == -.05);
  const CompareSpec tree = read_compare(preset("survey-tree"), .015, 2, false);
  const auto of_tree =
      tune(tree, reached(tree, [](const std::vector<Json>& at) { return at[1]["kind"] == "dp_tree" && at[1]["epsilon"] < .5 ? .5 : .85; }));
  CHECK(called(of_tree, "dp tree").at[1]["epsilon"] == 1);
  const auto none_keeps = tune(tree, reached(tree, [](const std::vector<Json>& at) { return at[1]["kind"] == "dp_tree" ? .5 : .85; }));
  CHECK(called(none_keeps, "dp tree").at[1]["epsilon"] == 30);  // the weakest
}

TEST_CASE("every adversary that a result tells of has a column") {
  const CompareSpec spec = read_compare(preset("survey-tree"), .015, 2, false);
  const std::vector<Tuned> tuned{{"mid", {Json(), spec.base["defense"], {{"kind", "none"}}}, {}, true}};
  SweepRuns runs = plan_attackers(spec, tuned).runs;
  for (SweepRun& r : runs.runs) {
    Result result;
    const auto put = [&](const char* name, double value) {
      result.privacy[name].value = value, result.privacy[name].unit = "proportion", result.privacy[name].baseline = .6;
    };
    put("attack_accuracy", .7);
    if (r.spec["attack"]["kind"] == "tree_black_box") put("attack_accuracy_answer", .9);
    r.result = result;
  }
  const Comparison c = compared(spec, tuned, runs);
  const auto at = std::find(c.attackers.begin(), c.attackers.end(), "tree black box, answer");
  REQUIRE(at != c.attackers.end());
  CHECK(*(at - 1) == "tree black box");
  CHECK(std::find(c.attackers.begin(), c.attackers.end(), "csmia, answer") == c.attackers.end());
  CHECK(c.rows[0].attackers[static_cast<std::size_t>(at - c.attackers.begin())]->mean == Approx(.9));
  CHECK(c.baseline == Approx(.6));
}

TEST_CASE("a comparison is refused where there is nothing to compare") {
  Json spec = preset("confidence");
  spec["attack"] = {{"kind", "none"}};
  CHECK_THROWS_AS(read_compare(spec, .015, 2, false), Error);
  spec = preset("confidence");
  spec["defense"] = {{"kind", "none"}};
  CHECK_THROWS_AS(read_compare(spec, .015, 2, false), Error);
}
