// What a run tells about the defences of networks, and the attacker who undoes a mixing.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "mid/info/rdp.hpp"
#include "outcome_of.hpp"

using namespace mid;
using Catch::Approx;

namespace {

Json small(const char* defense) {
  return {{"data", {{"name", "adult"}, {"private", 400}, {"auxiliary", 400}, {"held_out", 200}}},
          {"model", {{"hidden", {8}}, {"bottleneck", 4}}},
          {"train", {{"epochs", 2}}},
          {"defense", {{"kind", defense}}},
          {"attack", {{"kind", "likelihood_inference"}}}};
}

double figure(const std::map<std::string, Measure>& of, const char* name) { return of.at(name).value.value(); }

}  // namespace

TEST_CASE("who undoes a mixing draws as well as from the answers before it") {
  Json spec = preset("which-seven");
  spec["defense"] = {{"kind", "none"}}, spec["train"]["epochs"] = 3;
  spec["data"]["private"] = 1000, spec["data"]["auxiliary"] = 1000, spec["data"]["attacked"] = 500;
  StageCache cache;
  const double plain = figure(outcome_of(spec, &cache).result.privacy, "line_up");
  spec["release"] = {{"kind", "mixing"}, {"weight", .6}};
  const double mixed = figure(outcome_of(spec, &cache).result.privacy, "line_up");
  spec["release"] = {{"kind", "top_k"}, {"keep", 10}};
  CHECK(figure(outcome_of(spec, &cache).result.privacy, "line_up") == Approx(plain).margin(.01));
  CHECK(plain > .3);
  // A confidence of a mixed answer is known to 3e-8: what lies below that is lost in single precision.
  CHECK(mixed == Approx(plain).margin(.03));
}

TEST_CASE("an exact answer names the secret, mixed or cut to the largest confidence as well") {
  Json spec = small("none");
  for (const char* kind : {"none", "mixing", "top_k"}) {
    spec["release"] = {{"kind", kind}};
    if (spec["release"]["kind"] == "top_k") spec["release"]["keep"] = 1;
    INFO(kind);
    CHECK(figure(outcome_of(spec).result.privacy, "attack_accuracy") > .98);
  }
}

TEST_CASE("conditional MID tells its own bound, beside the one on the code") {
  Json spec = small("conditional_mid");
  const Result once = outcome_of(spec).result;
  CHECK(figure(once.information, "conditional_kl") > 0);
  CHECK(figure(once.information, "conditional_kl_train") > 0);
  CHECK(once.information.contains("kl_bound"));
  spec["attack"]["repeats"] = 5;
  CHECK(figure(outcome_of(spec).result.information, "conditional_kl") == Approx(5 * figure(once.information, "conditional_kl")));
  // Strangers have no class: nothing is claimed about them.
  Json faces = preset("visitors");
  faces["defense"] = {{"kind", "conditional_mid"}}, faces["train"]["epochs"] = 1, faces["attack"] = {{"kind", "none"}};
  const Result strangers = outcome_of(faces).result;
  CHECK_FALSE(strangers.information.at("conditional_kl").value.has_value());
  CHECK(strangers.information.at("conditional_kl_train").value.has_value());
}

TEST_CASE("DP-SGD tells epsilon of the records, pictures moved or not") {
  Json spec = small("dp_sgd");
  const Result plain = outcome_of(spec).result;
  CHECK(figure(plain.information, "epsilon") == Approx(epsilon_of_steps(40, .05, 1.1, 1e-5).epsilon));  // 400 records, batch 20, 2 epochs
  CHECK(plain.notes["privacy_loss"]["steps"] == 40);
  spec["defense"]["sigma"] = 0;
  CHECK_FALSE(outcome_of(spec).result.information.at("epsilon").value.has_value());
  Json faces = preset("visitors");
  faces["defense"] = {{"kind", "dp_sgd"}}, faces["train"]["epochs"] = 2, faces["attack"] = {{"kind", "none"}};
  CHECK(outcome_of(faces).result.notes["privacy_loss"]["steps"] == 4);  // 40 people, batch 20: a copy of a picture is no record
}

TEST_CASE("a purified model says how often the label stays, and has learnt from fewer rows") {
  Json spec = small("purification");
  spec["train"]["epochs"] = 10;
  StageCache cache;
  const Outcome first = outcome_of(spec, &cache);
  CHECK(figure(first.result.utility, "purifier_agreement") > .9);
  // What comes back from the cache answers the same.
  spec["release"] = {{"kind", "label_only"}};
  const double label = figure(outcome_of(spec, &cache).result.utility, "accuracy");
  CHECK(label == figure(first.result.utility, "accuracy"));
}

TEST_CASE("every defence of networks trains with a seed, twice the same") {
  for (const char* defense : {"bido", "conditional_mid", "dp_sgd", "dropout", "label_smoothing", "purification"}) {
    INFO(defense);
    const Outcome a = outcome_of(small(defense)), b = outcome_of(small(defense));
    CHECK(a.model == b.model);
    CHECK(figure(a.result.utility, "accuracy") > .5);
  }
}
