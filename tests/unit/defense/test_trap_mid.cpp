// Trap-MID by hand (method.md 4.1): how a trigger is blended in and priced, and how triggers and critic move. And as its authors' code does
// both (golden/rivals.json).
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <filesystem>

#include "../matrices.hpp"
#include "mid/base/file.hpp"
#include "mid/defense/defense.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;

namespace mid::defense {
extern const Defense trap_mid;
}

namespace {

double softplus(double z) { return std::log1p(std::exp(z)); }

/// Two classes, two pixels, no hidden layer: the logit is 2 x_1 - 3 x_2.
Network linear_net() {
  Network net = make_network({{}, "relu", 0, 5}, false, 2, 2, Stream{1});
  net.head.weight.value = (Matrix(2, 1) << 2, -3).finished(), net.head.bias.value.setZero();
  return net;
}

NetworkHooks hooks_of(double blend) { return defense::trap_mid.network({{"kind", "trap_mid"}, {"blend", blend}, {"weight", .2}}); }

}  // namespace

TEST_CASE("a trigger by hand: a pixel of .5 under a trigger of 1 is .51, and the trap takes its share of the loss", "[trap_mid]") {
  Network net = linear_net();
  const Matrix inputs = row({.5f, .5f}), targets = Matrix::Zero(1, 1);
  const auto companion = hooks_of(.02).companion();
  companion->begin(net, {inputs, targets, {}, 0, true}, Stream{3});
  Parameter& trigger = *companion->kept()[0];
  REQUIRE(trigger.value.rows() == 2);
  trigger.value << 0, 0, 1, 1;
  Program p;
  Batch batch;
  batch.rows = 1, batch.data = {p.constant(inputs), p.constant(targets)}, batch.record_data = p.constant(row({0, 1}));
  const NetworkVars v = net.record(p, batch.data[0]);
  const Var penalty = companion->penalty(p, v, batch);
  p.keep(penalty);
  auto run = cpu_device()->compile(std::move(p));
  run->run();
  Matrix found;
  REQUIRE(run->read(penalty, found));
  const double plain = 2 * .5 - 3 * .5, trapped = 2 * .51 - 3 * .51;
  CHECK_THAT(found(0, 0), WithinAbs(.2 * (softplus(-trapped) - softplus(plain)), 1e-6));
}

TEST_CASE("triggers move by a hundredth a pixel along the sign of their slope, and stay pixels", "[trap_mid]") {
  Network net = linear_net();
  const Matrix inputs = Matrix::Constant(12, 2, .5f), targets = Matrix::Zero(12, 1);
  const auto companion = hooks_of(.02).companion();
  companion->begin(net, {inputs, targets, {}, 0, true}, Stream{3});
  const std::vector<Parameter*> kept = companion->kept();
  // A critic that says the same of every picture pulls at no trigger: what is left is the network's surprise at the trigger's class.
  kept[kept.size() - 2]->value.setZero();
  kept[0]->value << .3f, .995f, .3f, .004f;
  const auto device = cpu_device();
  Context context{*device, Stream{5}, nullptr, {}, {}};
  finish(companion->before_epoch(context, net, 0));
  const Matrix record_data = *companion->record_data(), once = kept[0]->value;
  for (Eigen::Index r = 0; r < record_data.rows(); ++r) CHECK(record_data.row(r).sum() == 1);
  REQUIRE(record_data.col(0).sum() > 0);
  REQUIRE(record_data.col(1).sum() > 0);
  CHECK_THAT(once(0, 0), WithinAbs(.29, 1e-6));  // class 0 is where the logit is small
  CHECK_THAT(once(0, 1), WithinAbs(1, 1e-6));
  CHECK_THAT(once(1, 0), WithinAbs(.31, 1e-6));
  CHECK_THAT(once(1, 1), WithinAbs(0, 1e-6));
  // Classes are drawn anew for each epoch, and the same for the same epoch.
  finish(companion->before_epoch(context, net, 1));
  CHECK(*companion->record_data() != record_data);
  finish(companion->before_epoch(context, net, 0));
  CHECK(*companion->record_data() == record_data);
}

