#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "../matrices.hpp"
#include "mid/defense/release.hpp"

using namespace mid;
using Catch::Approx;

namespace {

/// Two inputs straight into the logits: code = inputs, logits = code * weight.
Network plain(Matrix weight, int classes) {
  Network n;
  n.classes = classes;
  n.input_mean = Matrix::Zero(1, weight.rows());
  n.input_sd = Matrix::Ones(1, weight.rows());
  n.head.bias.value = Matrix::Zero(1, weight.cols());
  n.head.weight.value = std::move(weight);
  return n;
}

const std::uint64_t kHash[] = {1, 2, 3, 4, 5, 6, 7, 8};
const Stream kStream{7};

ReleaseSpec of_kind(const char* kind) {
  ReleaseSpec s;
  s.kind = kind;
  return s;
}

}  // namespace

TEST_CASE("an undefended answer of two classes is its logit, of more its log-confidences") {
  const Network two = plain(row({2}).transpose(), 2);
  const Released a = release(of_kind("none"), two, row({1.5f}), Matrix(), kHash, 0, kStream);
  CHECK(a.form == AnswerForm::logit);
  CHECK(a.value(0, 0) == Approx(3));
  const Network three = plain(Matrix::Identity(3, 3), 3);
  const Released b = release(of_kind("none"), three, row({0, 0, std::log(2.f)}), Matrix(), kHash, 0, kStream);
  CHECK(b.form == AnswerForm::log_probability);
  CHECK(b.value(0, 2) == Approx(std::log(.5)));
  CHECK(b.value(0, 0) == Approx(std::log(.25)));
}

TEST_CASE("rounding keeps decimals, half away from zero, and does not renormalise") {
  const Network three = plain(Matrix::Identity(3, 3), 3);
  ReleaseSpec s = of_kind("round");
  s.decimals = 1;
  const Released a = release(s, three, row({std::log(.25f), std::log(.25f), std::log(.5f)}), Matrix(), kHash, 0, kStream);
  CHECK(a.form == AnswerForm::probability);
  CHECK(a.value(0, 0) == Approx(.3));
  CHECK(a.value(0, 2) == Approx(.5));
  CHECK(a.value.sum() == Approx(1.1));
}

TEST_CASE("label only is one-hot, ties to the lower class") {
  const Network three = plain(Matrix::Identity(3, 3), 3);
  const Released a = release(of_kind("label_only"), three, row({1, 1, 0}), Matrix(), kHash, 0, kStream);
  CHECK(a.value.row(0).sum() == 1);
  CHECK(a.value(0, 0) == 1);
}

TEST_CASE("mixing adds equal shares, and who knows the weight undoes it") {
  const Network four = plain(Matrix::Identity(4, 4), 4);
  const Released a = release(of_kind("mixing"), four, row({200, 0, 0, 0}), Matrix(), kHash, 0, kStream);  // p = (1, 0, 0, 0)
  CHECK(a.form == AnswerForm::mixed);
  CHECK(a.value(0, 0) == Approx(.7));
  for (int c = 1; c < 4; ++c) CHECK(a.value(0, c) == Approx(.1));
  const Released back = undone(of_kind("mixing"), a, 4);
  CHECK(back.form == AnswerForm::probability);
  CHECK(back.value(0, 0) == Approx(1).margin(1e-6));
  CHECK(back.value(0, 3) == Approx(0).margin(1e-6));
  CHECK(half_step(of_kind("mixing"), 4) == Approx(std::ldexp(1., -28) / .6));  // .1 lies in [2^-4, 2^-3), a float has 24 digits

  const Matrix many = Matrix::Random(50, 4) * 6;
  const std::vector<std::uint64_t> hash(50);
  const Matrix mixed = undone(of_kind("mixing"), release(of_kind("mixing"), four, many, Matrix(), hash, 0, kStream), 4).value;
  const Matrix plainly = release(of_kind("none"), four, many, Matrix(), hash, 0, kStream).value.array().exp();
  CHECK((mixed - plainly).cwiseAbs().maxCoeff() < 4e-7f);

  const Network two = plain(row({1}).transpose(), 2);
  const Released b = release(of_kind("mixing"), two, row({0}), Matrix(), kHash, 0, kStream);
  CHECK(b.value(0, 0) == Approx(.5));
  CHECK(undone(of_kind("mixing"), release(of_kind("mixing"), two, row({2}), Matrix(), kHash, 0, kStream), 2).value(0, 0) == Approx(1 / (1 + std::exp(-2.))));
}

