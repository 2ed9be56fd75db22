#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <functional>

#include "../matrices.hpp"
#include "mid/oracle/release.hpp"

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

Json of_kind(const char* kind) { return {{"kind", kind}}; }

/// The release of these settings on a model.
Release on(const Json& settings, const Network& network) { return release_on(read_release(settings, "release"), Model(network)); }

Released released(const Json& settings, const Network& network, MatrixRef mu, MatrixRef sigma, std::span<const std::uint64_t> hash,
                  std::uint64_t query, Stream random) {
  return shown_answer(on(settings, network), Model(network), mu, sigma, hash, query, random);
}

Released inverted(const Json& settings, const Network& network, Released seen) { return (*on(settings, network).invert)(std::move(seen)); }

}  // namespace

TEST_CASE("an undefended answer of two classes is its logit, of more its log-confidences") {
  const Network two = plain(row({2}).transpose(), 2);
  const Released a = released(of_kind("none"), two, row({1.5f}), Matrix(), kHash, 0, kStream);
  CHECK(a.form == AnswerForm::logit);
  CHECK(a.value(0, 0) == Approx(3));
  const Network three = plain(Matrix::Identity(3, 3), 3);
  const Released b = released(of_kind("none"), three, row({0, 0, std::log(2.f)}), Matrix(), kHash, 0, kStream);
  CHECK(b.form == AnswerForm::log_probability);
  CHECK(b.value(0, 2) == Approx(std::log(.5)));
  CHECK(b.value(0, 0) == Approx(std::log(.25)));
}

TEST_CASE("rounding keeps decimals, half away from zero, and does not renormalise") {
  const Network three = plain(Matrix::Identity(3, 3), 3);
  Json s = of_kind("round");
  s["decimals"] = 1;
  const Released a = released(s, three, row({std::log(.25f), std::log(.25f), std::log(.5f)}), Matrix(), kHash, 0, kStream);
  CHECK(a.form == AnswerForm::probability);
  CHECK(a.value(0, 0) == Approx(.3));
  CHECK(a.value(0, 2) == Approx(.5));
  CHECK(a.value.sum() == Approx(1.1));
}

TEST_CASE("label only is one-hot, ties to the lower class") {
  const Network three = plain(Matrix::Identity(3, 3), 3);
  const Released a = released(of_kind("label_only"), three, row({1, 1, 0}), Matrix(), kHash, 0, kStream);
  CHECK(a.value.row(0).sum() == 1);
  CHECK(a.value(0, 0) == 1);
}

TEST_CASE("mixing adds equal shares, and who knows the weight undoes it") {
  const Network four = plain(Matrix::Identity(4, 4), 4);
  const Released a = released(of_kind("mixing"), four, row({200, 0, 0, 0}), Matrix(), kHash, 0, kStream);  // p = (1, 0, 0, 0)
  CHECK(a.form == AnswerForm::probability);
  CHECK(a.value(0, 0) == Approx(.7));
  for (int c = 1; c < 4; ++c) CHECK(a.value(0, c) == Approx(.1));
  const Released back = inverted(of_kind("mixing"), four, a);
  CHECK(back.form == AnswerForm::probability);
  CHECK(back.value(0, 0) == Approx(1).margin(1e-6));
  CHECK(back.value(0, 3) == Approx(0).margin(1e-6));
  CHECK(on(of_kind("mixing"), four).cut->quantisation_half_width ==
        Approx(std::ldexp(1., -28) / .6));  // .1 lies in [2^-4, 2^-3), a float has 24 digits

  const Matrix many = Matrix::Random(50, 4) * 6;
  const std::vector<std::uint64_t> hash(50);
  const Matrix mixed = inverted(of_kind("mixing"), four, released(of_kind("mixing"), four, many, Matrix(), hash, 0, kStream)).value;
  const Matrix plainly = released(of_kind("none"), four, many, Matrix(), hash, 0, kStream).value.array().exp();
  CHECK((mixed - plainly).cwiseAbs().maxCoeff() < 4e-7f);

  const Network two = plain(row({1}).transpose(), 2);
  const Released b = released(of_kind("mixing"), two, row({0}), Matrix(), kHash, 0, kStream);
  CHECK(b.value(0, 0) == Approx(.5));
  CHECK(inverted(of_kind("mixing"), two, released(of_kind("mixing"), two, row({2}), Matrix(), kHash, 0, kStream)).value(0, 0) ==
        Approx(1 / (1 + std::exp(-2.))));
}

