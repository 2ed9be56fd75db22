// Networks with convolutions: every defence, every attack on pictures, control, release and save point does with them what it does
// with a perceptron, and what cannot is refused by name.
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "mid/attack/attack.hpp"
#include "mid/base/error.hpp"
#include "mid/base/stage_cache.hpp"
#include "mid/defense/defense.hpp"
#include "outcome_of.hpp"

using namespace mid;

namespace {

Json small() {
  return {{"data", {{"name", "digits"}, {"private", 80}, {"held_out", 40}, {"auxiliary", 80}, {"attacked", 20}}},
          {"model",
           {{"convolutions", Json::array({{{"filters", 3}, {"padding", 1}, {"pool", 2}}, {{"filters", 4}, {"kernel", 2}, {"stride", 2}}})},
            {"hidden", {8}},
            {"bottleneck", 4}}},
          {"train", {{"epochs", 2}, {"batch", 10}}},
          {"defense", {{"kind", "mid"}, {"beta", .01}}},
          {"attack", {{"kind", "none"}}}};
}

/// An entry's own settings, small.
Json quick(const About& about) {
  const Json values{{"epochs", 2},    {"steps", 5},  {"networks", 2}, {"updates", 10},        {"probes", 10}, {"components", 5},
                    {"judge", false}, {"trials", 2}, {"code", 3},     {"generator_steps", 2}, {"draws", 2},   {"restarts", 2},
                    {"hidden", {8}},  {"shifts", 0}, {"rounds", 2},   {"repeats", 2}};
  Json out{{"kind", std::string(about.name)}};
  if (about.params)
    for (const Param& p : about.params())
      if (values.contains(p.name)) out[p.name] = values[p.name];
  return out;
}

}  // namespace

TEST_CASE("every defence of networks defends one with convolutions", "[convolution]") {
  int defended = 0;
  for (const Defense* d : defenses()) {
    if (!d->network) continue;
    INFO(d->about.name);
    Json spec = small();
    spec["defense"] = {{"kind", std::string(d->about.name)}};
    try {
      const Result result = outcome_of(spec).result;
      CHECK(result.utility.at("accuracy").value.has_value());
      ++defended;
    } catch (const Error& e) {  // what a digit shows is all that these data hold: there is no secret to learn against
      CHECK(std::string(e.what()).find("data.sensitive") != std::string::npos);
    }
  }
  CHECK(defended >= 8);
}

TEST_CASE("every attack on pictures works on a network with convolutions", "[convolution]") {
  std::set<std::string> worked;
  for (const Attack* a : attacks()) {
    const auto& models = a->about.models;
    if (a->finds == Attack::Finds::attribute || (!models.empty() && std::find(models.begin(), models.end(), "network") == models.end()))
      continue;
    INFO(a->about.name);
    Json spec = small();
    spec["attack"] = quick(a->about);
    if (a->finds == Attack::Finds::label) spec["data"]["victims"] = "held_out";
    const Result result = outcome_of(spec).result;
    CHECK_FALSE(result.privacy.empty());
    worked.insert(std::string(a->about.name));
  }
  for (const char* name : {"ridge_inversion", "inversion_network", "mi_face", "gmi", "updates_leak"}) CHECK(worked.contains(name));
}

TEST_CASE("null controls and releases know convolutions", "[convolution]") {
  Json spec = small();
  spec["attack"] = {{"kind", "ridge_inversion"}, {"prior", "pixels"}, {"draws", 2}, {"shifts", 0}};
  for (const char* control : {"permuted", "zero"}) {
    spec["control"] = control;
    CHECK(outcome_of(spec).result.privacy.contains("line_up"));
  }
  spec.erase("control");
  for (const char* kind : {"label_only", "round", "noise", "sticky"}) {
    spec["release"] = {{"kind", kind}};
    INFO(kind);
    CHECK(outcome_of(spec).result.privacy.contains("line_up"));
  }
}

TEST_CASE("a network with convolutions goes on where it was stopped, and comes back from the cache", "[convolution]") {
  const Spec spec = check_spec(small());
  const auto run_from = [&](const std::string& state, StageCache* cache, std::vector<std::string>* states) {
    const auto device = cpu_device();
    DatasetCache datasets;
    Context context{*device, Stream{1}, cache, {}, {}};
    context.saves.unpack(state);
    Outcome outcome;
    Task task = run_experiment(context, datasets, spec, outcome);
    while (task.advance())
      if (states && context.saves.ready()) states->push_back(context.saves.pack());
    Json j = outcome.result.json();
    j.erase("timing");
    return j;
  };
  std::vector<std::string> states;
  const Json whole = run_from("", nullptr, &states);
  REQUIRE(states.size() > 2);
  CHECK(run_from(states[states.size() / 3], nullptr, nullptr) == whole);
  CHECK(run_from(states[states.size() / 2], nullptr, nullptr) == whole);
  StageCache cache;
  CHECK(run_from("", &cache, nullptr) == whole);
  CHECK(run_from("", &cache, nullptr) == whole);
}

TEST_CASE("priors that draw may have convolutions, which are part of their stage's key", "[convolution]") {
  Json spec = small();
  spec["defense"] = {{"kind", "none"}};
  const Json windows = Json::array({{{"filters", 3}, {"kernel", 3}, {"padding", 1}, {"pool", 2}}});
  StageCache cache;
  const auto of = [&](const char* attack, const char* prior, const Json& convolutions) {
    INFO(attack << " " << prior);
    const auto about = std::find_if(attacks().begin(), attacks().end(), [&](const Attack* a) { return a->about.name == attack; });
    spec["attack"] = quick((*about)->about);
    spec["attack"]["prior"] = prior, spec["attack"]["convolutions"] = convolutions;
    if (spec["attack"].contains("queries")) spec["attack"]["queries"] = 200;
    return outcome_of(spec, &cache).result.json()["privacy"];
  };
  for (const char* prior : {"vae", "wgan_gp"}) {
    const Json seen = of("mi_face", prior, windows);
    CHECK(seen != of("mi_face", prior, Json::array()));
    CHECK(seen == of("mi_face", prior, windows));
  }
  for (const char* attack : {"gmi", "cma_es", "brep_mi"}) CHECK_FALSE(of(attack, "vae", windows).empty());
  const auto refused = [&](const char* prior, const Json& convolutions) {
    try {
      of("mi_face", prior, convolutions);
      return std::string("accepted");
    } catch (const Error& e) {
      return e.field();
    }
  };
  CHECK(refused("pca", windows) == "attack.convolutions");
  CHECK(refused("vae", Json::array({{{"kernel", 60}}})) == "attack.convolutions[0].kernel");
}

TEST_CASE("convolutions are refused for what is no picture", "[convolution]") {
  Json spec = small();
  spec["data"] = {{"name", "adult"}, {"private", 100}, {"auxiliary", 100}, {"held_out", 50}};
  try {
    outcome_of(spec);
    FAIL("accepted");
  } catch (const Error& e) {
    CHECK(e.field() == "model.convolutions");
  }
}
