// The mini-batch loop: what it learns, that it can be cut anywhere, and what it says when it fails.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <filesystem>
#include <limits>

#include "../matrices.hpp"
#include "mid/base/file.hpp"
#include "mid/nn/fit.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

struct Bench {
  std::unique_ptr<Device> device = cpu_device();
  Context context{*device, Stream{3, 0}};
};

Matrix normal(int rows, int cols, std::string_view name) {
  Matrix out(rows, cols);
  fill_normal(Stream{1, 0}.sub(name), 0, out);
  return out;
}

/// A linear model with noisy inputs: enough to see batches, tails, noise and order.
struct Line {
  Matrix x = normal(53, 6, "x"), y = normal(53, 2, "y");
  Parameter weight, bias;
  std::vector<int> sizes;  // of the batches the loss was recorded for
  Line() {
    weight.value = normal(6, 2, "weight");
    bias.value = Matrix::Zero(1, 2);
  }
  Training training() {
    Training t;
    t.parameters = {&weight, &bias};
    t.data = {&x, &y};
    t.noise = {6, 2};
    t.loss = [this](Program& p, const Batch& b) {
      sizes.push_back(b.rows);
      const Var noisy = p.add(b.data[0], p.scale(b.noise[0], .1f));
      const Var error = p.add(p.sub(p.dense(noisy, p.parameter(weight), p.parameter(bias)), b.data[1]), p.scale(b.noise[1], .1f));
      return p.mean_of_rows(p.mul(error, error));
    };
    return t;
  }
};

/// The same, pulled to what is worked out from the weights before each epoch; before the third one the bias is forgotten.
struct Reminded : Line {
  Parameter kept;
  Matrix record_data = Matrix::Zero(53, 1);
  std::vector<int> epochs;
  Reminded() { kept.value = Matrix::Zero(1, 2); }
  Task remind(int epoch) {
    epochs.push_back(epoch);
    co_await Tick{};
    const Matrix sum = weight.value.colwise().sum();
    co_await Tick{};
    kept.value = sum / 10;
    for (int row = 0; row < 53; ++row) record_data(row, 0) = static_cast<float>((row + epoch) % 3);
    if (epoch == 2) bias.value.setZero(), bias.first.setZero(), bias.second.setZero(), bias.steps = 0;
  }
  Training training() {
    Training t = Line::training();
    t.kept = {&kept}, t.record_data = &record_data;
    t.before_epoch = [this](int epoch) { return remind(epoch); };
    t.loss = [this, plain = t.loss](Program& p, const Batch& b) {
      const Var away = p.sub(p.spread_rows(p.parameter(kept), b.rows), p.dense(b.data[0], p.parameter(weight), p.parameter(bias)));
      return p.add(plain(p, b).value, p.mean_of_rows(p.mul(p.spread_cols(b.record_data, 2), p.mul(away, away))));
    };
    return t;
  }
};

TrainSpec quick() {
  TrainSpec spec;
  spec.batch = 10;
  spec.epochs = 4;
  spec.learning_rate = .05;
  return spec;
}

bool equal(const Line& a, const Line& b) {
  return a.weight.value == b.weight.value && a.bias.value == b.bias.value && a.weight.first == b.weight.first &&
         a.weight.second == b.weight.second && a.weight.steps == b.weight.steps;
}

}  // namespace

TEST_CASE("training with weight decay finds NumPy's ridge solution", "[fit][golden]") {
  const Json g = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/nn.json"))["ridge"];
  const Matrix x = matrix(g["x"]), y = matrix(g["y"]), wanted = matrix(g["weight"]);
  Parameter w;
  w.value = Matrix::Zero(x.cols(), y.cols());
  Training t;
  t.parameters = {&w};
  t.data = {&x, &y};
  t.loss = [&](Program& p, const Batch& b) {
    const Var error = p.sub(p.matmul(b.data[0], p.parameter(w)), b.data[1]);
    return p.scale(p.mean_of_rows(p.mul(error, error)), .5f);
  };
  TrainSpec spec;
  spec.optimizer = "sgd";
  spec.schedule = "constant";
  spec.learning_rate = .3;
  spec.momentum = .5;
  spec.weight_decay = g["penalty"].get<double>();
  spec.batch = 4096;  // more than there are: all of them
  spec.epochs = 300;
  Bench bench;
  finish(fit(bench.context, "ridge", spec, t));
  for (Eigen::Index i = 0; i < wanted.size(); ++i) CHECK_THAT(w.value.data()[i], WithinAbs(wanted.data()[i], 1e-5));
}

