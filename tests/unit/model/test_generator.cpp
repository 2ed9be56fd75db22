// Generators of pictures: the critic's penalty through second derivatives against hand formulas and PyTorch; training.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <filesystem>

#include "../matrices.hpp"
#include "../perceptron.hpp"
#include "mid/base/archive.hpp"
#include "mid/base/file.hpp"
#include "mid/model/prior/generator.hpp"
#include "mid/nn/device.hpp"

using namespace mid;
using Catch::Approx;

namespace {

struct Bench {
  std::unique_ptr<Device> device = cpu_device();
  Context context{*device, Stream{3}, nullptr, {}, {}};
};

void same(Perceptron& found, const Json& matrices, float margin) {
  const std::vector<Parameter*> all = found.parameters();
  REQUIRE(all.size() == matrices.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    INFO("parameter " << i);
    CHECK((all[i]->value - matrix(matrices[i])).cwiseAbs().maxCoeff() < margin);
  }
}

void record_adam(Program& p, Perceptron& of, Var loss, Var rate, AdamBetas betas) {
  std::vector<Var> weights;
  for (Parameter* q : of.parameters()) weights.push_back(p.parameter(*q));
  const std::vector<Var> gradient = p.gradient(loss, weights);
  for (std::size_t i = 0; i < weights.size(); ++i) p.adam(weights[i], gradient[i], rate, 0, betas);
}

/// Pictures of 16 pixels around two prototypes.
Matrix two_kinds(int rows) {
  Matrix m(rows, 16);
  fill_normal(Stream{8}, 0, m);
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < 16; ++c) m(r, c) = (((r % 2 == 0) == (c < 8)) ? .8f : .2f) + .03f * m(r, c);
  return m.cwiseMax(0.f).cwiseMin(1.f);
}

/// Of pictures of 4 x 4: a pool, then an even window with a stride.
PictureConvolutions small_windows() {
  return {{4, 4}, {{.filters = 8, .kernel = 3, .padding = 1, .pool = 2}, {.filters = 8, .kernel = 2, .stride = 2}}};
}

/// Mean distance of each made picture from the nearer prototype.
double distance(const Matrix& made) {
  Matrix kinds(2, 16);
  for (int c = 0; c < 16; ++c) kinds(0, c) = c < 8 ? .8f : .2f, kinds(1, c) = c < 8 ? .2f : .8f;
  double sum = 0;
  for (Eigen::Index r = 0; r < made.rows(); ++r) sum += std::min((made.row(r) - kinds.row(0)).norm(), (made.row(r) - kinds.row(1)).norm());
  return sum / static_cast<double>(made.rows());
}

}  // namespace

