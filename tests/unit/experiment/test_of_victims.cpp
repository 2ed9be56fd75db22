// Parameters of a data set that say only who is attacked (DataSource::of_victims): the model is not trained anew. Seeds are fixed.
#include <catch2/catch_test_macros.hpp>

#include "mid/data/labelled_pictures.hpp"
#include "mid/data/source.hpp"
#include "mid/experiment/dataset_cache.hpp"
#include "outcome_of.hpp"

using namespace mid;

namespace {

Json digits_to_attack() {
  Json spec = preset("which-seven");
  spec["data"] = {{"name", "digits"}, {"attacked", 40}};
  spec["model"] = {{"kind", "network"}, {"hidden", {16}}};
  spec["train"]["epochs"] = 2;
  spec["attack"] = {{"kind", "ridge_inversion"}};
  return spec;
}

/// All of a result but what it took and which specification it is of.
Json figures(const Outcome& outcome) {
  Json all = outcome.result.json();
  for (const char* name : {"id", "spec", "timing"}) all.erase(name);
  return all;
}

}  // namespace

TEST_CASE("a digit of one's own, other victims and fewer are attacked with the model that is there, and give what a new one gives") {
  StageCache cache;
  const Outcome first = outcome_of(digits_to_attack(), &cache);
  Json drawn = digits_to_attack(), fewer = digits_to_attack(), held_out = digits_to_attack();
  drawn["data"]["drawn"] = drawn_text(Matrix::Constant(1, 64, 1.f / 3)), drawn["data"]["drawn_label"] = 7;
  fewer["data"]["attacked"] = 10;
  held_out["data"]["victims"] = "held_out";
  for (const Json& spec : {drawn, fewer, held_out}) {
    const Outcome again = outcome_of(spec, &cache), alone = outcome_of(spec);
    CHECK(again.result.timing.train == first.result.timing.train);  // the first one's, to the bit: it comes from the cache
    CHECK(figures(again) == figures(alone));
    CHECK(figures(again) != figures(first));
  }
  Json other = digits_to_attack();
  other["data"]["private"] = 700;  // learns from fewer
  CHECK(outcome_of(other, &cache).result.timing.train != first.result.timing.train);
}

TEST_CASE("what is learnt from has one name whoever is attacked, except where people are drawn, from whom the model learns") {
  const auto learnt = [](Json data) {
    Json json = digits_to_attack();
    json["data"].update(data);
    const Spec spec = check_spec(json);
    return training_data_key(spec, data_key(spec));
  };
  CHECK(learnt({{"attacked", 10}}) == learnt(Json::object()));
  CHECK(learnt({{"private", 700}}) != learnt(Json::object()));
  CHECK(learnt({{"population", "gaussian"}, {"attacked", 10}}) != learnt({{"population", "gaussian"}}));
  for (const DataSource* source : data_sources()) {
    INFO(source->about.name);
    for (const std::string_view name : source->of_victims) {
      const std::vector<Param> params = source->about.all_params();
      CHECK(std::any_of(params.begin(), params.end(), [&](const Param& p) { return p.name == name; }));
    }
  }
}
