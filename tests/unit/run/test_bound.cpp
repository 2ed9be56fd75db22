// The rules of kl_bound (docs/architecture.md, "What was decided along the way").
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "mid/nn/device.hpp"
#include "mid/run/experiment.hpp"

using namespace mid;
using Catch::Approx;

namespace {

std::optional<double> bound(const char* defense, const char* release, int repeats) {
  const Json spec{{"data", {{"name", "adult"}, {"private", 200}, {"open", 300}, {"held_out", 100}}},
                  {"model", {{"hidden", {8}}, {"bottleneck", 4}}},
                  {"train", {{"epochs", 1}}},
                  {"defense", {{"kind", defense}}},
                  {"release", {{"kind", release}}},
                  {"attack", {{"kind", "likelihood_inference"}, {"repeats", repeats}}}};
  const auto device = cpu_device();
  Context context{*device, Stream{1}, nullptr, {}, {}};
  Shelf shelf;
  Outcome outcome;
  finish(run_experiment(context, shelf, check_spec(spec), outcome));
  return outcome.result.information.at("kl_bound").value;
}

}  // namespace

TEST_CASE("fresh answers multiply the bound, sticky ones do not") {
  const double once = bound("mid", "none", 1).value();
  CHECK(once > 0);
  CHECK(bound("mid", "none", 7).value() == Approx(7 * once));
  CHECK(bound("mid", "sticky", 7).value() == Approx(once));
}

TEST_CASE("without noise inside the model nothing bounds an exact answer, and a label tells ln C at most") {
  CHECK_FALSE(bound("none", "none", 1).has_value());
  CHECK_FALSE(bound("none", "round", 1).has_value());
  CHECK(bound("none", "label_only", 1).value() == Approx(std::log(2.)));
  // Every fresh noisy label may tell as much again; the label of a model without noise does not change.
  CHECK(bound("none", "label_only", 3).value() == Approx(std::log(2.)));
  const double once = bound("mid", "none", 1).value();
  CHECK(bound("mid", "label_only", 3).value() == Approx(3 * std::min(once, std::log(2.))));
}