TEST_CASE("each epoch visits every row once and uses the shorter last batch", "[fit]") {
  // The weight's gradient is the mean of the batch, so with rate 1 a step moves it by just that.
  Matrix x(7, 1);
  x << 1, 2, 4, 8, 16, 32, 64;
  Parameter w;
  w.value = Matrix::Zero(1, 1);
  std::vector<float> moved;
  std::vector<int> sizes;
  Training t;
  t.parameters = {&w};
  t.data = {&x};
  t.loss = [&](Program& p, const Batch& b) {
    sizes.push_back(b.rows);
    return p.mean_of_rows(p.matmul(b.data[0], p.parameter(w)));
  };
  t.after_epoch = [&](int, double) { moved.push_back(-w.value(0, 0)), w.value(0, 0) = 0; };
  TrainSpec spec;
  spec.optimizer = "sgd";
  spec.schedule = "constant";
  spec.learning_rate = 1;
  spec.batch = 7;
  spec.epochs = 1;
  Bench bench;
  finish(fit(bench.context, "whole", spec, t));
  CHECK(sizes == std::vector<int>{7});
  CHECK_THAT(moved.at(0), WithinRel(127. / 7, 1e-6));

  sizes.clear(), moved.clear();
  spec.batch = 1;
  spec.epochs = 3;
  finish(fit(bench.context, "ones", spec, t));
  CHECK(sizes == std::vector<int>{1});
  CHECK(moved == std::vector<float>{127, 127, 127});

  sizes.clear(), moved.clear();
  spec.batch = 3;
  spec.epochs = 1;
  finish(fit(bench.context, "tail", spec, t));
  CHECK(sizes == std::vector<int>{3, 1});          // 3, 3 and 1
  CHECK(std::abs(moved.at(0) - 127.f / 3) > .1f);  // the last row counted whole
}

TEST_CASE("the reported loss is the mean over rows, not over batches", "[fit]") {
  Matrix x(3, 1);
  x << 1, 2, 6;
  Parameter unused;
  unused.value = Matrix::Zero(1, 1);
  Training t;
  t.parameters = {&unused};
  t.data = {&x};
  t.loss = [&](Program& p, const Batch& b) { return p.mean_of_rows(b.data[0]); };
  double reported = 0;
  t.after_epoch = [&](int, double loss) { reported = loss; };
  TrainSpec spec;
  spec.batch = 2;
  spec.epochs = 2;
  Bench bench;
  finish(fit(bench.context, "loss", spec, t));
  CHECK_THAT(reported, WithinRel(3., 1e-6));
  CHECK_THAT(bench.context.progress.live.at("loss"), WithinRel(3., 1e-6));
  CHECK(bench.context.progress.done == 2);
  CHECK(bench.context.progress.total == 2);
}

TEST_CASE("training repeats bit by bit, and another seed or name gives another result", "[fit]") {
  Line a, b, other_seed, other_name;
  Bench one, two, three, four;
  three.context.random.seed = 4;
  finish(fit(one.context, "line", quick(), a.training()));
  finish(fit(two.context, "line", quick(), b.training()));
  finish(fit(three.context, "line", quick(), other_seed.training()));
  finish(fit(four.context, "other", quick(), other_name.training()));
  CHECK(equal(a, b));
  CHECK(a.sizes == std::vector<int>{10, 3});
  CHECK(a.weight.steps == 4 * 6);
  CHECK(!equal(a, other_seed));
  CHECK(!equal(a, other_name));
}

