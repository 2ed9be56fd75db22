// Bounds on reconstruction beside the attackers, on Gaussian people, for whom they are limits.
#include <catch2/catch_test_macros.hpp>

#include "outcome_of.hpp"

using namespace mid;

namespace {

double value_of(const std::map<std::string, Measure>& of, const char* name) { return of.at(name).value.value(); }

Json drawn_digits(const Json& defense, const Json& attack, const char* of) {
  Json spec = preset("which-seven");
  spec["data"] = {{"name", "digits"}, {"population", "gaussian"}};
  spec["model"]["bottleneck"] = 8, spec["train"]["epochs"] = 10;
  spec["defense"] = defense, spec["attack"] = attack, spec["release"] = {{"kind", "none"}, {"of", of}};
  return spec;
}

}  // namespace

TEST_CASE("no attacker of Gaussian people brings back more than the ceiling, and an exact answer has none", "[figures]") {
  StageCache cache;
  const Json ridge{{"kind", "ridge_inversion"}}, network{{"kind", "inversion_network"}, {"epochs", 10}};
  const Json mid{{"kind", "mid"}, {"beta", .003}}, noise{{"kind", "trained_noise"}, {"noise", .5}};
  double before = 1;
  for (const auto& [defense, attack, of] : {std::tuple{mid, ridge, "embedding"},
                                            {mid, network, "embedding"},
                                            {mid, ridge, "answer"},
                                            {noise, ridge, "embedding"},
                                            {noise, network, "embedding"}}) {
    INFO(defense << " " << attack << " " << of);
    const Result result = outcome_of(drawn_digits(defense, attack, of), &cache).result;
    const Measure& found = result.privacy.at("r_squared");
    const double ceiling = value_of(result.information, "ceiling");
    CHECK(found.low.value() <= ceiling);
    CHECK(found.value.value() > .05);  // the attack works, or it would beat nothing anyhow
    CHECK(ceiling < 1);
    CHECK(ceiling == std::min(value_of(result.information, "ceiling_van_trees"), value_of(result.information, "ceiling_rate_distortion")));
    CHECK(value_of(result.information, "ceiling_cem") >= value_of(result.information, "ceiling_rate_distortion") - 1e-12);
    CHECK(found.n == 2000);
    before = ceiling;
  }
  // Ten answers tell more.
  Json ten = drawn_digits(noise, ridge, "embedding");
  ten["attack"]["repeats"] = 10;
  const Result more = outcome_of(ten, &cache).result;
  CHECK(value_of(more.information, "ceiling") > before);
  CHECK(more.privacy.at("r_squared").low.value() <= value_of(more.information, "ceiling"));
  const Result exact = outcome_of(drawn_digits({{"kind", "none"}}, ridge, "embedding"), &cache).result;
  CHECK(value_of(exact.information, "ceiling") == 1);
  CHECK_FALSE(exact.information.contains("ceiling_van_trees"));
}

TEST_CASE("people of the set have no ceiling") {
  Json spec = drawn_digits({{"kind", "mid"}, {"beta", .003}}, {{"kind", "ridge_inversion"}}, "embedding");
  spec["data"]["population"] = "records";
  CHECK_FALSE(outcome_of(spec).result.information.contains("ceiling"));
}