TEST_CASE("top k shows the largest confidences as they are, ties to the lower class") {
  const Network four = plain(Matrix::Identity(4, 4), 4);
  Json s = of_kind("top_k");
  s["keep"] = 2;
  const Released a = released(s, four, row({std::log(.2f), std::log(.4f), std::log(.2f), std::log(.2f)}), Matrix(), kHash, 0, kStream);
  CHECK(a.form == AnswerForm::top);
  CHECK(a.value(0, 0) == Approx(.2));
  CHECK(a.value(0, 1) == Approx(.4));
  CHECK(a.value(0, 2) == 0);
  CHECK(a.value(0, 3) == 0);
  s["keep"] = 9;
  CHECK(released(s, four, row({1, 2, 3, 4}), Matrix(), kHash, 0, kStream).value.sum() == Approx(1));
  // Of two classes the larger confidence tells both.
  s["keep"] = 1;
  const Network two = plain(row({1}).transpose(), 2);
  const Released b = released(s, two, row({-1}), Matrix(), kHash, 0, kStream);
  CHECK(b.value(0, 1) == 0);
  const Released back = inverted(s, two, b);
  CHECK(back.value(0, 1) == Approx(1 / (1 + std::exp(1.))));
  CHECK(std::isinf(log_probability_of(b, Model(two))(0, 1)));
}

TEST_CASE("a stochastic bottleneck gives a new answer to every query, a sticky one the same to the same record") {
  Network n = plain(row({1}).transpose(), 2);
  n.stochastic = true;
  const Matrix mu = row({0}), sigma = row({1});
  const auto ask = [&](const char* kind, std::uint64_t query, std::uint64_t hash) {
    const std::uint64_t h[] = {hash};
    return released(of_kind(kind), n, mu, sigma, h, query, kStream).value(0, 0);
  };
  CHECK(ask("none", 0, 5) != ask("none", 1, 5));
  CHECK(ask("none", 3, 5) == ask("none", 3, 5));
  CHECK(ask("sticky", 0, 5) == ask("sticky", 1, 5));
  CHECK(ask("sticky", 0, 5) != ask("sticky", 0, 6));
}

TEST_CASE("noise of the release has the sd that was asked for") {
  const int n = 20000;
  const Network two = plain(row({1}).transpose(), 2);
  Json s = of_kind("noise");
  s["scale"] = .5;
  const std::vector<std::uint64_t> hash(n);
  const Released a = released(s, two, Matrix::Zero(n, 1), Matrix(), hash, 0, kStream);
  const double mean = a.value.cast<double>().mean(), sd = std::sqrt((a.value.cast<double>().array() - mean).square().mean());
  CHECK(std::abs(mean) < .5 * 4 / std::sqrt(n));
  CHECK(sd == Approx(.5).epsilon(.02));
}

TEST_CASE("one bit of an embedding is served as its unit's mean plus or minus .798 sd") {
  Network n = plain(Matrix::Identity(2, 2), 2);
  n.code_mean = row({1, -1});
  n.code_sd = row({2, 3});
  Json s = of_kind("label_only");
  s["of"] = "embedding";
  const Released a = released(s, n, row({5, -4}), Matrix(), kHash, 0, kStream);
  CHECK(a.form == AnswerForm::code_sign);
  CHECK(a.value(0, 0) == Approx(1 + 2 * .79788456));
  CHECK(a.value(0, 1) == Approx(-1 - 3 * .79788456));
}

TEST_CASE("an embedding is rounded in units of its sd") {
  Network n = plain(Matrix::Identity(2, 2), 2);
  n.code_mean = row({1, 0});
  n.code_sd = row({2, 1});
  Json s = of_kind("round");
  s["of"] = "embedding", s["decimals"] = 0;
  const Released a = released(s, n, row({3.8f, .4f}), Matrix(), kHash, 0, kStream);
  CHECK(a.value(0, 0) == Approx(3));  // (3.8 - 1) / 2 = 1.4 -> 1
  CHECK(a.value(0, 1) == Approx(0));
}

