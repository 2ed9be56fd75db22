#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <cmath>

#include "mid/attack/belief/completions.hpp"

using namespace mid;
using Catch::Approx;

namespace mid::attack {
extern const Attack map_inference, tree_black_box;
}

namespace {

/// f(v, i) = v: the record is its secret and a number that the model does not look at.
struct ColumnFixture {
  std::unique_ptr<Device> device = cpu_device();
  Context context{*device, Stream{3}, nullptr, {}, {}};
  Model model = Linear{VectorXd{{1., 0.}}, 0, .5};
  Knowledge knowledge;
  ColumnFixture() {
    Secret secret;
    secret.name = "s", secret.values = {"0", "1"}, secret.inputs = {0};
    secret.code = (Matrix(2, 1) << 0, 1).finished();
    knowledge.auxiliary.secret = secret;
    knowledge.secret_share = VectorXd{{.6, .4}};
    knowledge.training_error = .5;
  }
  AttackResult attack(const Matrix& victims, const ReleaseSpec& release = {}, int repeats = 1) {
    knowledge.known = victims;
    knowledge.known.col(0).setZero();
    Oracle oracle(model, release, attack::map_inference.needs, victims, Stream{5});
    AttackResult e;
    finish(attack::map_inference.run(context, oracle, knowledge, {{"kind", "map_inference"}, {"repeats", repeats}}, e));
    return e;
  }
};

}  // namespace

TEST_CASE("the likeliest value weighs the number against how common the value is") {
  // method.md section 2, by hand: p = (.6, .4), sd .5: y = .60 gives .2920, .2905; y = .61 gives .2851, .2951.
  ColumnFixture f;
  f.knowledge.target = VectorXd{{.60, .61}};
  const MatrixD score = f.attack(Matrix::Zero(2, 2)).more.at("true_target");
  CHECK(score(0, 0) > score(0, 1));
  CHECK(score(1, 0) < score(1, 1));
  CHECK(std::exp(score(0, 0) - score(0, 1)) == Approx(.2920 / .2905).epsilon(.001));
  CHECK(std::exp(score(1, 0) - score(1, 1)) == Approx(.2851 / .2951).epsilon(.001));
}

TEST_CASE("an exact answer names the value, a noisy one only with as many repeats as the noise needs") {
  ColumnFixture f;
  Matrix victims(200, 2);
  for (int i = 0; i < 200; ++i) victims.row(i) << static_cast<float>(i % 2), static_cast<float>(i);
  const auto right = [&](const AttackResult& e) {
    int n = 0;
    for (int i = 0; i < 200; ++i) n += (e.log_posterior(i, 1) > e.log_posterior(i, 0)) == (i % 2 == 1);
    return n / 200.;
  };
  const double once = right(f.attack(victims)), often = right(f.attack(victims, {}, 50));
  CHECK(once > .7);
  CHECK(once < .95);
  CHECK(often > .99);
  // Asking again tells nothing where the answer about a record never changes.
  const ReleaseSpec sticky = read_release({{"kind", "sticky"}}, "release");
  CHECK(right(f.attack(victims, sticky, 50)) < .95);
  std::get<Linear>(f.model).noise = 0;
  CHECK(right(f.attack(victims)) == 1);
}

TEST_CASE("an exact answer names the secret however little it hangs on it, in any unit") {
  ColumnFixture f;
  Matrix victims = Matrix::Zero(40, 2);
  for (int i = 0; i < 40; ++i) victims(i, 0) = static_cast<float>(i % 2);
  f.knowledge.known = Matrix::Zero(40, 2);
  // A shrunken regression of answers near 5, and one whose whole unit is tiny.
  for (const Linear& model : {Linear{VectorXd{{1e-5, 0.}}, 5, 0}, Linear{VectorXd{{1e-7, 0.}}, 1e-8, 0}}) {
    f.model = model;
    const AttackResult e = f.attack(victims);
    for (int i = 0; i < 40; ++i) CHECK((e.log_posterior(i, 1) > e.log_posterior(i, 0)) == (i % 2 == 1));
  }
}

TEST_CASE("bells stand where the model answers for each value, as wide as its noise") {
  ColumnFixture f;
  const AttackResult e = f.attack(Matrix::Ones(1, 2));
  CHECK(e.conditional_mean == (MatrixD(1, 2) << 0, 1).finished());
  CHECK(e.conditional_sd == MatrixD::Constant(1, 2, .5));
  CHECK(e.notes["answer_sd"] == .5);
}