TEST_CASE("the penalty's gradient by second derivatives is that of the hand formulas") {
  // method.md 4.1: g1 = m2*w3, g = W1'(m1*(W2'g1)); u = 20 (|g| - 1) g/|g|; dW1 = g2 u', e = m1*(W1 u), dW2 = g1 e', dW3 = (m2*(W2 e))'.
  Bench bench;
  const int pixels = 6, first = 5, second = 4;
  Perceptron critic = Perceptron::make({pixels, first, second, 1}, .2f, false, Stream{6});
  Matrix x(1, pixels), t(1, 1);
  fill_normal(Stream{7}, 0, x);
  t.setOnes();  // the point is the real picture, and real = fake leaves the penalty alone
  Program p;
  const Var at = p.input(1, pixels), mix = p.input(1, 1);
  const Var loss = record_critic_loss(p, critic, at, at, mix, 10);
  std::vector<Var> weights;
  for (Parameter* q : critic.parameters()) weights.push_back(p.parameter(*q));
  const std::vector<Var> gradient = p.gradient(loss, weights);
  const auto executable = bench.device->compile(std::move(p));
  executable->write(at, x), executable->write(mix, t);
  executable->run();

  const auto weight = [&](int i) { return critic.layers[static_cast<std::size_t>(i)].weight.value.cast<double>().eval(); };
  const auto bias = [&](int i) { return critic.layers[static_cast<std::size_t>(i)].bias.value.cast<double>().eval(); };
  const auto mask = [](const MatrixD& a) { return MatrixD(a.unaryExpr([](double v) { return v > 0 ? 1 : .2f * 1.; })); };
  // Rows here: layers are stored inputs x outputs.
  const MatrixD a1 = x.cast<double>() * weight(0) + bias(0), m1 = mask(a1);
  const MatrixD h = a1.cwiseProduct(m1), a2 = h * weight(1) + bias(1), m2 = mask(a2);
  const MatrixD g1 = m2.cwiseProduct(weight(2).transpose()), h1 = g1 * weight(1).transpose(), g2 = m1.cwiseProduct(h1),
                g = g2 * weight(0).transpose();
  const double length = g.norm();
  const MatrixD u = 20 * (length - 1) / length * g, e = m1.cwiseProduct(u * weight(0));
  const std::vector<MatrixD> wanted{u.transpose() * g2,
                                    MatrixD::Zero(1, first),
                                    e.transpose() * g1,
                                    MatrixD::Zero(1, second),
                                    (m2.cwiseProduct(e * weight(1))).transpose(),
                                    MatrixD::Zero(1, 1)};
  Matrix found;
  executable->read(loss, found);
  CHECK(found(0, 0) == Approx(10 * (length - 1) * (length - 1)).epsilon(1e-5));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    INFO("parameter " << i);
    executable->read(gradient[i], found);
    CHECK((found.cast<double>() - wanted[i]).cwiseAbs().maxCoeff() < 1e-5);
  }
}

TEST_CASE("two steps of the critic and one of the generator are PyTorch's") {
  const Json g = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/generator.json"));
  Bench bench;
  Perceptron critic = perceptron(g["critic"], .2f, false), generator = perceptron(g["generator"], 0, true);
  const Matrix real = matrix(g["real"]), code = matrix(g["code"]), t = matrix(g["t"]);
  const AdamBetas betas{.5, .9};
  const int rows = static_cast<int>(real.rows());
  Program judge, paint;
  const Var x = judge.input(rows, static_cast<int>(real.cols())), z = judge.input(rows, static_cast<int>(code.cols())),
            mix = judge.input(rows, 1);
  const Var loss = record_critic_loss(judge, critic, x, generator.record(judge, z), mix, 10);
  record_adam(judge, critic, loss, judge.full(1, 1, .01f), betas);
  const auto judging = bench.device->compile(std::move(judge));
  judging->write(x, real), judging->write(z, code), judging->write(mix, t);
  Matrix value;
  for (const Json& step : g["steps"]) {
    judging->run();
    judging->read(loss, value);
    CHECK(value(0, 0) == Approx(step["loss"].get<double>()).epsilon(1e-4));
    same(critic, step["critic"], 2e-5f);
  }
  const Var z2 = paint.input(rows, static_cast<int>(code.cols()));
  const Var looks = paint.scale(paint.mean_of_rows(critic.record(paint, generator.record(paint, z2))), -1);
  record_adam(paint, generator, looks, paint.full(1, 1, .01f), betas);
  const auto painting = bench.device->compile(std::move(paint));
  painting->write(z2, code);
  painting->run();
  painting->read(looks, value);
  CHECK(value(0, 0) == Approx(g["generator_step"]["loss"].get<double>()).epsilon(1e-4));
  same(generator, g["generator_step"]["generator"], 2e-5f);
}

