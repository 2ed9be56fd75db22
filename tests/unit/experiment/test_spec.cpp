#include <catch2/catch_test_macros.hpp>
#include <string>

#include "mid/base/error.hpp"
#include "mid/base/typed_value.hpp"
#include "mid/experiment/answer_noise.hpp"
#include "mid/experiment/named_files.hpp"
#include "mid/experiment/spec.hpp"

using namespace mid;

namespace {
std::string sentence(const Json& spec) {
  try {
    check_spec(spec);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}
bool says(const Json& spec, const char* part) { return sentence(spec).find(part) != std::string::npos; }
}  // namespace

TEST_CASE("numbers are read as people write them, and everything else that is no JSON stays text") {
  CHECK(value_of(".1") == Json(.1));
  CHECK(value_of("-.5") == Json(-.5));
  CHECK(value_of("+2") == Json(2));
  CHECK(value_of("1.") == Json(1.));
  CHECK(value_of("+.5e-3") == Json(.5e-3));
  CHECK(value_of("1.e3") == Json(1000.));
  CHECK(value_of("true") == Json(true));
  CHECK(value_of("[1,2]") == Json({1, 2}));
  for (const char* text : {".", "-.", "+", "1.2.3", "e5", ".e5", "mid", "1.5 mg", "..5", "++1", "", "1,5", "a.b"})
    CHECK(value_of(text) == Json(text));
  Json spec = Json::object();
  set_field(spec, "defense.beta=.1");
  CHECK(spec["defense"]["beta"] == Json(.1));
}

TEST_CASE("an empty specification is complete after the check") {
  const Spec s = check_spec(Json::object());
  CHECK(s.data["name"] == "london-faces");
  CHECK(s.defense["kind"] == "none");
  CHECK(s.attack["kind"] == "none");
  CHECK(s.train["optimizer"] == "adam");
  CHECK(s.seed == 1);
  CHECK(check_spec(s.json()).json() == s.json());
}

TEST_CASE("the same experiment has the same name however much of it is written out") {
  CHECK(check_spec({{"seed", 3}}).id() == check_spec(check_spec({{"seed", 3}}).json()).id());
  CHECK(check_spec({{"seed", 3}}).id() != check_spec({{"seed", 4}}).id());
  CHECK(check_spec({{"train", {{"batch", 20.0}}}}).id() == check_spec({{"train", {{"batch", 20}}}}).id());
}

TEST_CASE("every preset passes the check and its own schema names every field") {
  for (const std::string& name : preset_names()) {
    INFO(name);
    CHECK_NOTHROW(check_spec(preset(name)));
  }
  CHECK_THROWS_AS(preset("nobody"), Error);
}

TEST_CASE("the schema that an editor looks at is no part of what is run") {
  const Json plain = preset("confidence");
  Json edited = plain;
  edited["$schema"] = "./spec.schema.json";
  CHECK(check_spec(edited).json() == check_spec(plain).json());
  CHECK(run_id(check_spec(edited)) == run_id(check_spec(plain)));
  CHECK(says({{"$schema", 7}}, "$schema is not a field"));
}

TEST_CASE("a wrong field is named with what was found and what is allowed") {
  CHECK(says({{"dta", Json::object()}}, "dta is not a field"));
  CHECK(says({{"defense", {{"kind", "mid"}, {"beta", -1}}}}, "defense.beta must lie in 0 to 1,000 per nat, found -1"));
  CHECK(says({{"defense", {{"kind", "mid"}, {"lambda", 1}}}}, "defense.lambda"));
  CHECK(says({{"defense", {{"kind", "magic"}}}}, "defense.kind must be"));
  CHECK(says({{"train", {{"epochs", 2.5}}}}, "train.epochs must be a whole number, found 2.5"));
  CHECK(says({{"train", {{"epochs", "many"}}}}, "train.epochs"));
  CHECK(says({{"train", 5}}, "train must be an object"));
  CHECK(says({{"seed", -1}}, "seed must be a whole number"));
  CHECK(says({{"version", 2}}, "version must be 1"));
  CHECK(says(Json::array(), "must be an object"));
  CHECK(says({{"attack", {{"kind", 7}}}}, "attack.kind must be text"));
}

TEST_CASE("noise in the bottleneck needs a bottleneck, and the sentence names both fields") {
  const Json bad{{"model", {{"bottleneck", 0}}}, {"defense", {{"kind", "mid"}}}};
  CHECK(says(bad, "model.bottleneck"));
  CHECK(says(bad, "defense.kind"));
  CHECK(sentence({{"model", {{"bottleneck", 0}}}}).empty());
}

TEST_CASE("choosing a kind replaces the object by that kind's defaults, other fields are kept") {
  Json spec = preset("visitors");
  set_field(spec, "defense.beta=0.3");
  CHECK(spec["defense"]["beta"] == 0.3);
  set_field(spec, "defense.kind=none");
  CHECK(spec["defense"] == Json{{"kind", "none"}});
  set_field(spec, "train.epochs=2");
  CHECK(spec["train"]["epochs"] == 2);
  CHECK(spec["train"]["batch"] == 20);
  set_field(spec, "seed=9");
  CHECK(spec["seed"] == 9);
  CHECK_THROWS_AS(set_field(spec, "nothing"), Error);
  CHECK_THROWS_AS(set_field(spec, "nobody.x=1"), Error);
  CHECK_THROWS_AS(set_field(spec, "train.a.b=1"), Error);
}

TEST_CASE("the schema lists every entry of every section") {
  const Json schema = spec_schema();
  for (const Section& section : sections()) {
    INFO(section.name);
    const Json& s = schema["properties"][section.name];
    CHECK((section.entries.size() == 1 ? s.contains("properties") : s["oneOf"].size() == section.entries.size()));
  }
}

TEST_CASE("answers carry noise under every defence that leaves it in the model, and under a noisy release") {
  const Json network{{"kind", "network"}}, linear{{"kind", "linear"}}, tree{{"kind", "tree"}}, none{{"kind", "none"}};
  for (const char* defence : {"mid", "conditional_mid", "trained_noise", "cem", "fisher_noise"}) {
    INFO(defence);
    CHECK(answers_carry_noise(network, {{"kind", defence}}, none));
  }
  for (const char* defence : {"none", "dropout", "bido", "dp_sgd", "label_smoothing"}) {
    INFO(defence);
    CHECK_FALSE(answers_carry_noise(network, {{"kind", defence}}, none));
  }
  CHECK(answers_carry_noise(linear, {{"kind", "mid"}}, none));
  CHECK_FALSE(answers_carry_noise(linear, {{"kind", "functional_mechanism"}}, none));
  CHECK_FALSE(answers_carry_noise(tree, {{"kind", "mid"}}, none));
  CHECK(answers_carry_noise(network, none, {{"kind", "noise"}}));
  CHECK_FALSE(answers_carry_noise(network, none, {{"kind", "round"}}));
}
