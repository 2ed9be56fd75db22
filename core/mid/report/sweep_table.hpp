#pragma once
#include <string>

#include "mid/report/sweep_runs.hpp"

namespace mid {

/// One object a run, in the order of the list: {"varied":{PATH:value}, "seed", "id", "spec", "utility", "privacy", "information",
/// "notes", "warnings", "failed", "refused"}. Nothing in it depends on when or how long the run ran. Runs that have not ended are left out.
Json sweep_json(const SweepRuns& sweep);
/// The same, a line each.
std::string sweep_lines(const SweepRuns& sweep);
/// Apart from them, because it is another at each try: a line a run with "varied", "seed", "id", "device", "train_s", "attack_s".
std::string sweep_timing(const SweepRuns& sweep);

/// One row a combination, with full precision: varied values, then "runs", "failed", "refused" (how many), then for each
/// measure NAME_mean, NAME_sd, NAME_n and NAME_baseline. Empty where there is none.
std::string sweep_csv(const SweepRuns& sweep);

/// The same for a person: a block for utility, privacy and information each, "mean ± sd (baseline)" in the units of
/// words.hpp, at most 100 columns where one measure fits; then what was refused and what failed, with its sentence.
std::string sweep_text(const SweepRuns& sweep);

}  // namespace mid