TEST_CASE("both generators learn what the pictures look like, and go on where they were interrupted") {
  const Matrix pictures = two_kinds(40);
  WganSpec wgan;
  wgan.code = 4, wgan.generator = {16, 16}, wgan.critic = {16, 16}, wgan.steps = 300, wgan.batch = 20, wgan.learning_rate = 2e-3;
  VaeSpec vae;
  vae.code = 2, vae.hidden = 16, vae.epochs = 200, vae.learning_rate = 5e-3;
  const auto train = [&](Context& context, bool adversarial, PictureGenerator& out) {
    return adversarial ? train_wgan(context, "wgan_gp", wgan, pictures, out) : train_vae(context, "vae", vae, pictures, out);
  };
  for (const bool adversarial : {true, false, true, false}) {
    INFO(adversarial << wgan.by.layers.size());
    Bench bench, first, second;
    PictureGenerator straight, resumed;
    finish(train(bench.context, adversarial, straight));
    Matrix code(50, straight.generator.inputs()), made;
    fill_normal(Stream{12}, 0, code);
    finish(straight.pictures(bench.context, code, made));
    const double mixed = std::sqrt(16) * .3;  // of the mean picture
    CHECK(distance(made) < .65 * mixed);
    {
      PictureGenerator lost;
      Task task = train(first.context, adversarial, lost);
      for (int i = 0; i < 50; ++i) task.advance();
      second.context.saves.unpack(first.context.saves.pack());
    }
    finish(train(second.context, adversarial, resumed));
    Matrix again;
    finish(resumed.pictures(bench.context, code, again));
    CHECK(again == made);
    if (!adversarial) wgan.by = vae.by = small_windows();
  }
}

TEST_CASE("the penalty of a critic with convolutions has the derivatives that differences show", "[convolution]") {
  // Inside a piece of the activations the loss is smooth, and differences of single precision are right to a percent.
  Bench bench;
  constexpr int kRows = 3;
  const PictureConvolutions by{{5, 4}, {{.filters = 3, .kernel = 3, .padding = 1, .pool = 2}, {.filters = 4, .kernel = 2}}};
  Perceptron critic = Perceptron::make({by.seen(20), 1}, .2f, false, Stream{6});
  critic.see_by(by, Stream{9});
  Matrix real(kRows, 20), fake(kRows, 20), t(kRows, 1);
  fill_normal(Stream{7}, 0, real), fill_normal(Stream{8}, 0, fake);
  t << .2f, .5f, .9f;
  Program p;
  const Var x = p.input(kRows, 20), y = p.input(kRows, 20), mix = p.input(kRows, 1);
  const Var loss = record_critic_loss(p, critic, x, y, mix, 10);
  std::vector<Var> weights;
  for (Parameter* q : critic.parameters()) weights.push_back(p.parameter(*q));
  const std::vector<Var> gradient = p.gradient(loss, weights);
  const auto executable = bench.device->compile(std::move(p));
  executable->write(x, real), executable->write(y, fake), executable->write(mix, t);
  const auto loss_now = [&] {
    Matrix value;
    executable->run();
    executable->read(loss, value);
    return static_cast<double>(value(0, 0));
  };
  loss_now();
  std::vector<Matrix> found(gradient.size());
  double most = 0;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    executable->read(gradient[i], found[i]);
    most = std::max<double>(most, found[i].cwiseAbs().maxCoeff());
  }
  const std::vector<Parameter*> all = critic.parameters();
  REQUIRE(all.size() == 6);
  CHECK(most > 1);
  constexpr float kStep = 1e-3f;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (Eigen::Index k = 0; k < all[i]->value.size(); ++k) {
      float& weight = all[i]->value.data()[k];
      const float before = weight;
      weight = before + kStep;
      const double above = loss_now();
      weight = before - kStep;
      const double below = loss_now();
      weight = before;
      INFO("parameter " << i << ", number " << k);
      CHECK(std::abs((above - below) / (2 * kStep) - found[i].data()[k]) < .01 * most);
    }
}

