// The class of the record with which a model was updated: what an update is, and what the attack finds where there is nothing.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "mid/base/error.hpp"
#include "mid/experiment/target.hpp"
#include "mid/model/network/log_softmax.hpp"
#include "outcome_of.hpp"

using namespace mid;
using Catch::Approx;

namespace {

constexpr double kRate = .01;

/// A checked specification of a network with this defence, for its recipe.
Spec owner(Json defense) { return check_spec({{"data", {{"name", "digits"}}}, {"defense", std::move(defense)}}); }

Network network_of(std::vector<int> hidden, int bottleneck, bool stochastic, int inputs, int classes) {
  NetworkSpec shape;
  shape.hidden = std::move(hidden), shape.bottleneck = bottleneck;
  return make_network(shape, stochastic, inputs, classes, Stream{7}.sub("weights"));
}

/// Positive numbers, always the same.
Matrix inputs(int rows, std::uint64_t stream) {
  Matrix out(rows, 4);
  fill_normal(Stream{stream}, 0, out);
  return (out.array().abs() + .2f).matrix();
}

/// An owner who updates with one of five records, and somebody who watches.
struct Fixture {
  Fixture(Network network, Json defense, ReleaseSpec release = {}, Access access = Access::update | Access::scores)
      : model(std::move(network)), oracle(model, release, access, victims, Stream{5}) {
    oracle.allow_updates(recipe_of(owner(std::move(defense))).step, label, kRate);
  }
  std::unique_ptr<Device> device = cpu_device();
  Context context{*device, Stream{5}, nullptr, {}, {}};
  Matrix victims = inputs(5, 1), probes = inputs(6, 2);
  VectorXi label = (VectorXi(5) << 0, 1, 2, 1, 0).finished();
  Model model;
  Oracle oracle;
  /// The change of the answers of each view, one after the other.
  std::vector<Matrix> changes(int victim, std::vector<UpdateView> views) {
    std::vector<UpdateLook> looks;
    for (const UpdateView view : views) looks.push_back({view, 1});
    std::vector<Matrix> out(views.size());
    finish(oracle.observe_update(context, victim, probes, looks, [&](std::size_t look, const Answers& before, const Answers& after) {
      out[look] = after.value - before.value;
    }));
    return out;
  }
};

const Json kNone{{"kind", "none"}};

Json small(Json defense, const char* control = kNoControl) {
  return {
      {"data", {{"name", "digits"}, {"private", 500}, {"held_out", 250}, {"auxiliary", 800}, {"attacked", 250}, {"victims", "held_out"}}},
      {"model", {{"kind", "network"}, {"hidden", {32}}, {"bottleneck", 8}}},
      {"train", {{"learning_rate", .005}, {"epochs", 20}}},
      {"defense", std::move(defense)},
      {"attack", {{"kind", "updates_leak"}, {"probes", 50}, {"updates", 300}, {"networks", 2}, {"epochs", 30}}},
      {"control", control}};
}

double value(const Outcome& o, const std::string& name) { return o.result.privacy.at(name).value.value(); }
/// Four standard deviations of a share of 250 records that is a tenth.
const double kByChance = 4 * std::sqrt(.1 * .9 / 250);

}  // namespace

TEST_CASE("one step of a softmax regression changes logits by rate (e_y - p)(x.q + 1), worked out by hand") {
  Fixture f(network_of({}, 0, false, 4, 3), kNone);
  const Network& network = std::get<Network>(f.model);
  for (int victim = 0; victim < 5; ++victim) {
    const Matrix x = f.victims.row(victim);
    const Matrix p = log_softmax(logits_of(network, x)).array().exp();
    Matrix push = -p;
    push(0, f.label[victim]) += 1;
    const Matrix reach = ((f.probes * x.transpose()).array() + 1).matrix();  // the weights' part and the bias's
    const Matrix by_hand = static_cast<float>(kRate) * reach * push;
    const Matrix expected = log_softmax(Matrix(logits_of(network, f.probes) + by_hand)) - log_softmax(logits_of(network, f.probes));
    const Matrix seen = f.changes(victim, {UpdateView::released})[0];
    CHECK((seen - expected).cwiseAbs().maxCoeff() < 2e-6);
    // With x.q > 0 the only logit that grows is that of the label; confidences shift all logits by one number.
    for (Eigen::Index q = 0; q < f.probes.rows(); ++q) {
      Eigen::Index grown = 0;
      seen.row(q).maxCoeff(&grown);
      CHECK(grown == f.label[victim]);
    }
  }
}

