// The search for the picture that a network likes best for each class: by hand, against closed forms and finite differences. And KED-MI's
// critic by numbers worked out apart, and LOMMA's students.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "../matrices.hpp"
#include "mid/attack/search/class_search.hpp"
#include "mid/attack/search/inversion_critic.hpp"
#include "mid/attack/search/students.hpp"
#include "mid/nn/device.hpp"

using namespace mid;
using Catch::Approx;

namespace {

struct Bench {
  std::unique_ptr<Device> device = cpu_device();
  Context context{*device, Stream{3}, nullptr, {}, {}};
};

/// Softmax regression (or, with one column, logistic regression) without scaling of its inputs.
Network regression(const Matrix& weight, int classes) {
  Network net;
  net.classes = classes;
  net.input_mean = Matrix::Zero(1, weight.rows()), net.input_sd = Matrix::Ones(1, weight.rows());
  net.head.weight.value = weight, net.head.bias.value = Matrix::Zero(1, weight.cols());
  return net;
}

/// A space whose codes are the inputs themselves, side by side in one line.
PictureSpace line_of_pixels(Matrix start) {
  Dataset open;
  open.input_height = open.height = 1, open.input_width = open.width = static_cast<int>(start.cols());
  return PictureSpace::pixels(std::move(start), open);
}

/// A space of `n` free coefficients: no limits.
PictureSpace line_of_coefficients(int n) {
  Dataset open;
  open.input_height = open.height = 1, open.input_width = open.width = n;
  return PictureSpace::components({Matrix::Zero(1, n), Matrix::Identity(n, n), VectorXd::Ones(n)}, open);
}

ClassCodes found_in(const Network& net, const PictureSpace& space, const ClassSearch& search) {
  Bench bench;
  ClassCodes out;
  finish(search_classes(bench.context, net, space, search, "search", space.start().replicate(net.classes, 1), out));
  return out;
}

ClassSearch classic(int steps) {
  ClassSearch s;
  s.cost = "confidence", s.optimizer = "descent", s.steps = steps, s.l2_weight = 0, s.cost_threshold = 0;
  return s;
}

double number_of(Program& p, Var v) {
  auto run = cpu_device()->compile(p);
  run->run();
  Matrix out;
  REQUIRE(run->read(v, out));
  return double{out(0, 0)};
}

}  // namespace

TEST_CASE("the cost of the logit has a slope that never fades") {
  Bench bench;
  Program p;
  Parameter logits;
  logits.value = (Matrix(2, 2) << 2, 1, 50, -50).finished();
  const Var l = p.parameter(logits);
  const VectorXi target = VectorXi::Zero(2);
  const Var cost = record_logit_cost(p, l, target), surprise = record_surprise(p, l, target);
  const std::vector<Var> of{l};
  const Var g = p.gradient(p.sum(cost), of)[0], g_surprise = p.gradient(p.sum(surprise), of)[0];
  for (const Var v : {cost, surprise, g, g_surprise}) p.keep(v);
  const auto run = bench.device->compile(std::move(p));
  run->run();
  Matrix m;
  (void)run->read(cost, m);
  CHECK(m(0, 0) == -2);
  (void)run->read(surprise, m);
  CHECK(m(0, 0) == Approx(.313262).epsilon(1e-5));
  (void)run->read(g, m);
  CHECK(m == (Matrix(2, 2) << -1, 0, -1, 0).finished());
  (void)run->read(g_surprise, m);
  CHECK(m(0, 0) == Approx(-.268941).epsilon(1e-5));
  CHECK(m(0, 1) == Approx(.268941).epsilon(1e-5));
  CHECK(std::abs(m(1, 0)) < 1e-20);
}

TEST_CASE("LOMMA is held where the model's inside is usual: along one unit to the middle between both") {
  // One input x, logits (x, 0) of two classes: cost of class 0 is -x + ((x - 1) / 2)^2, least at x = 3.
  Matrix weight(1, 2);
  weight << 1, 0;
  ClassSearch search;
  search.cost = "lomma", search.l2_weight = 0, search.steps = 400, search.patience = 1000;
  search.cost_threshold = -std::numeric_limits<double>::infinity(), search.learning_rate = .05;
  search.feature_mean = Matrix::Constant(1, 1, 1), search.feature_sd = Matrix::Constant(1, 1, 2);
  CHECK(found_in(regression(weight, 2), line_of_coefficients(1), search).code(0, 0) == Approx(3).margin(.02));
}

