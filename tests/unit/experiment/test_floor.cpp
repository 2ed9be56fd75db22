// The attacker of ridge_inversion picks what he cuts off himself, and whether copies of his pictures help, by how well he then draws people
// he has not learnt from.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>

#include "outcome_of.hpp"

using namespace mid;

namespace {

/// A model without noise, so that the same pictures have the same answers in every way to ask.
Json exact_answers(const char* preset_name, const Json& data) {
  Json spec = preset(preset_name);
  spec["data"].update(data);
  spec["defense"] = {{"kind", "none"}}, spec["model"]["bottleneck"] = 0, spec["train"]["epochs"] = 20;
  spec["attack"] = {{"kind", "ridge_inversion"}};
  return spec;
}

double share_back(const Result& result) { return result.privacy.at("r_squared").value.value(); }

}  // namespace

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

TEST_CASE("people drawn from a Gaussian have not moved, and the attacker leaves moved copies alone", "[recovery]") {
  StageCache cache;
  Json spec = exact_answers(
      "which-seven",
      {{"name", "digits"}, {"population", "gaussian"}, {"private", 600}, {"held_out", 200}, {"auxiliary", 600}, {"attacked", 200}});
  const Result chosen = outcome_of(spec, &cache).result;
  CHECK(chosen.notes["shifts"] == 0);
  CHECK(chosen.notes["mirror"] == false);
  CHECK(chosen.notes["auxiliary_pictures"] == 2000);
  CHECK(chosen.notes["components"].get<int>() > 40);  // all that these people are made of
  spec["attack"]["shifts"] = 2, spec["attack"]["mirror"] = true;
  const Result copies = outcome_of(spec, &cache).result;
  CHECK_FALSE(copies.notes.contains("shifts"));
  CHECK(share_back(chosen) > share_back(copies) + .02);
  spec["attack"]["shifts"] = 0, spec["attack"]["mirror"] = false;
  const Result alone = outcome_of(spec, &cache).result;
  CHECK(std::abs(share_back(alone) - share_back(chosen)) < 1e-3);
}

TEST_CASE("of two ways to learn from photos the attacker takes the one with the least cross-validated error", "[recovery]") {
  StageCache cache;
  Json spec = exact_answers("visitors", {{"image_size", 32}});
  const Json notes = outcome_of(spec, &cache).result.notes;
  const bool copies = notes["mirror"].get<bool>();
  CHECK(notes["shifts"] == (copies ? 2 : 0));
  CHECK(notes["auxiliary_pictures"] == (copies ? 820 : 82));
  // What is told is done: half of it leaves half to choose.
  spec["attack"]["mirror"] = true;
  const Json told = outcome_of(spec, &cache).result.notes;
  CHECK(told["mirror"] == true);
  CHECK(told["auxiliary_pictures"] == (told["shifts"] == 2 ? 820 : 164));
  spec["attack"]["shifts"] = 1;
  CHECK(outcome_of(spec, &cache).result.notes["auxiliary_pictures"] == 820);
}