TEST_CASE("every update begins at the model as it was, whatever came before") {
  Fixture f(network_of({6}, 0, false, 4, 3), kNone);
  const Matrix first = f.changes(0, {UpdateView::released})[0];
  CHECK(first.cwiseAbs().maxCoeff() > 0);
  (void)f.changes(1, {UpdateView::released});
  CHECK(f.changes(0, {UpdateView::released})[0] == first);
  f.oracle.permute_victims({2, 3, 0, 4, 1});
  CHECK(f.changes(2, {UpdateView::released})[0] == first);
}

TEST_CASE("views of an update differ in their noise alone") {
  const Json mid{{"kind", "mid"}, {"beta", .01}};
  using enum UpdateView;
  Fixture f(network_of({6}, 3, true, 4, 3), mid);
  const auto seen = f.changes(0, {released, fresh_noise, same_noise, mean, no_update});
  CHECK(f.oracle.queries() == 2 * 6);  // the rest is for study, nobody is asked
  CHECK(seen[0] == seen[1]);
  CHECK(seen[0] != seen[2]);
  CHECK(seen[0] != seen[3]);
  CHECK(seen[4].cwiseAbs().maxCoeff() > 0);  // two draws of a model that stayed the same
  const ReleaseSpec sticky = read_release({{"kind", "sticky"}}, "release");
  Fixture stuck(network_of({6}, 3, true, 4, 3), mid, sticky);
  const auto kept = stuck.changes(0, {released, fresh_noise, same_noise, mean, no_update});
  CHECK(kept[0] == kept[2]);
  CHECK(kept[0] != kept[1]);
  CHECK(kept[3] == seen[3]);
  CHECK(kept[4].cwiseAbs().maxCoeff() == 0);
  // An update is granted, and so is an answer.
  Fixture answers(network_of({6}, 3, true, 4, 3), mid, {}, Access::scores),
      nothing(network_of({6}, 3, true, 4, 3), mid, {}, Access::update);
  CHECK_THROWS_AS(answers.changes(0, {released}), Error);
  CHECK_THROWS_AS(nothing.changes(0, {released}), Error);
}

TEST_CASE("the owner's step is that of its defence: private descent is cut, MID pays for its code") {
  const auto moved = [](Network network, const Json& defense) {
    Fixture f(network, defense);
    finish(recipe_of(owner(defense)).step(f.context, network, f.victims.row(0), 0, kRate, Stream{3}));
    double square = 0;
    const Network& was = std::get<Network>(f.model);
    for (std::size_t i = 0; i < was.hidden.size(); ++i)
      square += (network.hidden[i].weight.value - was.hidden[i].weight.value).squaredNorm() +
                (network.hidden[i].bias.value - was.hidden[i].bias.value).squaredNorm();
    if (was.bottleneck)
      square += (network.bottleneck->weight.value - was.bottleneck->weight.value).squaredNorm() +
                (network.bottleneck->bias.value - was.bottleneck->bias.value).squaredNorm();
    square +=
        (network.head.weight.value - was.head.weight.value).squaredNorm() + (network.head.bias.value - was.head.bias.value).squaredNorm();
    return std::sqrt(square);
  };
  const Network plain = network_of({6}, 0, false, 4, 3);
  const double free = moved(plain, kNone);
  CHECK(free > kRate * .1);
  CHECK(moved(plain, {{"kind", "dp_sgd"}, {"sigma", 0}, {"clip", .1}}) == Approx(kRate * .1).epsilon(1e-3));
  // 64 weights under noise of sd clip: the step is mostly noise.
  CHECK(moved(plain, {{"kind", "dp_sgd"}, {"sigma", 100}, {"clip", .1}}) > 10 * free);
  const Network noisy = network_of({6}, 3, true, 4, 3);
  CHECK(moved(noisy, {{"kind", "mid"}, {"beta", 100}}) > 10 * moved(noisy, {{"kind", "mid"}, {"beta", 0}}));
}