TEST_CASE("a class ends at a cost no better than the worst of the last beta, and keeps its best") {
  StopRule rule(2, .01);
  CHECK(rule.is_best(.9));
  CHECK(rule.is_best(.8));
  CHECK_FALSE(rule.is_best(.85));
  CHECK_FALSE(rule.ended());
  CHECK_FALSE(rule.is_best(.9));
  CHECK(rule.ended());
  CHECK(rule.best() == .8);
  CHECK_FALSE(rule.is_best(.1));  // too late
}

TEST_CASE("nothing is compared before beta costs exist; a small cost ends; what is not a number ends without being best") {
  StopRule patient(3, .01);
  for (const double cost : {.5, .6, .7}) patient.is_best(cost);
  CHECK_FALSE(patient.ended());
  CHECK(patient.is_best(.01));
  CHECK(patient.ended());
  StopRule broken(3, .01);
  broken.is_best(.5);
  CHECK_FALSE(broken.is_best(std::numeric_limits<double>::quiet_NaN()));
  CHECK(broken.ended());
  CHECK(broken.best() == .5);
}

TEST_CASE("one step by hand: W = (1, -1), x = 0, rate .1 gives x = .05 and p = .52498") {
  Matrix two(1, 2), one(1, 1);
  two << 1, -1;
  one << -2;  // the same model with one logit, that of class 1
  for (const Network& net : {regression(two, 2), regression(one, 2)}) {
    const ClassCodes found = found_in(net, line_of_coefficients(1), classic(1));
    CHECK(found.code(0, 0) == Approx(.05));
    CHECK(found.code(1, 0) == Approx(-.05));
    CHECK(found.confidence[0] == Approx(.52498).margin(1e-5));
    CHECK(found.confidence[1] == Approx(.52498).margin(1e-5));
    CHECK(found.cost[0] == Approx(1 - .52498).margin(1e-5));
  }
}

TEST_CASE("a step of one length goes where the gradient points, and on where confidence is hopeless") {
  Matrix w(2, 2);
  w << 3, 0, 4, 0;
  ClassSearch s = classic(1);
  s.optimizer = "unit";
  CHECK(found_in(regression(w, 2), line_of_coefficients(2), s).code.row(0).isApprox(Eigen::RowVector2f(.06f, .08f), 1e-5f));
  Network hopeless = regression(w, 2);
  hopeless.head.bias.value(0, 1) = 200;  // p_0 = e^-200 is 0 in single precision, and so is its gradient
  s.steps = s.patience = 500;            // each step of .1 adds .5 to the logit
  CHECK(found_in(hopeless, line_of_coefficients(2), s).confidence[0] > .99);
}

TEST_CASE("the model's scaling of its inputs is part of the search, and pixels stay in [0, 1]") {
  Matrix w(1, 2);
  w << 1, -1;
  Network net = regression(w, 2);
  net.input_mean(0, 0) = .5f, net.input_sd(0, 0) = .25f;  // d p_0 / dx = .5 / .25 at x = .5
  const ClassCodes one = found_in(net, line_of_pixels(Matrix::Constant(1, 1, .5f)), classic(1));
  CHECK(one.code(0, 0) == Approx(.5 + .1 * 2));
  const ClassCodes many = found_in(net, line_of_pixels(Matrix::Constant(1, 1, .5f)), classic(200));
  CHECK(many.code(0, 0) == 1);
  CHECK(many.code(1, 0) == 0);
}

TEST_CASE("the best picture is kept, never the last: too large steps leave the start in place") {
  Matrix w(1, 2);
  w << 1, -1;
  ClassSearch s = classic(50);
  s.l2_weight = 1, s.learning_rate = 5;  // each step jumps to the other side, further out
  const ClassCodes found = found_in(regression(w, 2), line_of_coefficients(1), s);
  CHECK(found.code(0, 0) == 0);
  CHECK(found.cost[0] == Approx(.5));
}

