// What the presets that are no story of the page demonstrate: docs/concepts.md, "Why differential privacy does not stop
// inversion", and the small tree of steak.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "outcome_of.hpp"

using namespace mid;
using Catch::Approx;

namespace {

Result result_of(const Json& spec) { return outcome_of(spec).result; }

/// Means of a figure of privacy, or use, over the first seeds.
struct Means {
  double attack = 0, true_target = 0, rmse = 0, constant = 0;
};
Means means_of(Json spec, int seeds) {
  Means m;
  for (int seed = 1; seed <= seeds; ++seed) {
    spec["seed"] = seed;
    const Result r = result_of(spec);
    m.attack += r.privacy.at("attack_accuracy").value.value() / seeds,
        m.true_target += r.privacy.at("attack_accuracy_true_target").value.value() / seeds;
    m.rmse += r.utility.at("rmse").value.value() / seeds, m.constant += r.utility.at("rmse").baseline.value() / seeds;
  }
  return m;
}

}  // namespace

TEST_CASE("dp-fixed-model: a model that never saw the attacked people names the gene of each of them") {
  const Result r = result_of(preset("dp-fixed-model"));
  CHECK(r.privacy.at("attack_accuracy").value == 1.);
  CHECK(r.privacy.at("attack_accuracy").n == 890);
  CHECK(r.privacy.at("attack_accuracy").baseline.value() < .45);
  // The model is the same whoever is attacked: its split has them outside.
  CHECK(r.spec["data"]["private"] == 890);
  CHECK(r.spec["data"]["victims"] == "held_out");
}

TEST_CASE("dp-large-n: with more records the private model comes to leak as much as one without privacy", "[figures]") {
  Json spec = preset("dp-large-n");
  const auto at = [&](int n) {
    Json here = spec;
    here["data"]["private"] = n;
    return means_of(here, 3);
  };
  const Means few = at(1000), many = at(50000);
  Json without = spec;
  without["defense"] = {{"kind", "none"}};
  const Means open = means_of(without, 3);
  // The method's order: .498 (.041), .565 (.010), and .569 (.011) without privacy, over five seeds.
  CHECK(few.true_target < many.true_target - .02);
  CHECK(many.true_target == Approx(open.true_target).margin(.015));
  CHECK(many.rmse == Approx(open.rmse).epsilon(.03));
  for (const Means& m : {few, many, open}) CHECK(m.attack > .999);
}

TEST_CASE("dp-weights: noise in the weights ruins the dose and not the attack", "[figures]") {
  Json spec = preset("dp-weights");
  const Means strong = means_of(spec, 5);
  spec["defense"]["epsilon"] = 10000;
  const Means weak = means_of(spec, 5);
  CHECK(strong.rmse > strong.constant);
  CHECK(weak.rmse < .9 * weak.constant);
  CHECK(strong.attack > .999);
  CHECK(weak.attack > .999);
}

TEST_CASE("steak-tree: a tree of few rows tells the secret of those it learnt from and of nobody else") {
  Json spec = preset("steak-tree");
  spec["defense"] = {{"kind", "none"}};
  const int seeds = 5;
  double precision = 0, trained = 0, strangers = 0, leaves = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    spec["seed"] = seed, spec["data"]["victims"] = "private";
    const Result r = result_of(spec);
    trained += r.privacy.at("mcc").value.value() / seeds, precision += r.privacy.at("precision").value.value() / seeds;
    leaves += r.information.at("leaves").value.value() / seeds;
    spec["data"]["victims"] = "held_out";
    strangers += result_of(spec).privacy.at("mcc").value.value() / seeds;
  }
  // method.md section 3, "Expected, steak", ten splits: leaves 97.6 (2.5); MCC .305 (.066) and precision .99 on training rows, -.01 (.08)
  // on others.
  CHECK(leaves == Approx(97.6).margin(5));
  CHECK(trained == Approx(.305).margin(.09));
  CHECK(precision > .9);
  CHECK(strangers == Approx(-.01).margin(.11));
  CHECK(trained > strangers + .15);
}