TEST_CASE("a training killed at any tick and resumed equals a whole one bit by bit", "[fit]") {
  Line whole;
  Bench bench;
  int ticks = 0;
  double whole_loss = 0;
  auto training = whole.training();
  training.after_epoch = [&](int, double loss) { whole_loss = loss; };
  {
    Task task = fit(bench.context, "line", quick(), training);
    while (task.advance()) ++ticks;
  }
  REQUIRE(ticks >= 4);  // one an epoch at least
  for (int kill = 0; kill <= ticks; ++kill) {
    std::string saved;
    {
      Line first;
      Bench before;
      Task task = fit(before.context, "line", quick(), first.training());
      for (int i = 0; i < kill; ++i) task.advance();
      saved = before.context.saves.pack();
    }
    Line second;
    second.weight.value.setConstant(99);  // everything comes from the save point
    if (kill == 0) second.weight.value = Line().weight.value;
    Bench after;
    after.context.saves.unpack(saved);
    auto rest = second.training();
    double loss = whole_loss;
    rest.after_epoch = [&](int, double l) { loss = l; };
    finish(fit(after.context, "line", quick(), rest));
    INFO("killed after tick " << kill << " of " << ticks);
    CHECK(equal(whole, second));
    CHECK(loss == whole_loss);
  }
}

TEST_CASE("what is worked out before each epoch is part of every save point", "[fit]") {
  Reminded whole;
  Bench bench;
  int ticks = 0;
  {
    Task task = fit(bench.context, "line", quick(), whole.training());
    while (task.advance()) ++ticks;
  }
  CHECK(whole.epochs == std::vector<int>{0, 1, 2, 3});
  Line plain;
  finish(fit(bench.context, "plain", quick(), plain.training()));
  CHECK_FALSE(equal(whole, plain));
  for (int kill = 0; kill <= ticks; ++kill) {
    std::string saved;
    {
      Reminded first;
      Bench before;
      Task task = fit(before.context, "line", quick(), first.training());
      for (int i = 0; i < kill; ++i) task.advance();
      saved = before.context.saves.pack();
    }
    Reminded second;
    if (kill > 0) second.weight.value.setConstant(99), second.kept.value.setConstant(99), second.record_data.setConstant(99);
    Bench after;
    after.context.saves.unpack(saved);
    finish(fit(after.context, "line", quick(), second.training()));
    INFO("killed after tick " << kill << " of " << ticks);
    CHECK(equal(whole, second));
    CHECK(whole.record_data == second.record_data);
  }
}

TEST_CASE("a training by chance killed at any tick and resumed equals a whole one bit by bit", "[fit]") {
  const auto training = [](Line& line) {
    Training t = line.training();
    t.noise = {}, t.poisson_sampling = t.gradient_noise = true;
    t.loss = [&line](Program& p, const Batch& b) {
      const Var weight = p.parameter(line.weight), bias = p.parameter(line.bias);
      const Var error = p.sub(p.dense(b.data[0], weight, bias), b.data[1]);
      const Var loss = p.scale(p.sum(p.mul(p.mul(error, error), p.spread_cols(b.present, 2))), 1.f / static_cast<float>(b.expected));
      std::vector<Var> gradient = p.gradient(loss, std::vector<Var>{weight, bias});
      for (std::size_t i = 0; i < 2; ++i) gradient[i] = p.add(gradient[i], p.scale(b.gradient_noise[i], .1f));
      return Loss(loss, std::move(gradient));
    };
    return t;
  };
  Line whole;
  Bench bench;
  int ticks = 0;
  {
    Task task = fit(bench.context, "line", quick(), training(whole));
    while (task.advance()) ++ticks;
  }
  REQUIRE(ticks >= 4);
  for (int kill = 1; kill <= ticks; ++kill) {
    std::string saved;
    {
      Line first;
      Bench before;
      Task task = fit(before.context, "line", quick(), training(first));
      for (int i = 0; i < kill; ++i) task.advance();
      saved = before.context.saves.pack();
    }
    Line second;
    second.weight.value.setConstant(99);
    Bench after;
    after.context.saves.unpack(saved);
    finish(fit(after.context, "line", quick(), training(second)));
    CHECK(equal(whole, second));
  }
}

