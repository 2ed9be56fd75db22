#include "commands.hpp"
#include "common.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/report/report_page.hpp"
#include "mid/report/sweep_table.hpp"
#include "mid/report/text.hpp"
#include "mid/report/words.hpp"
#include "run_folder.hpp"

namespace mid::cli {
namespace {

namespace fs = std::filesystem;

struct Drawn {
  const char *file, *caption;
};
/// What the commands draw into their folders.
constexpr Drawn kDrawn[] = {
    {"pictures.png", "The people, what the attacker drew, and what it would draw without the answer"},
    {"beliefs.png", "What the attacker believes of each person before and after the answer"},
    {"tree.svg", "The tree, with what each leaf gives away"},
    {"trade-off.svg", "Use and leak of every combination"},
    {"comparison.svg", "The front of every defence"},
};

void add_pictures(const fs::path& folder, ReportPage& page) {
  std::error_code error;
  for (const Drawn& drawn : kDrawn)
    if (fs::exists(folder / drawn.file, error)) page.pictures.push_back({drawn.caption, read_file(folder / drawn.file)});
}

/// What a list of runs is of.
Json description_of(const fs::path& file) {
  Json description = json_of_run(file);
  if (!description.is_object())
    throw Error(shown_path(file), "describes no runs; name a folder that mid sweep --out or mid compare --out wrote");
  return description;
}

ReportPage page_of(const fs::path& folder) {
  std::error_code error;
  ReportPage page;
  if (fs::exists(folder / "sweep.json", error)) {
    const Json description = description_of(folder / "sweep.json");
    page.title = "A sweep: " + experiment_words(description.value("spec", Json::object()));
    page.text = sweep_text(sweep_of_folder(folder).runs);
    page.spec = description;
  } else if (fs::exists(folder / "compare.json", error)) {
    const Json description = description_of(folder / "compare.json");
    page.title = "Defences compared: " + experiment_words(description.value("spec", Json::object()));
    page.text = comparison_text(comparison_of_folder(folder));
    page.spec = description;
  } else if (fs::exists(folder / "summary.json", error)) {
    const Json all = json_of_run(folder / "summary.json");
    check_seed_summary(all, shown_path(folder / "summary.json"));
    page.title = experiment_words(all.value("spec", Json::object()));
    page.beneath = seed_summary_words(static_cast<int>(all["seeds"].size()));
    page.table = seed_summary_table(all["summary"]);
    page.spec = all.value("spec", Json());
  } else {
    page = report_of(result_of_folder(folder));
  }
  add_pictures(folder, page);
  return page;
}

}  // namespace

int report(const fs::path& folder, const fs::path& html) {
  check_results_folder(folder);
  const fs::path file = html.empty() ? folder / "report.html" : html;
  write_file(file, report_html(page_of(folder)));
  print("wrote " + shown_path(file) + "\n");
  return 0;
}

}  // namespace mid::cli