TEST_CASE("a network that draws enlarges pictures by repeating pixels and convolves them", "[convolution]") {
  Bench bench;
  const PictureConvolutions by{{5, 3, 2}, {{.filters = 3, .kernel = 2, .padding = 1, .pool = 2}}};  // 5 x 3 to 6 x 4 to 3 x 2
  PictureGenerator nets;
  nets.generator = Perceptron::make({4, by.seen(30)}, .1f, true, Stream{6});
  nets.generator.draw_by(by, Stream{9});
  Matrix code(2, 4), found;
  fill_normal(Stream{7}, 0, code);
  finish(nets.pictures(bench.context, code, found));
  REQUIRE((found.rows() == 2 && found.cols() == 30));
  REQUIRE(nets.generator.outputs() == 30);
  const DenseLayer& layer = nets.generator.layers[0];
  const Enlargement& e = nets.generator.enlargements[0];
  CHECK(e.from == PictureShape{3, 2, 3});
  const MatrixD a = ((code * layer.weight.value).rowwise() + layer.bias.value.row(0)).cast<double>();
  const auto small = [&](int row, int y, int x, int c) {  // bent, enlarged to 5 x 3, 0 beyond the border
    if (y < 0 || y >= 5 || x < 0 || x >= 3) return 0.;
    const double v = a(row, ((y * 3 / 5) * 2 + x * 2 / 3) * 3 + c);
    return v > 0 ? v : .1 * v;
  };
  for (int row = 0; row < 2; ++row)
    for (int y = 0; y < 5; ++y)
      for (int x = 0; x < 3; ++x)
        for (int f = 0; f < 2; ++f) {
          double sum = e.weights.bias.value(0, f);
          for (int v = 0; v < 2; ++v)
            for (int u = 0; u < 2; ++u)
              for (int c = 0; c < 3; ++c) sum += small(row, y + v, x + u, c) * e.weights.weight.value((v * 2 + u) * 3 + c, f);
          CHECK(found(row, (y * 3 + x) * 2 + f) == Approx(1 / (1 + std::exp(-sum))).epsilon(1e-5));
        }
}

TEST_CASE("convolutions of a prior that take too much on the way back are refused", "[convolution]") {
  const PictureConvolutions by{{128, 128}, {{.filters = 512, .kernel = 8, .stride = 8}}};
  CHECK_NOTHROW(check_convolutions(by.layers, by.picture, "x"));
  try {
    by.check();
    FAIL("accepted");
  } catch (const Error& e) {
    CHECK(e.field() == "attack.convolutions[0]");
  }
}

TEST_CASE("a network of a prior comes back from its archive, and one whose sizes do not join is damaged", "[archive][convolution]") {
  Perceptron net = Perceptron::make({small_windows().seen(16), small_windows().seen(16)}, .2f, false, Stream{6}), read;
  net.see_by(small_windows(), Stream{9});
  net.draw_by(small_windows(), Stream{9});
  const auto bytes_of = [](const Perceptron& p) {
    Packer out;
    p.pack(out);
    return out.take();
  };
  const std::string bytes = bytes_of(net);
  Unpacker in(bytes);
  read.unpack(in);
  CHECK(in.at_end());
  CHECK(read.alike(net));
  CHECK(bytes_of(read) == bytes);
  CHECK((read.inputs() == 16 && read.outputs() == 16));
  const auto damaged = [&](auto change) {
    Perceptron other = net;
    change(other);
    CHECK_FALSE(other.alike(net));
    const std::string b = bytes_of(other);
    Unpacker from(b);
    CHECK_THROWS_AS(read.unpack(from), Damaged);
  };
  damaged([](Perceptron& p) { p.convolutions[0].in.width = 6; });
  damaged([](Perceptron& p) { p.convolutions[0].shape.pool = 1; });
  damaged([](Perceptron& p) { p.convolutions[1].shape.kernel = 9; });
  damaged([](Perceptron& p) { p.convolutions[1].shape.filters = 0; });
  damaged([](Perceptron& p) { p.enlargements[0].to.height = 4; });
  damaged([](Perceptron& p) { p.enlargements[1].kernel = 2; });
  damaged([](Perceptron& p) { p.enlargements[1].from.height = 60000; });
  damaged([](Perceptron& p) { p.layers[0].weight.value.conservativeResize(4, Eigen::NoChange); });
}

TEST_CASE("layers whose archive holds a slope that is none are damaged", "[archive]") {
  for (const float slope : {0.f, .2f, 1.f, -.1f, 1.1f, std::nanf("")}) {
    Perceptron layers = Perceptron::make({3, 2}, .2f, false, Stream{6}), read;
    layers.slope = slope;
    Packer out;
    layers.pack(out);
    const std::string bytes = out.take();
    Unpacker in(bytes);
    INFO(slope);
    if (slope >= 0 && slope <= 1)
      CHECK_NOTHROW(read.unpack(in));
    else
      CHECK_THROWS_AS(read.unpack(in), Damaged);
  }
}
