// Whole stories on the GPU beside the processor, shortened to what a GPU made of software can do; docs/gpu.md has them whole, on a
// real one.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdio>

#include "adapter.hpp"
#include "mid/session/session.hpp"
#include "outcome_of.hpp"

using namespace mid;

namespace {

Outcome on(Device& device, const Json& spec) {
  Context context{device, Stream{1}, nullptr, {}, {}};
  DatasetCache datasets;
  Outcome outcome;
  finish(run_experiment(context, datasets, check_spec(spec), outcome, {}));
  return outcome;
}

/// Every figure of both within 5e-3 of 1 + its size: training sums in another order and takes other exponentials, and a share of
/// few records jumps by one of them.
void compare(const Outcome& here, const Outcome& there) {
  int figures = 0;
  const auto group = [&](const auto& a, const auto& b) {
    for (const auto& [name, m] : b) {
      if (!m.value) continue;
      INFO(name);
      REQUIRE(a.contains(name));
      REQUIRE(a.at(name).value);
      const double jump = m.unit == "proportion" && m.n > 0 ? 2. / m.n : 0;
      CHECK(std::abs(*a.at(name).value - *m.value) <= 5e-3 * (1 + std::abs(*m.value)) + jump);
      ++figures;
    }
  };
  group(here.result.utility, there.result.utility);
  group(here.result.privacy, there.result.privacy);
  group(here.result.information, there.result.information);
  CHECK(figures > 10);
}

void same_on_both(const char* name, const Json& changes) {
  const auto device = gpu_for_test();
  const Json spec = with_fields(preset(name), changes);
  const std::uint64_t before = device->dispatches();
  const Outcome here = on(*device, spec), there = on(*cpu_device(), spec);
  compare(here, there);
  CHECK(here.result.device == "gpu (" + device->adapter() + ")");
  CHECK(here.result.notes["dispatches"] == device->dispatches() - before);
  CHECK(there.result.device == "cpu");
  std::printf("%s: %d dispatches\n", name, here.result.notes["dispatches"].get<int>());
}

}  // namespace

TEST_CASE("confidence comes out on the GPU as on the processor", "[gpu]") {
  same_on_both("confidence", {{"train.epochs", 2}, {"data.private", 1000}, {"data.auxiliary", 1000}, {"data.held_out", 1000}});
}

TEST_CASE("visitors comes out on the GPU as on the processor", "[gpu]") { same_on_both("visitors", {{"train.epochs", 1}}); }

TEST_CASE("which-seven comes out on the GPU as on the processor", "[gpu]") {
  same_on_both("which-seven",
               {{"train.epochs", 1}, {"data.private", 1000}, {"data.auxiliary", 1000}, {"data.attacked", 500}, {"data.held_out", 500}});
}

TEST_CASE("face-from-name comes out on the GPU as on the processor", "[gpu]") {
  same_on_both("face-from-name", {{"train.epochs", 1}, {"attack.steps", 5}, {"attack.judge", false}});
}

TEST_CASE("a model without layers says that the processor did the work", "[gpu]") {
  const auto device = gpu_for_test();
  const Outcome tree = on(*device, preset("survey-tree"));
  CHECK(tree.result.device == "cpu");
  CHECK(tree.result.warnings.size() > on(*cpu_device(), preset("survey-tree")).result.warnings.size());
}
