#pragma once
#include <filesystem>

#include "mid/report/comparison.hpp"
#include "mid/report/result.hpp"
#include "mid/report/sweep_runs.hpp"

/// What mid run, mid sweep and mid compare wrote, read back. Each throws Error naming the file that is missing or is not what it should be.
namespace mid::cli {

/// A JSON file of such a folder.
Json json_of_run(const std::filesystem::path& file);
/// Of mid run --out.
Result result_of_folder(const std::filesystem::path& folder);
/// Of mid sweep --out: all its runs, with the results of those that have ended.
SweepRuns sweep_of_folder(const std::filesystem::path& folder);
/// Of mid compare --out, once it has ended.
Comparison comparison_of_folder(const std::filesystem::path& folder);

}  // namespace mid::cli
