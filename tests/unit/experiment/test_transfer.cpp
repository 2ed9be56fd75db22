// Layers that are learnt from public people and frozen: what a training leaves alone, who the public people are, and what private descent
// counts.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <set>
#include <variant>

#include "mid/base/error.hpp"
#include "mid/experiment/target.hpp"
#include "mid/model/model.hpp"
#include "outcome_of.hpp"

using namespace mid;
using Catch::Approx;

namespace mid::defense {
extern const Defense dp_sgd, transfer;
}

namespace {

Json faces(const Json& defense, int epochs = 2) {
  Json spec = preset("visitors");
  spec["defense"] = defense, spec["model"] = {{"kind", "network"}, {"hidden", {24, 12}}, {"bottleneck", 0}};
  spec["data"]["image_size"] = 16, spec["train"]["epochs"] = epochs, spec["attack"] = {{"kind", "none"}};
  return spec;
}

Network trained(const Json& spec) {
  const auto device = cpu_device();
  const Spec checked = check_spec(spec);
  Context context{*device, Stream{checked.seed}, nullptr, {}, {}};
  DatasetCache datasets;
  Target target;
  finish(train_target(context, checked, datasets.data(checked), "faces", target));
  return std::get<Network>(target.model);
}

Json transfer(int layers, int epochs = 3, const char* people = "shared") {
  return {{"kind", "transfer"}, {"layers", layers}, {"epochs", epochs}, {"people", people}};
}

}  // namespace

TEST_CASE("frozen layers do not depend on the private records: their gradient is exactly 0", "[transfer]") {
  const Network short_one = trained(faces(transfer(1), 1)), long_one = trained(faces(transfer(1), 4));
  CHECK(short_one.hidden[0].weight.value == long_one.hidden[0].weight.value);
  CHECK(short_one.hidden[0].bias.value == long_one.hidden[0].bias.value);
  CHECK(short_one.hidden[1].weight.value != long_one.hidden[1].weight.value);
  CHECK(short_one.head.weight.value != long_one.head.weight.value);
  // With no rounds at the public people the layers stay as a network without defence begins: the control of mere freezing.
  const Network random = trained(faces(transfer(2, 0), 4)), free = trained(faces({{"kind", "none"}}, 4));
  const Network start =
      make_network({{24, 12}, "relu", 0, 5}, false, 256, 40, Stream{check_spec(faces(transfer(1))).seed}.sub("weights"), {16, 16, 1});
  CHECK(random.hidden[0].weight.value == start.hidden[0].weight.value);
  CHECK(random.hidden[1].bias.value == start.hidden[1].bias.value);
  CHECK(random.head.weight.value != start.head.weight.value);
  CHECK(free.hidden[0].weight.value != start.hidden[0].weight.value);
  CHECK(short_one.hidden[0].weight.value != start.hidden[0].weight.value);
}

TEST_CASE("what is frozen is the public people's, whatever is done to the layers behind", "[transfer]") {
  Json noisy = faces(transfer(1));
  noisy["model"]["bottleneck"] = 4, noisy["defense"]["also"] = {{"kind", "mid"}};
  Json plain = noisy;
  plain["defense"].erase("also");
  CHECK(trained(noisy).hidden[0].weight.value == trained(plain).hidden[0].weight.value);
  CHECK(trained(noisy).stochastic);
}

