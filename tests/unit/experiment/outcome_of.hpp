#pragma once
#include "mid/base/stage_cache.hpp"
#include "mid/experiment/experiment.hpp"
#include "mid/nn/device.hpp"

/// Finished stages that tests share: the judge of pictures and the models of one specification are trained once.
inline mid::StageCache& shared_stages() {
  static mid::StageCache cache;
  return cache;
}

/// A whole run of a specification, with a cache of finished stages if one is given.
inline mid::Outcome outcome_of(const mid::Json& spec, mid::StageCache* cache = nullptr, mid::Disguise disguise = {}) {
  const auto device = mid::cpu_device();
  mid::Context context{*device, mid::Stream{1}, cache, {}, {}};
  mid::DatasetCache datasets;
  mid::Outcome outcome;
  finish(mid::run_experiment(context, datasets, mid::check_spec(spec), outcome, std::move(disguise)));
  return outcome;
}