TEST_CASE("by chance every record enters every step with the same probability", "[fit]") {
  // Row i moves weight i by 1 / expected each time it enters. Two copies of each of 53 records.
  const int records = 53;
  const Matrix x = Matrix::Identity(2 * records, 2 * records);
  Parameter w;
  w.value = Matrix::Zero(2 * records, 1);
  std::vector<int> sizes;
  Training t;
  t.parameters = {&w};
  t.data = {&x};
  t.poisson_sampling = true, t.copies = 2;
  t.loss = [&](Program& p, const Batch& b) {
    sizes.push_back(b.rows);
    CHECK(b.expected == 10);
    const Var rows = p.mul(p.matmul(b.data[0], p.parameter(w)), b.present);
    return p.scale(p.sum(rows), 1.f / static_cast<float>(b.expected));
  };
  TrainSpec spec;
  spec.optimizer = "sgd", spec.schedule = "constant", spec.learning_rate = 1, spec.batch = 10, spec.epochs = 100;
  Bench bench;
  finish(fit(bench.context, "chance", spec, t));
  CHECK(w.steps == 530);  // ceil(100 * 53 / 10)
  CHECK(sizes.size() < 6);
  const Matrix entered = -10 * w.value;
  const double steps = 530, share = 10. / 53, sd = std::sqrt(steps * share * (1 - share));
  for (int i = 0; i < records; ++i) CHECK_THAT(entered(i, 0) + entered(i + records, 0), WithinAbs(steps * share, 4.5 * sd));
  CHECK_THAT(entered.topRows(records).sum(), WithinRel(entered.bottomRows(records).sum(), .1f));  // copies take turns
  CHECK_THAT(entered.sum(), WithinAbs(steps * 10, 4 * sd * std::sqrt(records)));
}

TEST_CASE("a step by chance without any record is a step", "[fit]") {
  Parameter w;
  w.value = Matrix::Zero(1, 1);
  const Matrix x = Matrix::Ones(40, 1);
  Training t;
  t.parameters = {&w};
  t.data = {&x};
  t.poisson_sampling = t.gradient_noise = true;
  t.loss = [&](Program& p, const Batch& b) {
    const Var mean = p.scale(p.sum(p.mul(p.mul(b.data[0], p.spread_rows(p.parameter(w), b.rows)), b.present)), 1);
    return Loss(mean, {b.gradient_noise[0]});
  };
  TrainSpec spec;
  spec.optimizer = "sgd", spec.schedule = "constant", spec.learning_rate = 1, spec.batch = 1, spec.epochs = 100;
  Bench one, two;
  finish(fit(one.context, "noise", spec, t));
  CHECK(w.steps == 4000);
  CHECK_THAT(w.value(0, 0), WithinAbs(0, 4 * std::sqrt(4000.)));  // the sum of 4,000 standard normals
  CHECK(std::abs(w.value(0, 0)) > 1);
  const Matrix first = w.value;
  w.value.setZero();
  finish(fit(two.context, "noise", spec, t));
  CHECK(w.value == first);
}

TEST_CASE("masks keep what they should and raise it, and progress goes from 0 towards 1", "[fit]") {
  Parameter kept, squares, progress;
  for (Parameter* p : {&kept, &squares, &progress}) p->value = Matrix::Zero(1, 1);
  const Matrix x = Matrix::Ones(50, 1);
  Training t;
  t.parameters = {&kept, &squares, &progress};
  t.data = {&x};
  t.masks = {{30, .25}};
  t.loss = [&](Program& p, const Batch& b) {
    const float all = 1.f / static_cast<float>(b.rows * 30);
    return Loss(p.sum(p.parameter(kept)),
                {p.scale(p.sum(b.masks[0]), all), p.scale(p.sum(p.mul(b.masks[0], b.masks[0])), all), b.progress});
  };
  TrainSpec spec;
  spec.optimizer = "sgd", spec.schedule = "constant", spec.learning_rate = 1, spec.batch = 20, spec.epochs = 10;
  Bench bench;
  finish(fit(bench.context, "masks", spec, t));
  CHECK_THAT(-kept.value(0, 0) / 30, WithinAbs(1, .05));        // 30 steps; 15,000 draws of mean 1 and sd sqrt(3): .014
  CHECK_THAT(-squares.value(0, 0) / 30, WithinAbs(4, .2));      // 1 / keep^2 with probability keep
  CHECK_THAT(-progress.value(0, 0), WithinAbs(29 / 2., 1e-4));  // 0, 1/30, ... 29/30
}