TEST_CASE("what the user gets from an answer are log-probabilities that sum to one") {
  const Network two = plain(row({1}).transpose(), 2);
  const MatrixD p = log_probability_of(released(of_kind("none"), two, row({-80}), Matrix(), kHash, 0, kStream), Model(two)).array().exp();
  CHECK(p.sum() == Approx(1));
  CHECK(log_probability_of(released(of_kind("none"), two, row({-80}), Matrix(), kHash, 0, kStream), Model(two))(0, 1) == Approx(-80));
}

TEST_CASE("an unknown release is refused with the allowed kinds") {
  CHECK_THROWS_AS(read_release(Json{{"kind", "secret"}}, "release"), Error);
  CHECK_THROWS_AS(read_release(Json{{"kind", "none"}, {"decimals", 2}}, "release"), Error);
}

namespace {

template <class R>
concept NeedsNoInverse = requires(std::function<Released(Matrix)> show) { R{.show = show, .form = AnswerForm::logit, .cut = kExact}; };
template <class R>
concept NeedsNoCut = requires(std::function<Released(Matrix)> show, std::function<Released(Released)> invert) {
  R{.show = show, .invert = invert, .form = AnswerForm::logit};
};

/// Divides logits by a temperature and says that there is nothing to invert.
Release cooled(Release release, bool inverted) {
  const auto show = *release.show;
  release.show = [show](Matrix x) {
    Released out = show(std::move(x));
    out.value /= 50;
    return out;
  };
  if (inverted)
    release.invert = [](Released seen) {
      seen.value *= 50;
      return seen;
    };
  return release;
}

}  // namespace

TEST_CASE("a release without its inverse or without what it cuts off does not compile") {
  STATIC_CHECK_FALSE(NeedsNoInverse<Release>);
  STATIC_CHECK_FALSE(NeedsNoCut<Release>);
  STATIC_CHECK(requires(std::function<Released(Matrix)> show, std::function<Released(Released)> invert) {
    Release{.show = show, .invert = invert, .form = AnswerForm::logit, .cut = kExact};
  });
}

TEST_CASE("a release that passes a disguised answer through as if nothing could be inverted is refused") {
  const Network three = plain(Matrix::Identity(3, 3), 3), two = plain(row({1}).transpose(), 2);
  for (const Network& network : {three, two}) {
    ReleaseSpec spec;
    spec.disguise = [](Release r) { return cooled(std::move(r), false); };
    CHECK_THROWS_AS(release_on(spec, Model(network)), Failure);
    spec.disguise = [](Release r) { return cooled(std::move(r), true); };
    CHECK_NOTHROW(release_on(spec, Model(network)));
  }
}

TEST_CASE("every release gives back what it shows, of every model and of the numbers inside") {
  Network inside = plain(Matrix::Identity(3, 3), 3);
  inside.code_mean = row({1, 0, -2}), inside.code_sd = row({2, 1, .5f});
  const Network two = plain(row({1}).transpose(), 2);
  const Linear number{VectorXd{{1., 0.}}, 0, .5};
  int tried = 0;
  for (const ReleaseKind* kind : release_kinds())
    for (const Model& model : {Model(inside), Model(two), Model(number)}) {
      const std::string of = kind_of(model);
      if (!kind->about.models.empty() && std::find(kind->about.models.begin(), kind->about.models.end(), of) == kind->about.models.end())
        continue;
      for (const Param& p : kind->about.params())
        for (const std::string& what : p.name == "of" && of == "network" ? p.choices : std::vector<std::string>{}) {
          INFO(kind->about.name << " of " << what);
          CHECK_NOTHROW(release_on(read_release({{"kind", std::string(kind->about.name)}, {"of", what}}, "release"), model));
          ++tried;
        }
      if (of != "network") CHECK_NOTHROW(release_on(read_release({{"kind", std::string(kind->about.name)}}, "release"), model));
    }
  CHECK(tried == 24);  // five kinds of answer and embedding, two of the answer, on two networks
}