TEST_CASE("planted prototypes of a softmax regression are found, as worked out in closed form") {
  // Orthonormal prototypes w_t, CE + lam/2 |x|^2: x = a (w_t - mean of the others), a = (1 - p_t) / lam.
  const int classes = 5, inputs = 12;
  const double lam = .03;
  const Matrix random = [&] {
    Matrix m(inputs, classes);
    fill_normal(Stream{9}, 0, m);
    return m;
  }();
  const Eigen::MatrixXf basis = Eigen::HouseholderQR<Eigen::MatrixXf>(random).householderQ();
  const Matrix w = basis.leftCols(classes);
  double low = 0, high = 1 / lam;
  for (int i = 0; i < 100; ++i) {
    const double a = (low + high) / 2, p = 1 / (1 + (classes - 1) * std::exp(-a * classes / (classes - 1.)));
    (lam * a < 1 - p ? low : high) = a;
  }
  ClassSearch s;
  s.steps = 2000, s.patience = 2000, s.learning_rate = .01, s.l2_weight = lam, s.cost_threshold = 0;
  const ClassCodes found = found_in(regression(w, classes), line_of_coefficients(inputs), s);
  for (int t = 0; t < classes; ++t) {
    const Eigen::VectorXf others = (w.rowwise().sum() - w.col(t)) / (classes - 1);
    const Eigen::VectorXf wanted = static_cast<float>(low) * (w.col(t) - others);
    INFO("class " << t);
    CHECK((found.code.row(t).transpose() - wanted).norm() < 1e-2f * wanted.norm());
  }
}

TEST_CASE("surprise is -ln of the target's probability, with one logit and with many, and so is its gradient") {
  Bench bench;
  for (const int columns : {1, 4}) {
    const int rows = 3, classes = std::max(columns, 2);
    VectorXi target(rows);
    target << 0, 1, classes - 1;
    Program p;
    const Var x = p.input(rows, columns);
    const Var surprise = record_surprise(p, x, target);
    const std::vector<Var> of{x};
    const Var gradient = p.gradient(p.sum(surprise), of)[0];
    const auto executable = bench.device->compile(std::move(p));
    Matrix logits(rows, columns), value, slope;
    fill_normal(Stream{4}, 0, logits);
    executable->write(x, logits);
    executable->run();
    executable->read(surprise, value), executable->read(gradient, slope);
    for (int r = 0; r < rows; ++r) {
      const auto by_hand = [&](MatrixD l) {
        if (columns == 1) return std::log1p(std::exp(target[r] == 1 ? -l(r, 0) : l(r, 0)));
        return std::log(l.row(r).array().exp().sum()) - l(r, target[r]);
      };
      CHECK(value(r, 0) == Approx(by_hand(logits.cast<double>())));
      for (int c = 0; c < columns; ++c) {
        MatrixD up = logits.cast<double>(), down = up;
        up(r, c) += 1e-5, down(r, c) -= 1e-5;
        CHECK(slope(r, c) == Approx((by_hand(up) - by_hand(down)) / 2e-5).margin(1e-5));
      }
    }
  }
}

TEST_CASE("adversaries differ against noise alone: one draw, the mean of several, none") {
  NetworkSpec shape;
  shape.hidden = {6}, shape.bottleneck = 4;
  Network net = make_network(shape, true, 5, 3, Stream{11}.sub("weights"));
  ClassSearch s;
  s.steps = 5;
  const auto code = [&](const char* adversary) {
    s.adversary = adversary;
    return found_in(net, line_of_coefficients(5), s).code;
  };
  const Matrix naive = code("naive"), eot = code("eot"), mean = code("mean");
  CHECK(naive != eot);
  CHECK(eot != mean);
  net.bottleneck->weight.value.rightCols(4).setZero();
  net.bottleneck->bias.value.rightCols(4).setConstant(-80);  // sigma 0: the noise is gone
  CHECK(code("naive").isApprox(code("mean"), 1e-5f));
  CHECK(code("eot").isApprox(code("mean"), 1e-4f));
}

TEST_CASE("whoever holds the weights searches before a purifier, with noise as without") {
  NetworkSpec shape;
  shape.hidden = {6}, shape.bottleneck = 4;
  for (const bool stochastic : {false, true}) {
    Network net = make_network(shape, stochastic, 5, 3, Stream{11}.sub("weights"));
    ClassSearch s;
    s.steps = 5;
    for (const std::string& adversary : adversaries(net, "eot")) {
      s.adversary = adversary;
      const Matrix before = found_in(net, line_of_coefficients(5), s).code;
      Network purified = net;
      purified.purifier = Purifier{make_layer(3, 2, Stream{1}), make_layer(2, 3, Stream{2})};
      CHECK(found_in(purified, line_of_coefficients(5), s).code == before);
    }
  }
}

