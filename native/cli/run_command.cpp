#include <unistd.h>

#include <cstdio>
#include <functional>
#include <utility>

#include "commands.hpp"
#include "common.hpp"
#include "gpu/choice.hpp"
#include "mid/base/file.hpp"
#include "mid/base/language.hpp"
#include "mid/experiment/tree_file.hpp"
#include "mid/report/contact_sheet.hpp"
#include "mid/report/text.hpp"
#include "mid/session/session.hpp"
#include "mid/session/thread_host.hpp"
#include "outcome_files.hpp"
#include "outside/channels.hpp"
#include "run_folder.hpp"

namespace mid::cli {
namespace {

constexpr std::uint64_t kMemory = 64ull << 20, kDisk = 2ull << 30;  // of finished stages

/// One line on standard error that keeps replacing itself; nothing when nobody is looking.
class ProgressLine {
 public:
  explicit ProgressLine(bool on) : on_(on) {}
  ~ProgressLine() { clear(); }
  void show(const Session& session, const std::string& prefix) {
    if (!on_) return;
    const Progress& p = session.progress();
    const std::string line = prefix + progress_words(p);
    char seconds[64];
    if (const double left = session.seconds_left(); p.total > 1 && left >= 0)
      std::snprintf(seconds, sizeof seconds, ", %.1f s left", left);
    else
      std::snprintf(seconds, sizeof seconds, ", %.1f s", session.seconds());
    std::fprintf(stderr, "\r\033[K%s%s", line.c_str(), seconds);
    std::fflush(stderr);
    drawn_ = true;
  }
  void clear() {
    if (drawn_) std::fprintf(stderr, "\r\033[K");
    drawn_ = false;
  }

