// Attacks on membership: what they find where there is something, and nothing where there is nothing. Seeds are fixed.
#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <set>

#include "mid/base/error.hpp"
#include "mid/experiment/dataset_cache.hpp"
#include "mid/experiment/members.hpp"
#include "outcome_of.hpp"

using namespace mid;
using Catch::Approx;

namespace {

double figure_of(const Outcome& o, const char* name) { return o.result.privacy.at(name).value.value(); }

/// A network that learns 150 digits by heart.
Json by_heart() {
  return {{"data", {{"name", "digits"}, {"private", 150}, {"held_out", 400}, {"auxiliary", 300}, {"attacked", 20}}},
          {"model", {{"hidden", {64}}, {"bottleneck", 0}}},
          {"train", {{"epochs", 60}, {"batch", 20}}},
          {"attack", {{"kind", "membership"}, {"shadows", 8}}}};
}

Json changed(Json spec, const Json& fields) { return with_fields(std::move(spec), fields); }

}  // namespace

TEST_CASE("as many members as strangers are asked about, in an order that tells nothing, and no shadow sees one") {
  DatasetCache datasets;
  const Spec spec = check_spec(by_heart());
  const Data& data = datasets.data(spec);
  const std::vector<int>& asked = data.split.attacked;
  CHECK(asked.size() == 300);
  const VectorXi member = membership_of(data.split);
  CHECK(member.sum() == 150);
  CHECK(member.head(150).sum() > 50);
  CHECK(member.head(150).sum() < 100);
  const std::set<int> train(data.split.train.begin(), data.split.train.end()), test(data.split.test.begin(), data.split.test.end());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    CHECK(train.contains(asked[i]) == (member[static_cast<Eigen::Index>(i)] == 1));
    CHECK(test.contains(asked[i]) == (member[static_cast<Eigen::Index>(i)] == 0));
    CHECK(std::find(data.split.auxiliary.begin(), data.split.auxiliary.end(), asked[i]) == data.split.auxiliary.end());
  }
  // Another attack on the same data has its own victims.
  CHECK(datasets.data(check_spec(changed(by_heart(), {{"attack.kind", "none"}}))).split.attacked != asked);
}

TEST_CASE("members of a network that learns by heart are found, and none with permuted answers or in an empty network") {
  StageCache cache;
  const Outcome straight = outcome_of(by_heart(), &cache);
  CHECK(figure_of(straight, "auc") > .6);
  CHECK(straight.result.privacy.at("auc").low.value() > .5);
  CHECK(straight.result.privacy.at("auc_gap").low.value() > .5);
  CHECK(figure_of(straight, "advantage") > 0);
  CHECK(straight.result.privacy.at("attack_accuracy").baseline.value() == .5);
  CHECK(straight.result.privacy.at("tpr_at_fpr_10").baseline.value() == .1);
  CHECK(figure_of(straight, "tpr_at_fpr_10") > .1);
  CHECK_FALSE(straight.result.privacy.contains("tpr_at_fpr_1"));  // 150 strangers: 1 % of them is one
  CHECK(straight.beliefs->values == std::vector<std::string>{"stranger", "member"});
  // More records of one's own make shadows no larger than the model: thresholds are still learnt from as many members as strangers.
  const Outcome many = outcome_of(changed(by_heart(), {{"data.auxiliary", 600}}), &cache);
  CHECK(many.result.notes["shadow_records"] == 150);
  CHECK(figure_of(many, "advantage") > .04);
  for (const char* control : {kPermuted, kZero}) {
    INFO(control);
    const Outcome nothing = outcome_of(changed(by_heart(), {{"control", control}}), &cache);
    for (const char* name : {"auc", "auc_gap"}) {
      const Measure& m = nothing.result.privacy.at(name);
      CHECK(m.low.value() <= .5);
      CHECK(m.high.value() >= .5);
    }
    CHECK(nothing.result.privacy.at("advantage").low.value() <= 0);
  }
}

TEST_CASE("private descent keeps what it promises about members, and says what that is") {
  const Outcome kept = outcome_of(changed(by_heart(), {{"defense", {{"kind", "dp_sgd"}, {"sigma", 8}}}, {"train.epochs", 10}}));
  const double epsilon = kept.result.information.at("epsilon").value.value(), bound = std::exp(epsilon) * .1 + 1e-5;
  REQUIRE(bound < 1);
  CHECK(kept.result.privacy.at("tpr_at_fpr_10").low.value() <= bound);
  CHECK(kept.result.notes["membership_bound"]["tpr_at_fpr_10"].get<double>() == Approx(bound));
  CHECK(std::any_of(kept.result.warnings.begin(), kept.result.warnings.end(),
                    [](const Message& m) { return m.in("en").starts_with("the training is private"); }));
}

TEST_CASE("a regression on few records gives its members away; a private one, and one of many, does not") {
  Json spec{{"data", {{"name", "warfarin"}, {"private", 40}, {"held_out", 400}, {"auxiliary", 400}}},
            {"model", {{"kind", "linear"}}},
            {"attack", {{"kind", "membership"}}}};
  double found = 0;
  const int seeds = 5;
  for (int seed = 1; seed <= seeds; ++seed) {
    spec["seed"] = seed;
    found += figure_of(outcome_of(spec), "auc_gap") / seeds;
  }
  CHECK(found > .6);  // 15 weights for 40 records
  const Outcome kept = outcome_of(changed(spec, {{"defense", {{"kind", "functional_mechanism"}, {"epsilon", 1}}}}));
  CHECK(kept.result.information.at("epsilon").value == 1.);
  CHECK(kept.result.privacy.at("tpr_at_fpr_10").low.value() <= std::exp(1.) * .1);
  CHECK(outcome_of(changed(spec, {{"control", kPermuted}})).result.privacy.at("advantage").low.value() <= 0);
}

TEST_CASE("members of a deep tree are found by what their leaf counts, and a private tree says its epsilon") {
  const Json spec{{"data", {{"name", "adult"}, {"rows", 2000}, {"private", 500}, {"held_out", 500}, {"auxiliary", 1000}}},
                  {"model", {{"kind", "tree"}, {"max_depth", 12}, {"min_leaf", 1}}},
                  {"attack", {{"kind", "membership"}, {"shadows", 8}}}};
  StageCache cache;
  CHECK(outcome_of(spec, &cache).result.privacy.at("auc_gap").low.value() > .5);
  CHECK(outcome_of(changed(spec, {{"control", kPermuted}}), &cache).result.privacy.at("advantage").low.value() <= 0);
  const Outcome kept = outcome_of(changed(spec, {{"defense", {{"kind", "dp_tree"}, {"epsilon", .5}}}}));
  CHECK(kept.result.information.at("epsilon").value == .5);
  CHECK(kept.result.privacy.at("tpr_at_fpr_10").low.value() <= std::exp(.5) * .1);
}

TEST_CASE("membership where it cannot be asked is refused with the way out") {
  const auto complaint = [](const Json& spec) -> std::string {
    try {
      (void)outcome_of(spec);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  CHECK(complaint(changed(by_heart(), {{"release", {{"kind", "none"}, {"of", "embedding"}}}, {"model.bottleneck", 8}}))
            .starts_with("release.of must be answer"));
  CHECK(complaint(changed(by_heart(), {{"data.auxiliary", 3}})).starts_with("data.auxiliary leaves the attacker 3 records"));
  CHECK(complaint(changed(preset("face-from-name"), {{"attack", {{"kind", "membership"}}}})).find("has a class of the model") !=
        std::string::npos);
}
