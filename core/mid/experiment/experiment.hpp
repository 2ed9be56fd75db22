/// @file
/// @ingroup session
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mid/attack/attack.hpp"
#include "mid/base/context.hpp"
#include "mid/data/dataset.hpp"
#include "mid/experiment/dataset_cache.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/model/network/network.hpp"
#include "mid/report/result.hpp"
#include "mid/report/sheets.hpp"

namespace mid {

/// Everything that one experiment leaves behind.
struct Outcome {
  Result result;                       ///< the figures
  Blob model;                          ///< the trained network as safetensors
  std::optional<PictureSheet> sheet;   ///< of picture attacks: the first 60 victims, or all (OnSheets)
  std::optional<TreeSheet> tree;       ///< of a tree and a secret
  std::optional<BeliefSheet> beliefs;  ///< of attribute attacks: the first 1,000 victims, or all
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("result", self.result), each("model", self.model), each("sheet", self.sheet), each("tree", self.tree),
        each("beliefs", self.beliefs);
  }
};

/// What happens to every answer behind the release (ReleaseSpec::disguise); null: nothing. Of a bijection a sound attack must not
/// notice anything: the other way round than the field "control", which it must not survive.
using Disguise = std::function<Release(Release)>;

/// Whom an outcome's sheets are about: as many as somebody looks at, or everybody attacked, for other programs. No figure depends on it.
enum class OnSheets { first_victims, all_victims };

/// Removes the trained victim and the outcome of this specification from the cache, so that the next run makes them anew.
void forget_run(StageCache& cache, const Spec& spec, const Device& device);

/// The outcome of this specification, with the first victims, if the cache still has it.
std::optional<Outcome> kept_outcome(StageCache& cache, const Spec& spec, const Device& device);

/// The whole walk: data, training, use, attack, figures. Finished stages come from context.cache. `datasets` and `out`
/// outlive the task. Throws Error for what the specification asks in vain, Failure when the work itself breaks.
/// The outcome of a disguised run is not kept in the stage cache.
Task run_experiment(Context& context, DatasetCache& datasets, Spec spec, Outcome& out, Disguise disguise = {},
                    OnSheets on_sheets = OnSheets::first_victims);

}  // namespace mid