 private:
  bool on_, drawn_ = false;
};

/// Runs one specification. Nothing when interrupted.
enum class End { done, stopped };
End work(Session& session, const Json& spec, const RunOptions& options, ProgressLine& line, const std::string& prefix,
         const std::function<void()>& begun) {
  session.command({{"do", "run"}, {"spec", spec}, {"all_victims", options.all_victims}});
  begun();
  bool more = true;
  while (more) {
    if (interrupted) {
      const Keeping keeping;
      session.command({{"do", "cancel"}});
      return End::stopped;
    }
    more = options.slice > 0 ? session.advance_units(options.slice) : session.advance(kSlice);
    line.show(session, prefix);
  }
  if (session.state() != Session::State::failed) return End::done;
  line.clear();
  if (session.error_is_input()) throw Error("", session.error());
  throw Failure(session.error());
}

/// An earlier run's files must not stand beside this one's; its result goes first.
void remove_earlier(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (const char* name : {"result.json", "summary.json", "pictures.png", "beliefs.png", "arrays.npz", "records.csv", "model.safetensors",
                           "tree.json", "tree.dot", "tree.svg", "tree.txt"})
    std::filesystem::remove(folder / name, ignored);
}

void write_outcome(const std::filesystem::path& folder, const Outcome& outcome, DatasetCache& datasets) {
  remove_earlier(folder);
  write_file(folder / "spec.json", outcome.result.spec.dump(2) + "\n");
  if (outcome.result.spec["model"]["kind"] == "tree") {
    for (const char* format : {"json", "dot", "svg", "txt"})
      if (format != std::string("svg") || outcome.tree) write_file(folder / (std::string("tree.") + format), tree_file(outcome, format));
  } else if (!outcome.model.empty()) {  // a model that only answers leaves nothing
    write_file(folder / "model.safetensors", outcome.model);
  }
  if (outcome.sheet) write_file(folder / "pictures.png", contact_sheet_png(*outcome.sheet, outcome.result, inter()));
  if (outcome.beliefs) write_file(folder / "beliefs.png", belief_sheet_png(*outcome.beliefs, outcome.result, inter()));
  if (const std::string arrays = arrays_npz(outcome); !arrays.empty()) write_file(folder / "arrays.npz", arrays);
  if (const std::string records = records_csv(outcome, datasets); !records.empty()) write_file(folder / "records.csv", records);
  write_file(folder / "result.json", outcome.result.json().dump(2) + "\n");  // last: who sees it sees a whole run
}

}  // namespace

int run(const RunOptions& options) {
  const Spec checked = check_spec(read_spec(options.spec, options.set));
  check_seeds(checked.seed, options.seeds);
  if (!options.no_cache) check_cache(options.cache);
  if (!options.out.empty()) {
    make_folder("--out", options.out);
    refuse_other_results(options.out, {"result.json", "summary.json"});
  }
  if (options.threaded) {  // Ctrl-C ends the program at once here: nothing is half-written
    ThreadHost host(options.no_cache ? std::filesystem::path{} : options.cache, {}, gpu::devices(options.threads), options.device,
                    outside::channel_to);
    host.command({{"do", "run"}, {"spec", checked.json()}});
    const Snapshot end = host.wait();
    if (!end.device.note.empty()) tell(end.device.note);
    if (end.state == RunState::failed && end.error && end.error->input) throw Error("", end.error->sentence);
    if (end.state != RunState::done || !end.result) throw Failure(end.error ? end.error->sentence : "the run did not finish");
    print(end.result->json().dump(2) + "\n");
    return 0;
  }

  catch_interrupts();

  Session session(options.no_cache ? std::filesystem::path{} : options.cache, kMemory, kDisk, gpu::devices(options.threads), options.device,
                  outside::channel_to);
  DatasetCache datasets;
  bool noted = false;
  ProgressLine line(isatty(STDERR_FILENO) != 0);
  std::vector<Result> runs;
  for (int i = 0; i < options.seeds; ++i) {
    Json one = checked.json();
    one["seed"] = checked.seed + static_cast<std::uint64_t>(i);
    const auto tell_device = [&] {
      if (!std::exchange(noted, true) && !session.device_note().empty()) tell(session.device_note());
    };
    const std::string prefix = options.seeds > 1 ? "seed " + std::to_string(i + 1) + " of " + std::to_string(options.seeds) + ", " : "";
    if (work(session, one, options, line, prefix, tell_device) == End::stopped) {
      line.clear();
      tell(options.no_cache || options.cache.empty() || !session.cache_warning().empty()
               ? "interrupted; without a cache folder that can be written nothing is kept"
               : "interrupted; its state is kept, run the same command again to go on");
      return kInterrupted;
    }
    runs.push_back(session.outcome()->result);
    if (!options.out.empty()) {
      if (i == 0) remove_earlier(options.out);
      const auto folder =
          options.seeds > 1 ? options.out / ("seed-" + std::to_string(checked.seed + static_cast<std::uint64_t>(i))) : options.out;
      write_outcome(folder, *session.outcome(), datasets);
      if (const auto [written, attacked] = victims_written(*session.outcome()); i == 0 && written < attacked) {
        line.clear();
        tell("records.csv and arrays.npz hold the first " + count_words(static_cast<long long>(written)) + " of " +
             count_words(static_cast<long long>(attacked)) + " victims; --all-victims writes all");
      }
    }
  }
  line.clear();
  if (!session.cache_warning().empty()) tell(session.cache_warning());

  if (options.seeds == 1) {
    if (options.json)
      print(runs[0].json().dump(2) + "\n");
    else
      print(result_text(runs[0]));
    return 0;
  }
  Json all{{"spec", checked.json()}, {"seeds", Json::array()}, {"summary", seed_summary(runs)}, {"runs", Json::array()}};
  for (const Result& r : runs) all["seeds"].push_back(r.spec["seed"]), all["runs"].push_back(r.json());
  if (!options.out.empty()) write_file(options.out / "summary.json", all.dump(2) + "\n");
  if (options.json)
    print(all.dump(2) + "\n");
  else
    print(seed_summary_text(all["summary"], options.seeds));
  return 0;
}

}  // namespace mid::cli
