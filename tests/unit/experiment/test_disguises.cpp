// A release that hides nothing must not protect: every attack that lives on answers gets bijections of them (divided by a
// temperature, shifted, classes permuted) and finds what it found before.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <set>

#include "mid/attack/attack.hpp"
#include "outcome_of.hpp"

using namespace mid;
using Catch::Approx;

namespace {

/// `there` and `back` on whatever numbers leave the model, on top of the release.
Disguise by(std::function<Matrix(Matrix)> there, std::function<Matrix(Matrix)> back) {
  return [=](Release release) {
    const auto show = *release.show;
    const auto invert = *release.invert;
    release.show = [=](Matrix x) {
      Released out = show(std::move(x));
      out.value = there(std::move(out.value));
      return out;
    };
    release.invert = [=](Released seen) {
      seen.value = back(std::move(seen.value));
      return invert(std::move(seen));
    };
    return release;
  };
}

Matrix turned(const Matrix& x) {
  Matrix out = x;
  for (Eigen::Index c = 0; c < x.cols(); ++c) out.col((c + 1) % x.cols()) = x.col(c);
  return out;
}
Matrix turned_back(const Matrix& x) {
  Matrix out = x;
  for (Eigen::Index c = 0; c < x.cols(); ++c) out.col(c) = x.col((c + 1) % x.cols());
  return out;
}

std::map<std::string, Disguise> disguises() {
  return {{"temperature", by([](const Matrix& x) { return Matrix(x / 64); },
                             [](const Matrix& x) { return Matrix(x * 64); })},  // a power of 2 loses no digit
          {"shift", by([](const Matrix& x) { return Matrix((x.array() + .25f).matrix()); },
                       [](const Matrix& x) { return Matrix((x.array() - .25f).matrix()); })},
          {"permuted classes", by(turned, turned_back)}};
}

Json digits(const Json& attack) {
  return {{"data", {{"name", "digits"}, {"private", 300}, {"held_out", 60}, {"auxiliary", 300}, {"attacked", 60}, {"victims", "held_out"}}},
          {"model", {{"hidden", {16}}, {"bottleneck", 8}}},
          {"train", {{"epochs", 4}, {"batch", 20}}},
          {"attack", attack}};
}

/// Specifications in which every attack that asks or overhears finds something.
std::map<std::string, Json> attacked() {
  const Json adult{{"name", "adult"}, {"private", 400}, {"auxiliary", 400}, {"held_out", 200}};
  const Json table{{"name", "adult"}, {"rows", 1500}, {"sensitive", "married"}, {"private", 1000}, {"held_out", 500}, {"auxiliary", 0}};
  std::map<std::string, Json> all{
      {"ridge_inversion", digits({{"kind", "ridge_inversion"}, {"components", 20}})},
      {"inversion_network", digits({{"kind", "inversion_network"}, {"hidden", {32}}, {"epochs", 10}})},
      {"updates_leak", digits({{"kind", "updates_leak"}, {"probes", 20}, {"updates", 60}, {"networks", 1}, {"epochs", 10}})},
      {"membership", digits({{"kind", "membership"}, {"shadows", 4}})},
      {"cma_es",
       {{"data", {{"name", "london-faces"}}},
        {"model", {{"hidden", {32}}, {"bottleneck", 8}}},
        {"train", {{"epochs", 5}}},
        {"attack", {{"kind", "cma_es"}, {"queries", 60}, {"judge", false}}}}},
      {"likelihood_inference",
       {{"data", adult},
        {"model", {{"hidden", {8}}, {"bottleneck", 4}}},
        {"train", {{"epochs", 2}}},
        {"attack", {{"kind", "likelihood_inference"}}}}},
      {"learned_inference",
       {{"data", adult},
        {"model", {{"hidden", {8}}, {"bottleneck", 4}}},
        {"train", {{"epochs", 2}}},
        {"attack", {{"kind", "learned_inference"}, {"networks", 1}, {"draws", 1}}}}},
      {"map_inference",
       {{"data", {{"name", "warfarin"}, {"private", 600}, {"held_out", 445}, {"auxiliary", 0}}},
        {"model", {{"kind", "linear"}}},
        {"attack", {{"kind", "map_inference"}}}}}};
  for (const char* kind : {"tree_black_box", "csmia", "lomia"})
    all[kind] = {{"data", table}, {"model", {{"kind", "tree"}, {"max_depth", 4}, {"min_leaf", 25}}}, {"attack", {{"kind", kind}}}};
  return all;
}

}  // namespace

TEST_CASE("an answer in disguise tells every attack what the answer tells", "[figures]") {
  std::set<std::string> left;
  for (const Attack* a : attacks())
    if (grants(a->needs, Access::scores) || grants(a->needs, Access::update)) left.insert(std::string(a->about.name));
  for (const auto& [attack, spec] : attacked()) {
    left.erase(attack);
    StageCache cache;
    const Result straight = outcome_of(spec, &cache).result;
    for (const auto& [name, disguise] : disguises()) {
      INFO(attack << ", " << name);
      const Result found = outcome_of(spec, &cache, disguise).result;
      for (const auto& [figure, measure] : straight.privacy) {
        INFO(figure);
        REQUIRE(found.privacy.contains(figure));
        // A shifted answer has lost the last digits of a float; what learns from answers may then go another way by a record or two.
        const bool exact = name != "shift";
        if (measure.value) CHECK(found.privacy.at(figure).value.value() == Approx(*measure.value).margin(exact ? 1e-6 : .02));
      }
    }
  }
  for (const std::string& forgotten : left) FAIL_CHECK(forgotten << " lives on answers and is not tried here");
}