TEST_CASE("a model that says nothing leaves every picture at the start; an interrupted search goes on where it was") {
  Network nothing = regression(Matrix::Zero(4, 3), 3);
  ClassSearch s;
  s.steps = 20;
  CHECK(found_in(nothing, line_of_coefficients(4), s).code.isZero(0));

  NetworkSpec shape;
  shape.hidden = {6}, shape.bottleneck = 4;
  const Network net = make_network(shape, true, 5, 3, Stream{11}.sub("weights"));
  const PictureSpace space = line_of_coefficients(5);
  const ClassCodes straight = found_in(net, space, s);
  std::string saved;
  {
    Bench first;
    ClassCodes out;
    Task task = search_classes(first.context, net, space, s, "search", space.start().replicate(net.classes, 1), out);
    for (int i = 0; i < 7; ++i) task.advance();
    saved = first.context.saves.pack();
  }
  Bench second;
  second.context.saves.unpack(saved);
  ClassCodes out;
  finish(search_classes(second.context, net, space, s, "search", space.start().replicate(net.classes, 1), out));
  CHECK(out.code == straight.code);
  CHECK(out.steps == straight.steps);
  CHECK(out.path.step == straight.path.step);
  CHECK(out.path.code == straight.path.code);
  CHECK(out.path.confidence == straight.path.confidence);
}

TEST_CASE("the path of a search begins at the start, ends at the last step, and holds what was looked at then") {
  Matrix two(1, 2);
  two << 1, -1;
  const Network net = regression(two, 2);
  ClassSearch s = classic(200);
  const ClassCodes found = found_in(net, line_of_coefficients(1), s);
  const std::vector<int>& steps = found.path.step;
  REQUIRE(steps.size() >= 10);
  CHECK(steps.front() == 0);
  CHECK(steps.back() == found.steps);
  CHECK(std::is_sorted(steps.begin(), steps.end()));
  REQUIRE(found.path.code.rows() == static_cast<Eigen::Index>(2 * steps.size()));
  CHECK(found.path.code.topRows(2).isZero());
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const auto row = static_cast<Eigen::Index>(k);
    // p_t of the picture at that step: logits x and -x, class 0 wants x large.
    const double x = found.path.code(2 * row, 0);
    CHECK(found.path.confidence(row, 0) == Approx(1 / (1 + std::exp(-2 * x))).epsilon(1e-5));
    // The same search cut short has come as far.
    s.steps = steps[k];
    if (steps[k] > 0 && steps[k] < 30)
      CHECK(found_in(net, line_of_coefficients(1), s)
                .path.code(2 * static_cast<Eigen::Index>(found_in(net, line_of_coefficients(1), s).path.step.size()) - 2, 0) ==
            found.path.code(2 * row, 0));
  }
  CHECK(found.best_step[0] == found.steps);  // descent only gets better here
}

TEST_CASE("a class that has ended stands still on the path, and taking over a class takes its path along") {
  Matrix two(1, 2);
  two << 1, -1;
  ClassSearch s;
  s.optimizer = "descent", s.cost = "confidence", s.steps = 60, s.l2_weight = 0, s.cost_threshold = .3, s.learning_rate = 1;
  ClassCodes found = found_in(regression(two, 2), line_of_coefficients(1), s);
  CHECK(found.steps < 60);  // ended: sure cost_threshold
  const auto last = static_cast<Eigen::Index>(found.path.step.size()) - 1;
  CHECK(found.path.code.row(2 * last) == found.code.row(0));
  CHECK(found.path.confidence(last, 0) == found.confidence[0]);
  ClassCodes other = found;
  other.code.array() += 1, other.path.code.array() += 1, other.path.confidence.array() += .1;
  const Matrix before = found.path.code;
  found.take(1, other);
  CHECK(found.code(1, 0) == other.code(1, 0));
  for (Eigen::Index k = 0; k <= last; ++k) {
    CHECK(found.path.code(2 * k, 0) == before(2 * k, 0));
    CHECK(found.path.code(2 * k + 1, 0) == before(2 * k + 1, 0) + 1);
  }
}

TEST_CASE("a step with Nesterov's momentum by hand, and codes are cut to their limit") {
  Matrix two(1, 2);
  two << 1, -1;
  ClassSearch s;
  s.optimizer = "nesterov", s.learning_rate = .1, s.momentum = .5, s.weight = 2, s.l2_weight = 0, s.steps = 2, s.cost_threshold = -1;
  // Cost 2 ln(1 + e^-2x), gradient -4 / (1 + e^2x). v1 = .2, x1 = 0 + 1.5 v1 = .3; v2 = .1 + .4 / (1 + e^.6), x2 = x1 + 1.5 v2 - .5 v1.
  const double v2 = .1 + .4 / (1 + std::exp(.6));
  CHECK(found_in(regression(two, 2), line_of_coefficients(1), s).code(0, 0) == Approx(.3 + 1.5 * v2 - .1));
  s.limit = .25;
  CHECK(found_in(regression(two, 2), line_of_coefficients(1), s).code(0, 0) == .25f);
}