TEST_CASE("public people are nobody who is private, and apart is half of them, whom the attacker lacks", "[transfer]") {
  const Spec shared = check_spec(faces(transfer(1))), apart = check_spec(faces(transfer(1, 3, "apart")));
  DatasetCache datasets;
  const Data& data = datasets.data(apart);
  const auto people = [&](const std::vector<int>& rows) {
    std::set<int> out;
    for (const int row : rows) out.insert(data.set.person[static_cast<std::size_t>(row)]);
    return out;
  };
  const std::set<int> all = people(data.split.auxiliary), left = people(attacker_rows(apart, data));
  CHECK(people(attacker_rows(shared, data)) == all);
  CHECK(left.size() == all.size() / 2);
  CHECK(trained(faces(transfer(1, 3, "apart"))).hidden[0].weight.value != trained(faces(transfer(1))).hidden[0].weight.value);
  // A person who is public and private at once is found, and the field is named.
  Data mixed = data;
  mixed.split.auxiliary.push_back(mixed.split.test.front());
  const auto device = cpu_device();
  Context context{*device, Stream{1}, nullptr, {}, {}};
  Target target;
  try {
    finish(train_target(context, shared, mixed, "mixed", target));
    FAIL("a private person was public");
  } catch (const Error& e) {
    CHECK(e.field() == "data.auxiliary");
  }
}

TEST_CASE("a network with fewer layers than are frozen is refused", "[transfer]") {
  Json spec = faces(transfer(3));
  try {
    check_spec(spec);
    FAIL("three of two layers were frozen");
  } catch (const Error& e) {
    CHECK(e.field() == "model.hidden");
  }
}

TEST_CASE("private descent measures a record by the layers that move, worked out by hand", "[transfer][dp_sgd]") {
  // An input of 2, a frozen layer of weight 3 (it gives 6), a head of weight 1 and bias -6: the logit is 0, the target 1, so delta is -.5.
  // The record's gradient of the head is (-3, -.5), of length .5 sqrt(37); with the frozen layer's (-1, -.5) it would be longer.
  Network net = make_network({{1}, "relu", 0, 5}, false, 1, 2, Stream{1});
  net.hidden[0].weight.value(0, 0) = 3, net.hidden[0].bias.value(0, 0) = 0, net.head.weight.value(0, 0) = 1, net.head.bias.value(0, 0) = -6;
  const NetworkHooks hooks = defense::dp_sgd.network({{"kind", "dp_sgd"}, {"sigma", 0}, {"clip", 1}});
  Program p;
  Batch batch;
  batch.rows = batch.expected = 1;
  Matrix two(1, 1), one(1, 1);
  two << 2, one << 1;
  batch.data = {p.constant(two), p.constant(one)}, batch.present = p.constant(one);
  NetworkVars v = net.record(p, batch.data[0]);
  const Var row_loss = record_cross_entropy(p, v.logits, batch.data[1]);
  v.layers.erase(v.layers.begin());  // as a training with one frozen layer hands them on
  const std::vector<Var> gradient = hooks.gradient(p, v, row_loss, batch);
  REQUIRE(gradient.size() == 2);
  for (const Var g : gradient) p.keep(g);
  auto run = cpu_device()->compile(std::move(p));
  run->run();
  Matrix weight, bias;
  REQUIRE((run->read(gradient[0], weight) && run->read(gradient[1], bias)));
  const double norm = .5 * std::sqrt(6. * 6 + 1);
  CHECK(weight(0, 0) == Approx(-3 / norm));
  CHECK(bias(0, 0) == Approx(-.5 / norm));
  // And a whole training: what moves is clipped and noisy, what is frozen is not touched.
  Json spec = faces(transfer(1));
  spec["defense"]["also"] = {{"kind", "dp_sgd"}};
  const Network a = trained(spec);
  spec["train"]["epochs"] = 5;
  const Network b = trained(spec);
  CHECK(a.hidden[0].weight.value == b.hidden[0].weight.value);
  CHECK(a.hidden[1].weight.value != b.hidden[1].weight.value);
}

TEST_CASE("permuted answers bring the attack on a transferred network down to guessing", "[transfer]") {
  Json spec = faces(transfer(1));
  spec["attack"] = {{"kind", "ridge_inversion"}}, spec["control"] = kPermuted;
  const Outcome out = outcome_of(spec);
  const Measure& line_up = out.result.privacy.at("line_up");
  CHECK(line_up.low.value() <= .1);
  CHECK(line_up.high.value() >= .05);
}