TEST_CASE("who asks a tree weighs its answers by the outcome, and by the confusion where there is only a label") {
  // One column, the secret: value 0 leads to confidences (.8, .2), value 1 to (.3, .7).
  Tree tree;
  tree.columns = {{"s", false, {"0", "1"}}}, tree.cuts = {{}}, tree.classes = {"a", "b"};
  tree.nodes.resize(3);
  tree.nodes[0].split = TreeNode::Split::multiway, tree.nodes[0].column = 0, tree.nodes[0].child = {1, 2, -1},
  tree.nodes[0].counts = VectorXd{{11., 9.}};
  tree.nodes[1].counts = VectorXd{{8., 2.}}, tree.nodes[2].counts = VectorXd{{3., 7.}};
  tree.nodes[1].parent = tree.nodes[2].parent = 0, tree.nodes[1].depth = tree.nodes[2].depth = 1;
  ColumnFixture f;
  f.model = tree;
  f.knowledge.known = Matrix::Zero(2, 1);
  f.knowledge.label = VectorXi{{0, 1}};
  f.knowledge.confusion = (MatrixD(2, 2) << 9 / 12., 4 / 12., 3 / 12., 8 / 12.).finished();  // counts 8, 3, 2, 7, one more of each
  const auto run = [&](const char* kind) {
    ReleaseSpec release = read_release({{"kind", kind}}, "release");
    Oracle oracle(f.model, release, attack::tree_black_box.needs, (Matrix(2, 1) << 0, 1).finished(), Stream{5});
    AttackResult e;
    finish(attack::tree_black_box.run(f.context, oracle, f.knowledge, Json::object(), e));
    return e;
  };
  const AttackResult full = run("none");
  CHECK(std::exp(full.log_posterior(0, 0)) == Approx(.6 * .8));
  CHECK(std::exp(full.log_posterior(0, 1)) == Approx(.4 * .3));
  CHECK(std::exp(full.log_posterior(1, 0)) == Approx(.6 * .2));
  CHECK(std::exp(full.log_posterior(1, 1)) == Approx(.4 * .7));
  CHECK(full.more.at("answer")(0, 0) > full.more.at("answer")(0, 1));  // the confidences differ: the answer names the value
  CHECK(full.more.at("answer")(1, 1) > full.more.at("answer")(1, 0));
  const AttackResult label = run("label_only");
  CHECK(std::exp(label.log_posterior(0, 0)) == Approx(.6 * 9 / 12.));  // pi(a | a) = (8 + 1) / (10 + 2)
  CHECK(std::exp(label.log_posterior(1, 0)) == Approx(.6 * 3 / 12.));
  CHECK(std::exp(label.log_posterior(0, 1)) == Approx(.4 * 4 / 12.));
  CHECK(std::exp(label.log_posterior(1, 1)) == Approx(.4 * 8 / 12.));
}

TEST_CASE("what else is unknown is tried in all combinations, weighed by how common they are") {
  // f = v + 2 a + b, the secret v and a unknown, b known; p(v) = (.6, .4), p(a) = (.7, .3).
  ColumnFixture f;
  f.model = Linear{VectorXd{{1., 2., 1.}}, 0, .5};
  f.knowledge.unknown = {{"a", {1}, (Matrix(2, 1) << 0, 1).finished(), VectorXd{{.7, .3}}}};
  f.knowledge.target = VectorXd{{2.2}};
  Matrix known(1, 3);
  known << 0, 0, .25f;
  f.knowledge.known = known;
  const AttackResult e = f.attack(known);
  const auto bell = [](double y, double mu, double sd) { return std::exp(-.5 * (y - mu) * (y - mu) / (sd * sd)); };
  const double y = 2.2, no = .6 * (.7 * bell(y, .25, .5) + .3 * bell(y, 2.25, .5)),
               yes = .4 * (.7 * bell(y, 1.25, .5) + .3 * bell(y, 3.25, .5));
  CHECK(e.more.at("true_target")(0, 0) - e.more.at("true_target")(0, 1) == Approx(std::log(no / yes)));
  // What was overheard: the same oracle again.
  Oracle oracle(f.model, {}, attack::map_inference.needs, known, Stream{5});
  Answers answer;
  finish(oracle.observe(f.context, 0, answer));
  const double heard = static_cast<double>(answer.value(0, 0)), no_heard = .6 * (.7 * bell(heard, .25, .5) + .3 * bell(heard, 2.25, .5)),
               yes_heard = .4 * (.7 * bell(heard, 1.25, .5) + .3 * bell(heard, 3.25, .5));
  CHECK(e.log_posterior(0, 0) - e.log_posterior(0, 1) == Approx(std::log(no_heard / yes_heard)));
  CHECK(e.conditional_mean.size() == 0);  // a mixture is no bell
  CHECK(e.notes.at("completions") == 2);
}