TEST_CASE("what the critic says of a picture is taken off the cost") {
  PictureGenerator made;
  made.generator = Perceptron::make({2, 3}, 0, true, Stream{5});
  made.critic = Perceptron::make({3, 4, 1}, .2f, false, Stream{6});
  Dataset open;
  open.input_height = 1, open.input_width = 3, open.height = 2, open.width = 6;
  const PictureSpace space = PictureSpace::generated(made, open);
  REQUIRE(space.has_critic());
  ClassSearch s;
  s.steps = 1, s.l2_weight = 0, s.weight = 0, s.critic_weight = 2, s.learning_rate = 1e-6, s.cost_threshold = -1000;
  const ClassCodes found = found_in(regression(Matrix::Zero(3, 2), 2), space, s);
  Bench bench;
  Matrix drawn;
  finish(space.draw(bench.context, found.code, drawn));
  REQUIRE(drawn.cols() == 12);
  Matrix picture(1, 3);
  for (int i = 0; i < 3; ++i) picture(0, i) = drawn(0, 2 * i);
  Program p;
  const Var x = p.input(1, 3), word = made.critic.record_fixed(p, x);
  const auto executable = bench.device->compile(std::move(p));
  executable->write(x, picture);
  executable->run();
  Matrix value;
  executable->read(word, value);
  CHECK(found.cost[0] == Approx(-2 * value(0, 0)).epsilon(1e-4));
}

TEST_CASE("the loss of KED-MI's critic by hand: D(x) (2, 0, -1) where the model has the logits (1, 1, 0)") {
  Program p;
  Matrix soft = row({1, 1, 0});
  soft = (soft.array() - std::log(2 * std::exp(1.f) + 1)).exp();
  const Var of_labelled = p.constant(row({2, 0, -1})), of_real = p.constant(row({1, 0, 0})), of_drawn = p.constant(row({0, 0, -1}));
  const Var loss = record_inversion_critic_loss(p, of_labelled, p.constant(soft), of_real, of_drawn);
  CHECK(number_of(p, loss) == Approx(1.4805708 + .7032535).epsilon(1e-6));
}

TEST_CASE("how unreal a drawn picture is, and its slope, by hand; the entropy of two even classes and a rarer one") {
  Parameter drawn;
  drawn.value = row({0, 0, -1});
  Program p;
  const Var logits = p.parameter(drawn), unreal = record_unreal(p, logits), entropy = record_class_entropy(p, logits);
  const Var slope = p.gradient(p.sum(unreal), std::vector<Var>{logits})[0];
  auto run = cpu_device()->compile(p);
  run->run();
  Matrix value, gradient, h;
  REQUIRE((run->read(unreal, value) && run->read(slope, gradient) && run->read(entropy, h)));
  CHECK(value(0, 0) == Approx(.3522885).epsilon(1e-5));
  CHECK(gradient(0, 0) == Approx(-.1254).margin(5e-5));
  CHECK(gradient(0, 2) == Approx(-.0461).margin(5e-5));
  CHECK(h(0, 0) == Approx(1.0173572).epsilon(1e-5));
}

TEST_CASE("the gap of features is between means, number by number") {
  Program p;
  const Var drawn = p.constant((Matrix(2, 2) << 1, 0, 3, 0).finished()), real = p.constant((Matrix(1, 2) << 1, 4).finished());
  CHECK(number_of(p, record_feature_gap(p, drawn, real)) == Approx((1 + 4) / 2.));
}

TEST_CASE("students come to say what the model says") {
  const auto device = cpu_device();
  for (const int classes : {2, 3}) {
    INFO(classes);
    Context context{*device, Stream{5}, nullptr, {}, {}};
    Network target = make_network({{}, "relu", 0, 5}, false, 2, classes, Stream{4});
    target.head.weight.value *= 3;
    Matrix inputs(300, 2);
    fill_normal(Stream{6}, 0, inputs);
    std::vector<Network> students;
    finish(learn_students(context, target, inputs, 3, students));
    REQUIRE(students.size() == 3);
    CHECK(students[2].hidden.size() == 2);
    const auto log_p = [&](const Network& net) {
      Activations inside;
      finish(activations(context, net, inputs, inside));
      return Matrix(purifier_input(logits_of(net, inside.mu)).array().exp());
    };
    for (const Network& student : students) CHECK((log_p(student) - log_p(target)).cwiseAbs().mean() < .05f);
  }
}
