// Planted pictures: where the answer is a linear map that can be undone, an attack that learns must undo it.
#include <catch2/catch_test_macros.hpp>

#include "mid/attack/attack.hpp"

using namespace mid;

namespace mid::attack {
extern const Attack ridge_inversion, inversion_network;
}

namespace {

/// Softmax regression of four pixels and six classes: the differences of the log-confidences are 5 independent numbers, linear in
/// the picture, so that the picture is known in closed form.
struct Planted {
  std::unique_ptr<Device> device = cpu_device();
  Context context{*device, Stream{7}, nullptr, {}, {}};
  Model model;
  Knowledge knowledge;
  Matrix victims;
  Planted() {
    Network net;
    net.classes = 6;
    net.input_mean = Matrix::Zero(1, 4), net.input_sd = Matrix::Ones(1, 4);
    net.head.weight.value.resize(4, 6);
    fill_normal(Stream{11}, 0, net.head.weight.value);
    net.head.bias.value = Matrix::Zero(1, 6);
    model = std::move(net);
    Matrix drawn(600, 4);
    fill_normal(Stream{13}, 0, drawn);
    drawn = (.5f + .15f * drawn.array()).max(0.05f).min(.95f).matrix();
    Dataset& auxiliary = knowledge.auxiliary;
    auxiliary.inputs = auxiliary.pictures = drawn.topRows(500);
    auxiliary.input_height = auxiliary.height = auxiliary.input_width = auxiliary.width = 2;
    auxiliary.input_mean = Matrix::Zero(1, 4), auxiliary.input_sd = Matrix::Ones(1, 4);
    victims = drawn.bottomRows(100);
  }
  /// Mean squared error over the pictures' variance.
  double left_over(const Attack& attack, const Json& spec, bool permuted = false) {
    Oracle oracle(model, {}, attack.needs, victims, Stream{5});
    if (permuted) {
      std::vector<int> next(100);
      for (int i = 0; i < 100; ++i) next[static_cast<std::size_t>(i)] = (i + 1) % 100;
      oracle.permute_victims(next);
    }
    AttackResult e;
    finish(attack.run(context, oracle, knowledge, spec, e));
    const Matrix spread = victims.rowwise() - victims.colwise().mean();
    return static_cast<double>((e.pictures.front() - victims).squaredNorm() / spread.squaredNorm());
  }
};

}  // namespace

TEST_CASE("ridge inversion finds the planted pictures of a linear model", "[recovery]") {
  Planted p;
  const Json spec{{"kind", "ridge_inversion"}, {"prior", "pixels"}, {"regularisation", 0}, {"shifts", 0},
                  {"mirror", false},           {"floor", -100}};
  CHECK(p.left_over(attack::ridge_inversion, spec) < 1e-4);
  CHECK(p.left_over(attack::ridge_inversion, spec, true) > 1);
}

TEST_CASE("the inversion network finds the planted pictures of a linear model", "[recovery]") {
  Planted p;
  const Json spec{{"kind", "inversion_network"}, {"hidden", {64}}, {"epochs", 150}, {"batch", 20}, {"learning_rate", .01}};
  CHECK(p.left_over(attack::inversion_network, spec) < .02);
  CHECK(p.left_over(attack::inversion_network, spec, true) > 1);
}
