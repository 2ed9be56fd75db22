// Two defences at once ("defense.also"): what is allowed, what both together change, and that whoever attacks knows both.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <variant>

#include "mid/base/error.hpp"
#include "mid/defense/combined/combined.hpp"
#include "mid/experiment/answer_noise.hpp"
#include "mid/experiment/target.hpp"
#include "mid/report/words.hpp"
#include "outcome_of.hpp"

using namespace mid;
using Catch::Approx;

namespace {

Json small(Json defense) {
  return {{"data", {{"name", "adult"}, {"sensitive", "sex"}, {"private", 400}, {"auxiliary", 400}, {"held_out", 200}}},
          {"model", {{"hidden", {8}}, {"bottleneck", 4}}},
          {"train", {{"epochs", 2}}},
          {"defense", std::move(defense)},
          {"attack", {{"kind", "likelihood_inference"}}}};
}

Json both(const char* first, const char* second) { return {{"kind", first}, {"also", {{"kind", second}}}}; }

/// The field that a specification is refused for; empty: it is not.
std::string refused(const Json& spec) {
  try {
    check_spec(spec);
  } catch (const Error& e) {
    return e.field();
  }
  return "";
}

/// A network of the small specification's kind, trained as an attacker trains one of its own.
Network alike(const Json& defense) {
  const Spec spec = check_spec(small(defense));
  DatasetCache datasets;
  Dataset own = subset(datasets.data(spec).set, datasets.data(spec).split.auxiliary);
  std::vector<int> learnt(200);
  for (int i = 0; i < 200; ++i) learnt[static_cast<std::size_t>(i)] = i;
  const auto device = cpu_device();
  Context context{*device, Stream{1}, nullptr, {}, {}};
  Model out;
  finish(recipe_of(spec).train(context, std::move(own), std::move(learnt), Stream{7}, out));
  return std::get<Network>(out);
}

}  // namespace

TEST_CASE("a second defence is part of the specification, and none is no part of it", "[also]") {
  const Spec plain = check_spec(small({{"kind", "mid"}}));
  CHECK_FALSE(plain.defense.contains("also"));
  for (const Json& nothing : {Json(), Json::object(), Json{{"kind", "none"}}}) {
    Json spec = small({{"kind", "mid"}});
    spec["defense"]["also"] = nothing;
    CHECK(check_spec(spec).id() == plain.id());
  }
  const Spec two = check_spec(small(both("mid", "dropout")));
  CHECK(two.defense["also"] == Json{{"kind", "dropout"}, {"rate", .5}});
  CHECK(two.id() != plain.id());
  CHECK(check_spec(two.json()).json() == two.json());
  Json set = small({{"kind", "mid"}});
  set_field(set, "defense.also.kind=dropout"), set_field(set, "defense.also.rate=0.3");
  CHECK(check_spec(set).defense["also"]["rate"] == .3);
  // Whatever the order of the fields, the first defence does not take the second away.
  const Json whole =
      with_fields(small({{"kind", "none"}}), {{"defense.also.rate", .3}, {"defense.also.kind", "dropout"}, {"defense.kind", "mid"}});
  CHECK(whole["defense"]["also"]["rate"] == .3);
  CHECK(with_fields(whole, {{"model.kind", "tree"}, {"defense.kind", "none"}})["defense"] == Json{{"kind", "none"}});
  CHECK(experiment_words(two.json()).find("defence mid (beta 0.01) + dropout (rate 0.5)") != std::string::npos);
}

TEST_CASE("two defences that cannot stand together are refused by the field that is wrong", "[also]") {
  CHECK(refused(small(both("mid", "trained_noise"))) == "defense.also.kind");  // both are the bottleneck's noise
  CHECK(refused(small(both("mid", "mid"))) == "defense.also.kind");
  CHECK(refused(small(both("dp_sgd", "purification"))) == "defense.also.kind");  // what it learns afterwards is not private
  CHECK(refused(small(both("dp_sgd", "mid"))) == "defense.also.kind");           // a price of the batch has no record to clip
  CHECK(refused(small(both("none", "mid"))) == "defense.also");
  CHECK(refused(small(both("mid", "magic"))) == "defense.also.kind");
  Json third = small(both("mid", "dropout"));
  third["defense"]["also"]["also"] = {{"kind", "bido"}};
  CHECK(refused(third) == "defense.also.also");
  Json rate = small(both("mid", "dropout"));
  rate["defense"]["also"]["rate"] = 2;
  CHECK(refused(rate) == "defense.also.rate");
  Json tree = small(both("mid", "mid_targeted"));
  tree["model"] = {{"kind", "tree"}}, tree["train"] = Json::object();
  CHECK(refused(tree) == "defense.also");
  Json bare = small(both("mid", "dropout"));
  bare["model"]["hidden"] = Json::array();
  CHECK(refused(bare) == "model.hidden");
}

