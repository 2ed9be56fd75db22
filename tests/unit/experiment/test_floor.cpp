// The attacker of ridge_inversion picks what he cuts off himself, by how well he then draws people he has not learnt from.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>

#include "outcome_of.hpp"

using namespace mid;

TEST_CASE("a floor that is not given is the one with the least cross-validated error, and the notes say which") {
  Json spec = preset("visitors");
  spec["defense"] = {{"kind", "none"}}, spec["model"]["bottleneck"] = 0, spec["train"]["epochs"] = 40;
  StageCache cache;
  std::map<double, double> r2;
  for (const double floor : {-12., -25., -50., -100.}) {
    spec["attack"]["floor"] = floor;
    const Json notes = outcome_of(spec, &cache).result.notes;
    CHECK(notes["floor"] == floor);
    r2[floor] = notes["cross_validation_r2"].get<double>();
  }
  spec["attack"]["floor"] = nullptr;
  const Json notes = outcome_of(spec, &cache).result.notes;
  const auto best = std::max_element(r2.begin(), r2.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  CHECK(notes["cross_validation_r2"] == best->second);
  CHECK(r2.at(notes["floor"].get<double>()) == best->second);
  CHECK(best->second > r2.at(-12));  // of a sure network the floor matters

  // A penalty that is given does not keep the attacker from choosing.
  spec["attack"]["regularisation"] = .03;
  CHECK(outcome_of(spec, &cache).result.notes["floor"] != -12);
  // Numbers inside and labels have no floor.
  spec["release"] = {{"kind", "label_only"}};
  CHECK_FALSE(outcome_of(spec, &cache).result.notes.contains("floor"));
}
