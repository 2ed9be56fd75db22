// What the stage cache keeps, as it is read back: finished stages and the state of an interrupted run, of a tree, a network, a
// regression and of digits drawn with a generator. First byte: the low three bits choose the run, the next three the stage (0: the
// interrupted state); then either the whole archive, or (second highest bit set) changes to the one that the run wrote: three bytes
// each, a place and what stands there. The archive reaches its reader as it is: checksums are the cache's affair.
#include <memory>

#include "mid/base/stage_cache.hpp"
#include "mid/experiment/experiment.hpp"
#include "mid/nn/device.hpp"
#include "mid/report/text.hpp"
#include "small_data.hpp"

using namespace mid;

namespace {

constexpr int kMostUnits = 3000;

/// A run whose stages were kept.
struct Kept {
  Spec spec;
  std::map<std::string, std::string> stages;  // by key
  std::string partial;                        // its state half-way
};

Json digits_spec() {
  return {{"data", {{"name", "digits"}, {"private", 30}, {"held_out", 10}, {"auxiliary", 20}, {"attacked", 4}}},
          {"model", {{"kind", "network"}, {"hidden", {4}}, {"bottleneck", 0}}},
          {"train", {{"epochs", 1}, {"batch", 30}}},
          {"attack", {{"kind", "mi_face"}, {"prior", "vae"}, {"code", 2}, {"epochs", 1}, {"steps", 3}, {"judge", false}}}};
}

/// Advances a run while `at_tick`, which is called after each unit, says so. Throws what the run throws.
template <class F>
void work(const Spec& spec, StageCache& cache, DatasetCache& datasets, const std::string& partial, F at_tick) {
  static const std::unique_ptr<Device> device = cpu_device();
  Context context{*device, Stream{spec.seed}, &cache, {}, {}};
  if (!partial.empty()) context.saves.unpack(partial);
  Outcome outcome;
  Task task = run_experiment(context, datasets, spec, outcome);
  for (int i = 0; i < kMostUnits && task.advance() && at_tick(context); ++i) {
  }
  if (!outcome.result.id.empty()) fuzz::check_text(result_text(outcome.result), "a result");
}

/// Data that were read once.
DatasetCache& shelf_of(std::size_t which) {
  static DatasetCache shelves[4];
  return shelves[which];
}

Kept keep(const Json& of, std::size_t which) {
  Kept kept{check_spec(of), {}, {}};
  const auto folder = fuzz::folder().path() / ("run-" + std::to_string(which));
  std::vector<std::string> states;
  {
    StageCache cache(folder);
    work(kept.spec, cache, shelf_of(which), "", [&](Context& context) {
      if (context.saves.ready()) states.push_back(context.saves.pack());
      return true;
    });
  }
  if (!states.empty()) kept.partial = states[states.size() / 2];
  StageCache cache(folder);
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string key = file.path().stem().string();
    if (auto bytes = cache.find(key)) kept.stages[key] = *bytes;
  }
  fuzz::expect(!kept.stages.empty(), "a run of this target kept no stage");
  return kept;
}

const Kept& kept_run(std::size_t which) {
  static const std::vector<Kept> runs = [] {
    Json tree = fuzz::small_spec("tree", "tree_black_box");
    tree["data"]["auxiliary"] = 0;
    std::vector<Kept> out;
    const Json network = fuzz::small_spec("network", "likelihood_inference"), linear = fuzz::small_spec("linear", "map_inference");
    for (const Json& spec : {tree, network, linear, digits_spec()}) out.push_back(keep(spec, out.size()));
    return out;
  }();
  return runs[which];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t first = input.choice(256), which = first % 8 % 4, stage = first / 8 % 8;
  const Kept& kept = kept_run(which);
  auto at = kept.stages.begin();
  if (stage > 0) std::advance(at, (stage - 1) % kept.stages.size());
  std::string bytes = input.rest();
  if (first & 64) {
    std::string changed = stage == 0 ? kept.partial : at->second;
    while (!input.empty() && !changed.empty()) {
      const std::size_t place = input.choice(256) * 256 + input.choice(256);
      changed[place % changed.size()] = static_cast<char>(input.choice(256));
    }
    bytes = std::move(changed);
  }
  StageCache cache;
  // Other stages are as they were, so that the run comes to this one soon; but not those that are made of it.
  for (const auto& [key, whole] : kept.stages)
    if (stage != 0 && !key.starts_with("outcome") && key != at->first) cache.put(key, whole);
  if (stage != 0) cache.put(at->first, bytes);
  // An archive that was refused is gone, and what is computed in its place reads nothing of it.
  const auto still_read = [&](Context&) { return stage == 0 || cache.find(at->first).has_value(); };
  fuzz::reads([&] { work(kept.spec, cache, shelf_of(which), stage == 0 ? bytes : std::string(), still_read); });
  return 0;
}
