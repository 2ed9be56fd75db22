#include "mid/report/sweep_runs.hpp"

#include <set>

namespace mid {

void SweepRuns::each(const std::function<void(const SweepRun&)>& see) const {
  if (walk) return walk([&](SweepRun& run) { see(run); });
  for (const SweepRun& run : runs) see(run);
}

void SweepRuns::each_combination(const std::function<void(std::size_t, const std::vector<const SweepRun*>&)>& see) const {
  std::size_t at = 0;
  std::vector<const SweepRun*> these;
  std::vector<SweepRun> held;  // of `walk`, which brings no two at once
  const auto show_until = [&](std::size_t next) {
    for (const SweepRun& run : held) these.push_back(&run);
    for (; at < next; ++at) see(at, these), these.clear();
    held.clear();
  };
  if (walk)
    walk([&](SweepRun& run) {
      if (run.combination != at) show_until(run.combination);
      held.push_back(std::move(run));
    });
  else
    for (const SweepRun& run : runs) {
      if (run.combination != at) show_until(run.combination);
      these.push_back(&run);
    }
  show_until(combinations.size());
}

std::size_t SweepRuns::seed_count() const {
  if (walk) return seeds;
  std::set<std::uint64_t> found;
  for (const SweepRun& run : runs) found.insert(run.seed);
  return found.size();
}

SweepFigures SweepRuns::given() const {
  if (walk) return figures;
  SweepFigures out;
  for (const SweepRun& run : runs)
    for (const char* group : {"utility", "privacy", "information"})
      if (run.result)
        for (const auto& [name, measure] : *run.result->group(group)) {
          SweepFigure& figure = out[group][name];
          if (measure.value && !figure.has_value) figure = {true, measure.unit};
        }
  return out;
}

}  // namespace mid
