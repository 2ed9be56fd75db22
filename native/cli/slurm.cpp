#include "slurm.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <set>

#include "common.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "run_store.hpp"

namespace mid::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kUsualTasks = 100;

/// A word of a shell.
std::string shell_word(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// What stands in a line of the script that Slurm reads: a letter too many would be another option.
void check_word(const char* option, const std::string& text) {
  if (text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.,:-") != std::string::npos)
    throw Error(option, "takes letters, digits and any of _ . , : -, found " + shown(text));
}

void check_line(const char* option, const std::string& text) {
  if (text.find_first_of("\n\r\"") != std::string::npos)
    throw Error(option, "must be without quotes and line breaks where Slurm is to read it, found " + shown(text));
}

/// The program itself, which the nodes find under the same path.
std::string own_path() {
  std::error_code error;
  const fs::path path = fs::read_symlink("/proc/self/exe", error);
  return error ? "mid" : path.string();
}

/// "1-3,7": the shares of which a run is missing.
std::string missing_shares(const RunStore& store, const SweepPlan& plan, std::size_t tasks) {
  std::vector<bool> missing(tasks);
  std::set<std::string> known;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    if (plan.is_held() && (!plan.runs.runs[i].refused.empty() || !known.insert(plan.runs.runs[i].id).second)) continue;
    const Ending ending = plan.is_held() ? store.ending(i, plan.runs.runs[i]) : store.ending(i);
    if (ending == Ending::none || ending == Ending::lost) missing[i % tasks] = true;
  }
  std::string out;
  for (std::size_t t = 0; t < tasks; ++t) {
    if (!missing[t]) continue;
    std::size_t end = t;
    while (end + 1 < tasks && missing[end + 1]) ++end;
    out += (out.empty() ? "" : ",") + std::to_string(t + 1) + (end > t ? "-" + std::to_string(end + 1) : "");
    t = end;
  }
  return out;
}

/// The lines that both jobs have.
std::vector<std::string> wishes(const SlurmOptions& options) {
  std::vector<std::string> out;
  if (!options.partition.empty()) out.push_back("--partition=" + options.partition);
  if (!options.time.empty()) out.push_back("--time=" + options.time);
  if (!options.memory.empty()) out.push_back("--mem=" + options.memory);
  return out;
}

bool on_path(const char* program) {
  const char* folders = std::getenv("PATH");
  for (std::string rest = folders ? folders : ""; !rest.empty();) {
    const std::size_t end = rest.find(':');
    if (const fs::path file = fs::path(rest.substr(0, end)) / program; access(file.c_str(), X_OK) == 0) return true;
    rest = end == std::string::npos ? "" : rest.substr(end + 1);
  }
  return false;
}

/// Runs sbatch and gives the number of the job.
std::string sbatch(const std::vector<std::string>& arguments) {
  std::string command = "sbatch --parsable";
  for (const std::string& a : arguments) command += " " + shell_word(a);
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string said;
  if (pipe)
    for (char block[256]; std::fgets(block, sizeof block, pipe);) said += block;
  const int status = pipe ? pclose(pipe) : -1;
  const std::string job = said.substr(0, said.find_first_of(";\n"));
  if (status == -1 || !WIFEXITED(status) || WEXITSTATUS(status) != 0 || job.empty() ||
      job.find_first_not_of("0123456789") != std::string::npos)
    throw Failure("Slurm did not take the job; what sbatch says stands above");
  return job;
}

}  // namespace

int submit(const SlurmOptions& options, const fs::path& out, const SweepPlan& plan) {
  check_word("--partition", options.partition), check_word("--time", options.time), check_word("--memory", options.memory);
  std::error_code error;
  const fs::path folder = fs::absolute(out, error), here = fs::current_path(error);
  check_line("--out", folder.string());
  const auto per_task = options.runs_per_task > 0 ? static_cast<std::size_t>(options.runs_per_task)
                                                  : std::max<std::size_t>(1, (plan.size() + kUsualTasks - 1) / kUsualTasks);
  const std::size_t tasks = (plan.size() + per_task - 1) / per_task;
  const RunStore store(out, plan);
  const std::string array = missing_shares(store, plan, tasks);
  const std::string collect = shell_word(own_path()) + " collect " + shell_word(folder.string());
  if (array.empty()) {
    tell("all runs have ended; mid collect " + shown_path(out) + " writes tables and chart");
    return 0;
  }

  const fs::path logs = folder / "slurm";
  std::string pattern = logs.string();  // in which Slurm replaces %
  for (std::size_t at = 0; (at = pattern.find('%', at)) != std::string::npos; at += 2) pattern.insert(at, "%");
  std::string script = "#!/bin/bash\n#SBATCH --job-name=mid\n#SBATCH --array=" + array + "\n#SBATCH --output=\"" + pattern +
                       "/%A_%a.txt\"\n#SBATCH --cpus-per-task=" + std::to_string(options.jobs) + "\n";
  for (const std::string& wish : wishes(options)) script += "#SBATCH " + wish + "\n";
  script += "# " + std::to_string(plan.size()) + " runs, " + std::to_string(tasks) + " shares of the list with at most " +
            std::to_string(per_task) + " each. Afterwards: mid collect.\n";
  script += "cd " + shell_word(here.string()) + " || exit 2\nexec " + shell_word(own_path());
  for (const std::string& word : options.words) script += " " + shell_word(word);
  script += " --shard \"$SLURM_ARRAY_TASK_ID/" + std::to_string(tasks) + "\"\n";
  if (options.dry_run) {
    print(script);
    return 0;
  }

  if (!on_path("sbatch")) throw Error("--slurm", "found no sbatch; run it where Slurm is, or look at the script with --dry-run");
  const fs::path file = folder / "job.slurm";
  fs::create_directories(logs, error);
  write_file(file, script);
  const std::string job = sbatch({file.string()});
  std::vector<std::string> after{"--job-name=mid-collect", "--dependency=afterany:" + job, "--output=" + pattern + "/collect.txt",
                                 "--wrap=" + collect};
  for (const std::string& wish : wishes(options)) after.insert(after.begin(), wish);
  const std::string collecting = sbatch(after);
  print("job " + job + ": " + array + " of " + std::to_string(tasks) + " tasks; job " + collecting + " collects when it has ended\n");
  return 0;
}

}  // namespace mid::cli