TEST_CASE("an attacker tries a thousand combinations at most, and says so") {
  const Unknown ten{"ten", {}, Matrix(10, 0), VectorXd::Constant(10, .1)};
  const std::vector<Unknown> three{ten, ten, ten}, more{ten, ten, ten, {"two", {}, Matrix(2, 0), VectorXd::Constant(2, .5)}}, none;
  CHECK(Completions(three).count() == 1000);
  CHECK(Completions(three).share(999) == Approx(.001));
  CHECK(Completions(none).count() == 1);
  CHECK(Completions(none).share(0) == 1);
  CHECK_THROWS_WITH(Completions(more),
                    "attack.also_unknown may leave at most 1000 combinations of values to try, found 2000 (ten 10, ten 10, ten 10, two 2); "
                    "name fewer columns");
}

TEST_CASE("who asks a tree without knowing a column weighs its answers over that column") {
  // Two columns: the secret, then a. Leaves: s 0: (.8, .2) whatever a is; s 1, a 0: (.3, .7); s 1, a 1: (.6, .4).
  Tree tree;
  tree.columns = {{"s", false, {"0", "1"}}, {"a", false, {"0", "1"}}}, tree.cuts = {{}, {}}, tree.classes = {"a", "b"};
  tree.nodes.resize(5);
  const auto inner = [&](std::size_t i, int column, std::vector<int> child) {
    tree.nodes[i].split = TreeNode::Split::multiway, tree.nodes[i].column = column;
    for (const int c : child)
      if (c >= 0)
        tree.nodes[static_cast<std::size_t>(c)].parent = static_cast<int>(i),
        tree.nodes[static_cast<std::size_t>(c)].depth = tree.nodes[i].depth + 1;
    tree.nodes[i].child = std::move(child);
  };
  inner(0, 0, {1, 2, -1}), inner(2, 1, {3, 4, -1});
  tree.nodes[1].counts = VectorXd{{8., 2.}}, tree.nodes[3].counts = VectorXd{{3., 7.}}, tree.nodes[4].counts = VectorXd{{6., 4.}};
  tree.nodes[2].counts = VectorXd{{9., 11.}}, tree.nodes[0].counts = VectorXd{{17., 13.}};
  ColumnFixture f;
  f.model = tree;
  f.knowledge.known = Matrix::Zero(1, 2);
  f.knowledge.label = VectorXi{{1}};
  f.knowledge.confusion = (MatrixD(2, 2) << 9 / 12., 4 / 12., 3 / 12., 8 / 12.).finished();
  f.knowledge.unknown = {{"a", {1}, (Matrix(2, 1) << 0, 1).finished(), VectorXd{{.9, .1}}}};
  const auto run = [&](const char* kind) {
    ReleaseSpec release = read_release({{"kind", kind}}, "release");
    Oracle oracle(f.model, release, attack::tree_black_box.needs, (Matrix(1, 2) << 1, 1).finished(), Stream{5});
    AttackResult e;
    finish(attack::tree_black_box.run(f.context, oracle, f.knowledge, Json::object(), e));
    return e;
  };
  const AttackResult full = run("none");
  CHECK(std::exp(full.log_posterior(0, 0)) == Approx(.6 * .2));
  CHECK(std::exp(full.log_posterior(0, 1)) == Approx(.4 * (.9 * .7 + .1 * .4)));
  // Overheard is (.6, .4), which only s = 1 with a = 1 gives.
  CHECK(std::exp(full.more.at("answer")(0, 1)) == Approx(.4 * .1));
  CHECK(full.more.at("answer")(0, 0) < full.more.at("answer")(0, 1) - 1000);
  const AttackResult label = run("label_only");  // s 1 answers b where a = 0, and a where a = 1
  CHECK(std::exp(label.log_posterior(0, 1)) == Approx(.4 * (.9 * 8 / 12. + .1 * 3 / 12.)));
}
