#pragma once
#include <filesystem>

#include "commands.hpp"
#include "mid/sweep/sweep.hpp"

namespace mid::cli {

/// Writes a script for a job array of Slurm into OUT, a task for each share of the list of which a run is missing, and submits it, with a
/// job after it that collects; or prints it and does nothing else (dry_run). Throws Error where there is no Slurm, or what is asked for
/// cannot stand in a script.
int submit(const SlurmOptions& options, const std::filesystem::path& out, const SweepPlan& plan);

}  // namespace mid::cli