TEST_CASE("the critic learns, and a trigger that is not blended in is pulled by nobody", "[trap_mid]") {
  Network net = make_network({{4}, "relu", 0, 5}, false, 2, 3, Stream{1});
  const Matrix inputs = Matrix::Random(12, 2).array().abs(), targets = Matrix::Zero(12, 3);
  for (const double blend : {0., .5}) {
    const auto companion = hooks_of(blend).companion();
    companion->begin(net, {inputs, targets, {}, 0, true}, Stream{3});
    const std::vector<Parameter*> kept = companion->kept();
    const Matrix trigger = kept[0]->value, critic = kept[1]->value, weight = net.hidden[0].weight.value;
    CHECK(trigger.minCoeff() >= 0);
    CHECK(trigger.maxCoeff() <= 1);
    CHECK(trigger != Matrix::Constant(3, 2, trigger(0, 0)));
    const auto device = cpu_device();
    Context context{*device, Stream{5}, nullptr, {}, {}};
    finish(companion->before_epoch(context, net, 0));
    CHECK((kept[0]->value == trigger) == (blend == 0));
    CHECK((kept[0]->value - trigger).cwiseAbs().maxCoeff() <= .01f + 1e-6f);
    CHECK(net.hidden[0].weight.value == weight);
    CHECK(kept[1]->value != critic);
  }
}

TEST_CASE("a trigger of records that are no pictures lies between each input's lowest and highest", "[trap_mid]") {
  Network net = linear_net();
  const Matrix inputs = (Matrix(2, 2) << -2, 10, 4, 10).finished(), targets = Matrix::Zero(2, 1);
  const auto companion = hooks_of(1).companion();  // nothing but the trigger
  companion->begin(net, {inputs, targets, {}, 0, false}, Stream{3});
  companion->kept()[0]->value << 0, 0, .5f, 1;
  Program p;
  Batch batch;
  batch.rows = 2, batch.data = {p.constant(inputs), p.constant(targets)},
  batch.record_data = p.constant((Matrix(2, 2) << 0, 1, 0, 1).finished());
  const Var penalty = companion->penalty(p, net.record(p, batch.data[0]), batch);
  p.keep(penalty);
  auto run = cpu_device()->compile(std::move(p));
  run->run();
  Matrix found;
  REQUIRE(run->read(penalty, found));
  const double trapped = 2 * 1 - 3 * 10, plain = (softplus(2 * -2 - 30) + softplus(2 * 4 - 30)) / 2;
  CHECK_THAT(found(0, 0), WithinAbs(.2 * (softplus(-trapped) - plain), 1e-5));
}

TEST_CASE("triggers, critic and loss go as the authors' code has them: eight steps on twelve times one picture", "[trap_mid][public]") {
  const Json golden = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/rivals.json"))["trap_mid"];
  Network net = make_network({{5}, "tanh", 0, 5}, false, 6, 3, Stream{1});
  const auto set = [&](std::vector<Parameter*> to, const Json& values) {
    REQUIRE(to.size() == values.size());
    for (std::size_t i = 0; i < to.size(); ++i) to[i]->value = matrix(values[i]);
  };
  set(net.parameters(), golden["network"]);
  const Matrix inputs = matrix(golden["picture"]).replicate(12, 1), targets = matrix(golden["y"]);
  const auto companion =
      defense::trap_mid.network({{"kind", "trap_mid"}, {"blend", golden["blend"]}, {"weight", golden["weight"]}}).companion();
  companion->begin(net, {inputs, targets, {}, 0, true}, Stream{3});
  const std::vector<Parameter*> kept = companion->kept();
  const std::vector<Parameter*> critic(kept.end() - 4, kept.end());
  kept[0]->value = matrix(golden["trigger"]), set(critic, golden["critic"]);
  Program p;
  Batch batch;
  batch.rows = 12, batch.data = {p.constant(inputs), p.constant(targets)}, batch.record_data = p.constant(matrix(golden["label"]));
  const Var penalty = companion->penalty(p, net.record(p, batch.data[0]), batch);
  p.keep(penalty);
  auto run = cpu_device()->compile(std::move(p));
  run->run();
  Matrix found;
  REQUIRE(run->read(penalty, found));
  CHECK_THAT(golden["task"].get<double>() + found(0, 0), WithinAbs(golden["loss"].get<double>(), 1e-6));

  const auto device = cpu_device();
  Context context{*device, Stream{5}, nullptr, {}, {}};
  const int steps = golden["steps"];
  for (int epoch = 0; epoch < steps; ++epoch) {
    finish(companion->before_epoch(context, net, epoch));
    CHECK(companion->record_data()->colwise().sum() == Matrix::Constant(1, 3, 4));  // all traps are learnt as often
  }
  // Here the triggers do not depend on whether the critic goes first, as it does there.
  for (const char* whose : {"public", "ours"}) {
    CHECK((kept[0]->value - matrix(golden[whose]["trigger"])).cwiseAbs().maxCoeff() < 1e-6f);
    for (std::size_t i = 0; i < critic.size(); ++i)
      CHECK((critic[i]->value - matrix(golden[whose]["critic"][i])).cwiseAbs().maxCoeff() < 1e-6f);
  }
}
