// The folder of a sweep, or of a run, as `mid show` and `mid report` read it back. The first byte modulo 4 says which: 0 sweep.json, 2
// summary.json, else result.json; and, each behind a zero byte, the results of its first runs.
#include <iostream>
#include <sstream>

#include "cli/commands.hpp"
#include "fuzz.hpp"
#include "mid/base/file.hpp"
#include "mid/sweep/sweep.hpp"

using namespace mid;

namespace {

/// The ids of the runs that a description asks for, as far as it can be read.
std::vector<std::string> ids_of(const std::string& description) {
  std::vector<std::string> ids;
  try {
    for (const SweepRun& run : plan_of(json_or_discarded(description)).runs.runs) ids.push_back(run.id);
  } catch (const Json::exception&) {
  } catch (const Error&) {
  }
  return ids;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t how = input.choice(4);
  const auto folder = fuzz::folder().path() / "sweep";
  std::filesystem::remove_all(folder);
  const std::string main_file = input.until('\0'), name = how % 2 ? "result.json" : how == 0 ? "sweep.json" : "summary.json";
  (void)fuzz::folder().write("sweep/" + name, main_file);
  if (how == 0 && !input.empty())
    for (const std::string& id : ids_of(main_file)) {
      if (input.empty()) break;
      (void)fuzz::folder().write("sweep/runs/" + id + ".json", input.until('\0'));
    }
  std::ostringstream shown;
  std::streambuf* const screen = std::cout.rdbuf(shown.rdbuf());
  fuzz::reads([&] { (void)cli::show(folder, false); });
  fuzz::reads([&] { (void)cli::show(folder, true); });
  const bool reported = fuzz::reads([&] { (void)cli::report(folder, {}); });
  std::cout.rdbuf(screen);
  fuzz::check_text(shown.str(), "what mid show prints");
  if (reported) fuzz::check_text(read_file(folder / "report.html"), "what mid report writes");
  return 0;
}