TEST_CASE("top k shows the largest confidences as they are, ties to the lower class") {
  const Network four = plain(Matrix::Identity(4, 4), 4);
  ReleaseSpec s = of_kind("top_k");
  s.keep = 2;
  const Released a = release(s, four, row({std::log(.2f), std::log(.4f), std::log(.2f), std::log(.2f)}), Matrix(), kHash, 0, kStream);
  CHECK(a.form == AnswerForm::top);
  CHECK(a.value(0, 0) == Approx(.2));
  CHECK(a.value(0, 1) == Approx(.4));
  CHECK(a.value(0, 2) == 0);
  CHECK(a.value(0, 3) == 0);
  s.keep = 9;
  CHECK(release(s, four, row({1, 2, 3, 4}), Matrix(), kHash, 0, kStream).value.sum() == Approx(1));
  // Of two classes the larger confidence tells both.
  s.keep = 1;
  const Network two = plain(row({1}).transpose(), 2);
  const Released b = release(s, two, row({-1}), Matrix(), kHash, 0, kStream);
  CHECK(b.value(0, 1) == 0);
  const Released back = undone(s, b, 2);
  CHECK(back.value(0, 1) == Approx(1 / (1 + std::exp(1.))));
  CHECK(std::isinf(log_probability_of(b, Model(two))(0, 1)));
}

TEST_CASE("a stochastic bottleneck gives a new answer to every query, a sticky one the same to the same record") {
  Network n = plain(row({1}).transpose(), 2);
  n.stochastic = true;
  const Matrix mu = row({0}), sigma = row({1});
  const auto ask = [&](const char* kind, std::uint64_t query, std::uint64_t hash) {
    const std::uint64_t h[] = {hash};
    return release(of_kind(kind), n, mu, sigma, h, query, kStream).value(0, 0);
  };
  CHECK(ask("none", 0, 5) != ask("none", 1, 5));
  CHECK(ask("none", 3, 5) == ask("none", 3, 5));
  CHECK(ask("sticky", 0, 5) == ask("sticky", 1, 5));
  CHECK(ask("sticky", 0, 5) != ask("sticky", 0, 6));
}

TEST_CASE("noise of the release has the sd that was asked for") {
  const int n = 20000;
  const Network two = plain(row({1}).transpose(), 2);
  ReleaseSpec s = of_kind("noise");
  s.scale = .5;
  const std::vector<std::uint64_t> hash(n);
  const Released a = release(s, two, Matrix::Zero(n, 1), Matrix(), hash, 0, kStream);
  const double mean = a.value.cast<double>().mean(), sd = std::sqrt((a.value.cast<double>().array() - mean).square().mean());
  CHECK(std::abs(mean) < .5 * 4 / std::sqrt(n));
  CHECK(sd == Approx(.5).epsilon(.02));
}

TEST_CASE("one bit of an embedding is served as its unit's mean plus or minus .798 sd") {
  Network n = plain(Matrix::Identity(2, 2), 2);
  n.code_mean = row({1, -1});
  n.code_sd = row({2, 3});
  ReleaseSpec s = of_kind("label_only");
  s.of = "embedding";
  const Released a = release(s, n, row({5, -4}), Matrix(), kHash, 0, kStream);
  CHECK(a.form == AnswerForm::code_sign);
  CHECK(a.value(0, 0) == Approx(1 + 2 * .79788456));
  CHECK(a.value(0, 1) == Approx(-1 - 3 * .79788456));
}

TEST_CASE("an embedding is rounded in units of its sd") {
  Network n = plain(Matrix::Identity(2, 2), 2);
  n.code_mean = row({1, 0});
  n.code_sd = row({2, 1});
  ReleaseSpec s = of_kind("round");
  s.of = "embedding", s.decimals = 0;
  const Released a = release(s, n, row({3.8f, .4f}), Matrix(), kHash, 0, kStream);
  CHECK(a.value(0, 0) == Approx(3));  // (3.8 - 1) / 2 = 1.4 -> 1
  CHECK(a.value(0, 1) == Approx(0));
}

TEST_CASE("what the user gets from an answer are log-probabilities that sum to one") {
  const Network two = plain(row({1}).transpose(), 2);
  const MatrixD p = log_probability_of(release(of_kind("none"), two, row({-80}), Matrix(), kHash, 0, kStream), Model(two)).array().exp();
  CHECK(p.sum() == Approx(1));
  CHECK(log_probability_of(release(of_kind("none"), two, row({-80}), Matrix(), kHash, 0, kStream), Model(two))(0, 1) == Approx(-80));
}

TEST_CASE("an unknown release is refused with the allowed kinds") {
  CHECK_THROWS_AS(read_release(Json{{"kind", "secret"}}, "release"), Error);
  CHECK_THROWS_AS(read_release(Json{{"kind", "none"}, {"decimals", 2}}, "release"), Error);
}
