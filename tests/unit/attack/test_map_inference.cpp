#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "mid/attack/attack.hpp"

using namespace mid;
using Catch::Approx;

namespace mid::attack {
extern const Attack map_inference, tree_black_box;
}

namespace {

/// f(v, i) = v: the record is its secret and a number that the model does not look at.
struct Fixture {
  std::unique_ptr<Device> device = cpu_device();
  Context context{*device, Stream{3}, nullptr, {}, {}};
  Model model = Linear{VectorXd{{1., 0.}}, 0, .5};
  Knowledge knowledge;
  Fixture() {
    Secret secret;
    secret.name = "s", secret.values = {"0", "1"}, secret.inputs = {0};
    secret.code = (Matrix(2, 1) << 0, 1).finished();
    knowledge.open.secret = secret;
    knowledge.secret_share = VectorXd{{.6, .4}};
    knowledge.training_error = .5;
  }
  Evidence attack(const Matrix& victims, const ReleaseSpec& release = {}, int repeats = 1) {
    knowledge.known = victims;
    knowledge.known.col(0).setZero();
    Oracle oracle(model, release, attack::map_inference.needs, victims, Stream{5});
    Evidence e;
    finish(attack::map_inference.run(context, oracle, knowledge, {{"kind", "map_inference"}, {"repeats", repeats}}, e));
    return e;
  }
};

}  // namespace

TEST_CASE("the likeliest value weighs the number against how common the value is") {
  // method.md section 2, by hand: p = (.6, .4), sd .5: y = .60 gives .2920, .2905; y = .61 gives .2851, .2951.
  Fixture f;
  f.knowledge.target = VectorXd{{.60, .61}};
  const MatrixD score = f.attack(Matrix::Zero(2, 2)).more.at("true_target");
  CHECK(score(0, 0) > score(0, 1));
  CHECK(score(1, 0) < score(1, 1));
  CHECK(std::exp(score(0, 0) - score(0, 1)) == Approx(.2920 / .2905).epsilon(.001));
  CHECK(std::exp(score(1, 0) - score(1, 1)) == Approx(.2851 / .2951).epsilon(.001));
}

TEST_CASE("an exact answer names the value, a noisy one only with as many repeats as the noise needs") {
  Fixture f;
  Matrix victims(200, 2);
  for (int i = 0; i < 200; ++i) victims.row(i) << static_cast<float>(i % 2), static_cast<float>(i);
  const auto right = [&](const Evidence& e) {
    int n = 0;
    for (int i = 0; i < 200; ++i) n += (e.score(i, 1) > e.score(i, 0)) == (i % 2 == 1);
    return n / 200.;
  };
  const double once = right(f.attack(victims)), often = right(f.attack(victims, {}, 50));
  CHECK(once > .7);
  CHECK(once < .95);
  CHECK(often > .99);
  // Asking again tells nothing where the answer about a record never changes.
  ReleaseSpec sticky;
  sticky.kind = "sticky";
  CHECK(right(f.attack(victims, sticky, 50)) < .95);
  std::get<Linear>(f.model).noise = 0;
  CHECK(right(f.attack(victims)) == 1);
}

TEST_CASE("bells stand where the model answers for each value, as wide as its noise") {
  Fixture f;
  const Evidence e = f.attack(Matrix::Ones(1, 2));
  CHECK(e.bell_mean == (MatrixD(1, 2) << 0, 1).finished());
  CHECK(e.bell_sd == MatrixD::Constant(1, 2, .5));
  CHECK(e.notes["answer_sd"] == .5);
}

TEST_CASE("who asks a tree weighs its answers by the outcome, and by the confusion where there is only a label") {
  // One column, the secret: value 0 leads to confidences (.8, .2), value 1 to (.3, .7).
  Tree tree;
  tree.columns = {{"s", false, {"0", "1"}}}, tree.cuts = {{}}, tree.classes = {"a", "b"};
  tree.nodes.resize(3);
  tree.nodes[0].split = TreeNode::Split::multiway, tree.nodes[0].column = 0, tree.nodes[0].child = {1, 2, -1}, tree.nodes[0].counts = VectorXd{{11., 9.}};
  tree.nodes[1].counts = VectorXd{{8., 2.}}, tree.nodes[2].counts = VectorXd{{3., 7.}};
  tree.nodes[1].parent = tree.nodes[2].parent = 0, tree.nodes[1].depth = tree.nodes[2].depth = 1;
  Fixture f;
  f.model = tree;
  f.knowledge.known = Matrix::Zero(2, 1);
  f.knowledge.label = VectorXi{{0, 1}};
  f.knowledge.confusion = (MatrixD(2, 2) << 9 / 12., 4 / 12., 3 / 12., 8 / 12.).finished();  // counts 8, 3, 2, 7, one more of each
  const auto run = [&](const char* kind) {
    ReleaseSpec release;
    release.kind = kind;
    Oracle oracle(f.model, release, attack::tree_black_box.needs, (Matrix(2, 1) << 0, 1).finished(), Stream{5});
    Evidence e;
    finish(attack::tree_black_box.run(f.context, oracle, f.knowledge, Json::object(), e));
    return e;
  };
  const Evidence full = run("none");
  CHECK(std::exp(full.score(0, 0)) == Approx(.6 * .8));
  CHECK(std::exp(full.score(0, 1)) == Approx(.4 * .3));
  CHECK(std::exp(full.score(1, 0)) == Approx(.6 * .2));
  CHECK(std::exp(full.score(1, 1)) == Approx(.4 * .7));
  CHECK(full.more.at("answer")(0, 0) > full.more.at("answer")(0, 1));  // the confidences differ: the answer names the value
  CHECK(full.more.at("answer")(1, 1) > full.more.at("answer")(1, 0));
  const Evidence label = run("label_only");
  CHECK(std::exp(label.score(0, 0)) == Approx(.6 * 9 / 12.));  // pi(a | a) = (8 + 1) / (10 + 2)
  CHECK(std::exp(label.score(1, 0)) == Approx(.6 * 3 / 12.));
  CHECK(std::exp(label.score(0, 1)) == Approx(.4 * 4 / 12.));
  CHECK(std::exp(label.score(1, 1)) == Approx(.4 * 8 / 12.));
}
