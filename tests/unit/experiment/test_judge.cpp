// The network that judges whom a picture shows. Seeds are fixed.
#include <catch2/catch_test_macros.hpp>

#include "mid/data/source.hpp"
#include "mid/experiment/judge.hpp"
#include "outcome_of.hpp"

using namespace mid;

namespace {

struct Judged {
  std::unique_ptr<Device> device = cpu_device();
  Context context;
  DatasetCache datasets;
  const Spec spec;
  const Data& data = datasets.data(spec);
  Judge judge;
  static Spec spec_of(int seed) {
    Json json = preset("face-from-name");
    json["seed"] = seed;
    return check_spec(json);
  }
  explicit Judged(int seed) : context{*device, Stream{static_cast<std::uint64_t>(seed)}, &shared_stages(), {}, {}}, spec(spec_of(seed)) {
    finish(train_judge(context, data, data_key(spec), judge));
  }
  Judgement of(Matrix pictures) {
    Judgement j;
    finish(ask_judge(context, judge, std::move(pictures), j));
    return j;
  }
  /// Share of the pictures that are named as one of the target's classes.
  double named(Matrix pictures) {
    const Judgement j = of(std::move(pictures));
    double n = 0;
    for (Eigen::Index r = 0; r < j.log_probability.rows(); ++r) {
      Eigen::Index best = 0;
      j.log_probability.row(r).maxCoeff(&best);
      n += best < judge.classes;
    }
    return n / static_cast<double>(j.log_probability.rows());
  }
};

}  // namespace

TEST_CASE("the judge knows the enrolled people on photos that it never saw, and takes noise for nobody") {
  Judged j(1);
  const Judgement test = j.of(rows_of(j.data.set.inputs, j.data.split.test));
  const VectorXi label = rows_of(j.data.set.label, j.data.split.test);
  int right = 0;
  for (Eigen::Index r = 0; r < label.size(); ++r) {
    Eigen::Index best = 0;
    test.log_probability.row(r).maxCoeff(&best);
    right += best == label[r];
  }
  CHECK(right == 40);  // the target of this story is right on 39 or 40

  const Eigen::Index pixels = j.data.set.inputs.cols();
  Matrix noise(200, pixels);
  fill_normal(Stream{5}, 0, noise);
  CHECK(j.named((.5f + .25f * noise.array()).cwiseMax(0.f).cwiseMin(1.f).matrix()) < .03);
  // A mask: the average face under noise, as a search in pixels draws it.
  const Matrix mean = rows_of(j.data.set.inputs, j.data.split.auxiliary).colwise().mean();
  CHECK(j.named((mean.replicate(200, 1).array() + .3f * noise.array()).cwiseMax(0.f).cwiseMin(1.f).matrix()) < .05);
  CHECK(j.named(mean) == 0);
  // Strangers are mostly seen to be no enrolled person: they are classes of their own.
  CHECK(j.named(rows_of(j.data.set.inputs, j.data.split.auxiliary)) < .02);
  CHECK((test.log_probability.array().exp().rowwise().sum() - 1).abs().maxCoeff() < 1e-9);
}

TEST_CASE("the judge is right about new photos at least as often as the network it judges", "[figures]") {
  for (const int seed : {1, 5}) {
    Json spec = preset("face-from-name");
    spec["seed"] = seed;
    const Outcome outcome = outcome_of(spec, &shared_stages());
    const Result& result = outcome.result;
    CAPTURE(seed);
    CHECK(*result.utility.at("judge_accuracy").value >= *result.utility.at("accuracy").value);
    CHECK(result.warnings.empty());
  }
}

TEST_CASE("the judge damps what changes between two records of a label and leaves the rest as it is") {
  Judge judge;
  judge.average = Matrix::Zero(1, 4);
  judge.directions = Matrix(1, 4), judge.damping = Matrix(1, 1);
  judge.directions << .5f, -.5f, .5f, -.5f;
  judge.damping << .75f;
  Matrix picture(2, 4);
  picture << 4, 0, 2, 2,  // evened: 2, -2, 0, 0 by sqrt 2; of it 1, -1, 1, -1 and 1, -1, -1, 1
      7, 7, 7, 7;
  const Matrix seen = judge.seen(picture);
  // A quarter of the first part stays: 1.25, -1.25, -.75, .75, brought to a mean square of 1.
  const float length = std::sqrt((2 * 1.25f * 1.25f + 2 * .75f * .75f) / 4);
  Matrix expected(1, 4);
  expected << 1.25f, -1.25f, -.75f, .75f;
  CHECK((seen.row(0) - expected.row(0) / length).cwiseAbs().maxCoeff() < 1e-5f);
  CHECK(seen.row(1).isZero());  // one grey tells nothing
}