TEST_CASE("a second training starts with fresh moments", "[fit]") {
  Line used, fresh;
  Bench bench;
  finish(fit(bench.context, "first", quick(), used.training()));
  fresh.weight.value = used.weight.value, fresh.bias.value = used.bias.value;
  Bench again;
  finish(fit(bench.context, "second", quick(), used.training()));
  finish(fit(again.context, "second", quick(), fresh.training()));
  CHECK(equal(used, fresh));
}

TEST_CASE("the cosine schedule falls from the rate to nearly 0, the constant one stays", "[fit]") {
  TrainSpec spec;
  spec.learning_rate = .4;
  CHECK(learning_rate(spec, 0, 100) == .4);
  CHECK_THAT(learning_rate(spec, 50, 100), WithinAbs(.2, 1e-12));
  CHECK_THAT(learning_rate(spec, 25, 100), WithinAbs(.4 * (1 + std::sqrt(.5)) / 2, 1e-12));
  CHECK(learning_rate(spec, 99, 100) < .4 * 3e-4);
  spec.schedule = "constant";
  CHECK(learning_rate(spec, 99, 100) == .4);
}

TEST_CASE("a training that diverges says when, and what to try", "[fit]") {
  Line line;
  Bench bench;
  TrainSpec spec = quick();
  spec.optimizer = "sgd";
  spec.learning_rate = 2;
  spec.epochs = 100;
  std::string said;
  try {
    finish(fit(bench.context, "line", spec, line.training()));
  } catch (const Failure& e) {
    said = e.what();
  }
  CHECK(said.find("training stopped being a number in epoch ") == 0);
  CHECK(said.find(": the learning rate 2 is too large; try 0.2") != std::string::npos);

  Line bad;
  bad.x.setConstant(std::numeric_limits<float>::quiet_NaN());
  CHECK_THROWS_WITH(finish(fit(bench.context, "bad", quick(), bad.training())),
                    "training cannot begin: the loss is not a number before the first step; an input or a starting weight is "
                    "infinite or not a number");
}

TEST_CASE("the object train is read with its defaults and its limits", "[fit]") {
  const auto spec = read<TrainSpec>(Json::parse(R"({"learning_rate": 0.01, "optimizer": "sgd", "momentum": 0.9})"), "train");
  CHECK(spec.learning_rate == .01);
  CHECK(spec.optimizer == "sgd");
  CHECK(spec.batch == 20);
  const auto refuse = [](const char* text) { return read<TrainSpec>(Json::parse(text), "train"); };
  CHECK_THROWS_MATCHES(refuse(R"({"learning_rate": 0})"), Error,
                       Catch::Matchers::Message("train.learning_rate must lie in 1e-06 to 10, found 0"));
  CHECK_THROWS_MATCHES(refuse(R"({"batch": 0})"), Error, Catch::Matchers::Message("train.batch must lie in 1 to 4,096 records, found 0"));
  CHECK_THROWS_MATCHES(refuse(R"({"optimizer": "lbfgs"})"), Error,
                       Catch::Matchers::Message("train.optimizer must be adam or sgd, found \"lbfgs\""));
  CHECK_THROWS_AS(refuse(R"({"momentum": 1})"), Error);
  CHECK_THROWS_AS(refuse(R"({"epochs": 1.5})"), Error);
  CHECK_THROWS_AS(refuse(R"({"shifts": 9})"), Error);
}
