// What a defence does on the way of a specification, and what it notes down about it.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "mid/model/tree/tree_prune.hpp"
#include "mid/model/tree/tree_text.hpp"
#include "outcome_of.hpp"

using namespace mid;
using Catch::Approx;

namespace {

Tree tree_of(const Outcome& outcome) { return tree_from_json(Json::parse(outcome.model).at("tree"), "the outcome"); }

/// A small survey; lambda by pruning, or grown without a price.
Json survey(double lambda) {
  Json spec = preset("survey-tree");
  spec["data"]["rows"] = 1500, spec["data"]["private"] = 1000, spec["data"]["held_out"] = 500;
  spec["model"]["min_leaf"] = 5;
  spec["defense"] = {{"kind", "mid"}, {"lambda", lambda}, {"by", "pruning"}};
  return spec;
}

}  // namespace

TEST_CASE("a specification that asks for pruning gets the grown tree cut back, and the whole path of prices") {
  Json without = survey(0);
  without["defense"] = {{"kind", "none"}};
  const Tree whole = tree_of(outcome_of(without));
  REQUIRE(whole.leaves() > 20);
  for (const double lambda : {0., .01, .05, 10.}) {
    INFO(lambda);
    const Outcome found = outcome_of(survey(lambda));
    CHECK(tree_json(tree_of(found)) == tree_json(pruned(whole, lambda)));
    CHECK(found.result.information.at("leaves").value.value() == pruned(whole, lambda).leaves());
  }
  const Json note = outcome_of(survey(.01)).result.notes.at("pruning");
  const auto path = prune_path(whole);
  REQUIRE(note.at("lambda").size() == path.size());
  CHECK(note.at("lambda").front() == 0);
  CHECK(note.at("leaves").back() == 1);
  for (std::size_t i = 0; i < path.size(); ++i) {
    CHECK(note.at("lambda")[i] == path[i].lambda);
    CHECK(note.at("leaves")[i] == path[i].leaves);
    CHECK(note.at("error")[i] == path[i].cost.error);
    CHECK(note.at("information")[i] == path[i].cost.information);
  }
}

TEST_CASE("growing and pruning by the same price are two trees, and only pruning has a path") {
  Json growing = survey(.02);
  growing["defense"].erase("by");
  CHECK(check_spec(growing).defense["by"] == "growing");
  const Outcome grown = outcome_of(growing), cut = outcome_of(survey(.02));
  CHECK_FALSE(grown.result.notes.contains("pruning"));
  CHECK(tree_json(tree_of(grown)) != tree_json(tree_of(cut)));
}

TEST_CASE("a regression's fit says how both descents ended, of a model from the stage cache, too") {
  StageCache cache;
  Json spec = preset("dose");
  const Json notes = outcome_of(spec, &cache).result.notes;
  REQUIRE(notes.at("descents").size() == 2);
  CHECK(notes.at("descents")[0].at("end") == "converged");
  CHECK((notes.at("kept_start") == "ols" || notes.at("kept_start") == "shrunk"));
  spec["attack"]["repeats"] = 2;  // another outcome, the same model
  const Json again = outcome_of(spec, &cache).result.notes;
  CHECK(again.at("descents") == notes.at("descents"));
  CHECK(again.contains("answer_sd"));
}