TEST_CASE("who may stand beside whom is said by both, and holds in either order", "[also]") {
  int pairs = 0;
  for (const Defense* a : defenses())
    for (const Defense* b : defenses()) {
      INFO(a->about.name << " beside " << b->about.name);
      CHECK(a->goes_with(*b) == b->goes_with(*a));
      if (!a->goes_with(*b)) continue;
      ++pairs;
      CHECK(a->about.is_for("network"));
      CHECK(a->place != b->place);
      const Json spec = both(std::string(a->about.name).c_str(), std::string(b->about.name).c_str());
      const Spec checked = check_spec(small(spec));
      const NetworkHooks one = network_hooks(defense_parts(checked.defense)[0]), two = network_hooks(defense_parts(checked.defense)[1]);
      // A step that is followed for itself leaves prices out, and there is one companion, one noise, one answer to learn.
      CHECK_FALSE((one.gradient && (two.penalty || two.companion || two.finish)));
      CHECK_FALSE((one.companion && two.companion));
      CHECK_FALSE((one.stochastic && two.stochastic));
      CHECK_FALSE((one.target && two.target));
    }
  CHECK(pairs > 20);
}

TEST_CASE("prices of two defences add up, and everything else of either is there", "[also]") {
  const Spec spec = check_spec(small(both("mid", "bido")));
  const std::vector<Json> parts = defense_parts(spec.defense);
  const NetworkHooks hooks = network_hooks(spec.defense);
  CHECK(hooks.stochastic);
  CHECK(hooks.most_batch == network_hooks(parts[1]).most_batch);
  Network net = make_network({{3}, "relu", 2, 5}, true, 2, 3, Stream{1});
  Program p;
  const Matrix x = (Matrix(4, 2) << 0, 0, 1, 0, 0, 1, 2, 2).finished(), y = targets_of((VectorXi(4) << 0, 0, 1, 2).finished(), 3);
  Batch batch;
  batch.rows = 4, batch.data = {p.constant(x), p.constant(y)};
  const NetworkVars v = net.record(p, batch.data[0], p.constant(Matrix::Zero(4, 2)));
  const Var sum = hooks.penalty(p, v, batch), first = network_hooks(parts[0]).penalty(p, v, batch),
            second = network_hooks(parts[1]).penalty(p, v, batch);
  for (const Var one : {sum, first, second}) p.keep(one);
  auto run = cpu_device()->compile(std::move(p));
  run->run();
  Matrix of_both, of_first, of_second;
  REQUIRE((run->read(sum, of_both) && run->read(first, of_first) && run->read(second, of_second)));
  CHECK(of_first(0, 0) != 0);
  CHECK(of_second(0, 0) != 0);
  CHECK(of_both(0, 0) == of_first(0, 0) + of_second(0, 0));
  CHECK(network_hooks(check_spec(small(both("dropout", "label_smoothing"))).defense).dropout == .5);
  CHECK(answers_carry_noise({{"kind", "network"}}, both("dropout", "trained_noise"), {{"kind", "none"}}));
}

TEST_CASE("a training with two defences is neither's alone, and the attacker makes models with both", "[also]") {
  const auto model = [](const Json& defense) { return outcome_of(small(defense)).model; };
  const std::string two = model(both("mid", "dropout"));
  CHECK(two == model(both("mid", "dropout")));
  CHECK(two != model({{"kind", "mid"}}));
  CHECK(two != model({{"kind", "dropout"}}));
  // MID's noise and the purifier's narrow layer: an attacker that knows one alone would learn from answers of another kind.
  const Network own = alike(both("mid", "purification"));
  CHECK(own.stochastic);
  CHECK(own.purifier.has_value());
  CHECK_FALSE(alike({{"kind", "mid"}}).purifier.has_value());
  const Outcome purified = outcome_of(small(both("mid", "purification")));
  CHECK(purified.result.utility.contains("purifier_agreement"));
  CHECK(purified.result.information.at("kl_bound").value.value() > 0);
}

TEST_CASE("private descent keeps its guarantee beside noise, dropout and frozen layers", "[also]") {
  const auto epsilon = [](const Json& defense) { return outcome_of(small(defense)).result.information.at("epsilon").value.value(); };
  const double alone = epsilon({{"kind", "dp_sgd"}});
  for (const char* other : {"trained_noise", "dropout", "label_smoothing"}) {
    INFO(other);
    CHECK(epsilon(both("dp_sgd", other)) == alone);
    CHECK(epsilon(both(other, "dp_sgd")) == alone);
  }
}

TEST_CASE("adversaries beside a purifier learn from the rows that the network learns from", "[also]") {
  const Outcome out = outcome_of(small(both("adversarial", "purification")));
  CHECK(out.result.utility.at("accuracy").value.value() > .5);
}

TEST_CASE("an attacker of noise with a purifier behind it loses nothing to the purifier", "[also]") {
  const auto gained = [](Json defense) {
    Json spec = small(std::move(defense));
    spec["train"]["epochs"] = 10, spec["attack"]["repeats"] = 20;
    return outcome_of(spec).result.privacy.at("advantage").value.value();
  };
  Json alone = {{"kind", "trained_noise"}, {"noise", .1}}, purified = alone;
  purified["also"] = {{"kind", "purification"}};
  CHECK(gained(alone) > .05);
  CHECK(gained(purified) > .8 * gained(alone));
}

TEST_CASE("permuted answers bring an attack on two defences down to guessing", "[also]") {
  for (const char* second : {"dropout", "purification"}) {
    INFO(second);
    Json spec = small(both("trained_noise", second));
    spec["attack"]["repeats"] = 10, spec["control"] = kPermuted;
    const Measure advantage = outcome_of(spec).result.privacy.at("advantage");
    CHECK(advantage.low.value() <= 0);
  }
}