TEST_CASE("an update names its class; no update, or another's, does not") {
  const Outcome straight = outcome_of(small(kNone), &shared_stages());
  CHECK(value(straight, "attack_accuracy") > .5);
  CHECK(straight.result.privacy.at("attack_accuracy").n == 250);
  CHECK(value(straight, "attack_accuracy_no_update") == Approx(.1).margin(kByChance));  // nothing changed: one guess for everybody
  // Every own record serves once.
  const Json own = straight.result.notes["own_records"];
  CHECK(own["probes"] == 50);
  CHECK(own["updates"] == 300);
  CHECK(own["shadow"] == 800 - 50 - 300);
  CHECK(straight.beliefs->values.size() == 10);
  CHECK(straight.beliefs->secret == "digit");
  CHECK_FALSE(straight.result.information.contains("attacker_limit"));
  const Outcome permuted = outcome_of(small(kNone, kPermuted), &shared_stages());
  CHECK(value(permuted, "attack_accuracy") == Approx(.1).margin(kByChance));
  CHECK(permuted.result.privacy.at("advantage").low.value() <= 0);
}

TEST_CASE("with noise the same update is told by its mean, and no update by nothing") {
  const Json mid{{"kind", "mid"}, {"beta", .01}};
  const Outcome seen = outcome_of(small(mid), &shared_stages());
  CHECK(value(seen, "attack_accuracy_mean") > value(seen, "attack_accuracy") + .1);
  CHECK(value(seen, "attack_accuracy_same_noise") > value(seen, "attack_accuracy"));
  CHECK(value(seen, "attack_accuracy_no_update") == Approx(.1).margin(kByChance));
  CHECK(seen.result.privacy.at("advantage_no_update").low.value() <= 0);
  const Outcome permuted = outcome_of(small(mid, kPermuted), &shared_stages());
  for (const char* name : {"attack_accuracy", "attack_accuracy_mean", "attack_accuracy_same_noise", "attack_accuracy_no_update"}) {
    INFO(name);
    CHECK(value(permuted, name) == Approx(.1).margin(kByChance));
  }
}

TEST_CASE("a run that is cut off while it watches updates goes on to the same figures") {
  Json j = small({{"kind", "mid"}, {"beta", .01}});
  j["data"]["attacked"] = 40, j["train"]["epochs"] = 2;
  j["attack"] = {{"kind", "updates_leak"}, {"probes", 20}, {"updates", 60}, {"networks", 2}, {"epochs", 4}, {"hidden", {8}}};
  const Spec spec = check_spec(j);
  const auto device = cpu_device();
  Context context{*device, Stream{1}, nullptr, {}, {}};
  DatasetCache datasets;
  Outcome whole;
  Task all = run_experiment(context, datasets, spec, whole);
  int ticks = 1;
  while (all.advance()) ++ticks;
  for (const double part : {.5, .7, .97}) {
    Context cut{*device, Stream{1}, nullptr, {}, {}};
    Outcome lost, found;
    Task first = run_experiment(cut, datasets, spec, lost);
    for (int t = 0; t < static_cast<int>(part * ticks); ++t) REQUIRE(first.advance());
    Context again{*device, Stream{1}, nullptr, {}, {}};
    again.saves.unpack(cut.saves.pack());
    int left = 1;
    Task rest = run_experiment(again, datasets, spec, found);
    while (rest.advance()) ++left;
    CHECK(left < ticks);
    CHECK(found.beliefs->after == whole.beliefs->after);
    for (const char* name : {"attack_accuracy_mean", "attack_accuracy_no_update"}) CHECK(value(found, name) == value(whole, name));
  }
}

TEST_CASE("a model that says nothing still tells the class by its first step: the bias moves towards it") {
  // The null control of other attacks, weights 0, is none here: the answers before the update are empty, the change is not.
  Fixture f(network_of({6}, 0, false, 4, 3), kNone);
  Model zero = f.model;
  set_to_zero(zero);
  Oracle oracle(zero, {}, Access::update | Access::scores, f.victims, Stream{5});
  oracle.allow_updates(recipe_of(owner(kNone)).step, f.label, kRate);
  Matrix change;
  const std::function<void(std::size_t, const Answers&, const Answers&)> listen =
      [&](std::size_t, const Answers& before, const Answers& after) { change = after.value - before.value; };
  finish(oracle.observe_update(f.context, 2, f.probes, {{UpdateView::released, 1}}, listen));
  Matrix push = Matrix::Constant(6, 3, -1.f / 3);
  push.col(2).array() += 1;
  const Matrix expected = (log_softmax(Matrix(static_cast<float>(kRate) * push)).array() + std::log(3.f)).matrix();
  CHECK((change - expected).cwiseAbs().maxCoeff() < 1e-6);
}
