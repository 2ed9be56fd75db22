// A run that was stopped and goes on says the same in everything as one that nobody stopped: every attack and every defence.
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "../temporary_folder.hpp"
#include "mid/base/file.hpp"
#include "mid/defense/defense.hpp"
#include "outcome_of.hpp"

using namespace mid;

namespace {

constexpr std::size_t kPoints = 5;

/// A file of 60 people with a number, three jobs and a secret sex; `rich` (y, n) and `dose` (a number) can be predicted.
struct TableToResume {
  TemporaryFolder folder;
  std::string csv = (folder.path() / "people.csv").string();
  TableToResume() {
    std::string text = "age,job,sex,rich,dose\n";
    for (int i = 0; i < 60; ++i)
      text += std::to_string(20 + i * 7 % 40) + "," + "abc"[i % 3] + "," + "fm"[i * 5 % 7 % 2] + "," + "ynn"[i * 7 % 3] + "," +
              std::to_string(13 + i * 11 % 17 * 1.37 + i % 2) + "\n";
    write_file(csv, text);
  }
};

Json digits() { return {{"name", "digits"}, {"private", 60}, {"held_out", 30}, {"auxiliary", 60}, {"attacked", 5}}; }

/// An entry's own settings, small.
Json quick(const About& about) {
  const Json small{{"epochs", 2},     {"steps", 5},     {"networks", 2},  {"updates", 10}, {"probes", 10},
                   {"components", 5}, {"judge", false}, {"trials", 2},    {"code", 3},     {"generator_steps", 2},
                   {"draws", 2},      {"restarts", 2},  {"hidden", {8}},  {"shifts", 0},   {"rounds", 2},
                   {"target", "y"},   {"repeats", 2},   {"queries", 150}, {"shadows", 4}};
  Json out{{"kind", std::string(about.name)}};
  if (about.params)
    for (const Param& p : about.params())
      if (small.contains(p.name) && p.name != "target") out[p.name] = small[p.name];
  return out;
}

Json spec_of(const std::string& csv, const std::string& kind, Json defense, Json attack, Attack::Finds finds) {
  const bool pictures = finds != Attack::Finds::attribute && finds != Attack::Finds::membership;
  Json data =
      pictures
          ? digits()
          : Json{{"name", "csv"}, {"csv", csv}, {"target", kind == "linear" ? "dose" : "rich"}, {"sensitive", "sex"}, {"auxiliary", 10}};
  if (!pictures) data["drop"] = {kind == "linear" ? "rich" : "dose"};
  if (finds == Attack::Finds::label) data["victims"] = "held_out";
  Json spec{{"data", data}, {"model", {{"kind", kind}}}, {"defense", std::move(defense)}, {"attack", std::move(attack)}};
  if (kind == "network")
    spec["model"].update({{"hidden", {6}}, {"bottleneck", 3}}), spec["train"] = {{"epochs", 3}, {"batch", 10}, {"shifts", 0}};
  if (kind == "tree") spec["model"]["min_leaf"] = 2;
  return spec;
}

/// Runs from a state (empty: from the beginning); the states at each tick.
Json run_from(const Spec& spec, DatasetCache& datasets, const std::string& state, std::vector<std::string>* states) {
  const auto device = cpu_device();
  Context context{*device, Stream{1}, nullptr, {}, {}};
  context.saves.unpack(state);
  Outcome outcome;
  Task task = run_experiment(context, datasets, spec, outcome);
  while (task.advance())
    if (states && context.saves.ready()) states->push_back(context.saves.pack());
  Json j = outcome.result.json();
  CHECK(j["timing"]["train_s"].get<double>() >= 0);
  j.erase("timing");
  return j;
}

/// False: the specification refuses these two for each other.
bool resumes(const Json& wanted) {
  std::optional<Spec> spec;
  try {
    spec = check_spec(wanted);
  } catch (const Error&) {
    return false;
  }
  INFO(wanted.dump());
  DatasetCache datasets;
  std::vector<std::string> states;
  const Json whole = run_from(*spec, datasets, "", &states);
  REQUIRE(!states.empty());
  std::set<std::string> different;
  std::size_t points = 0;
  for (std::size_t k = 0; k < kPoints; ++k) {
    const std::string& state = states[(k + 1) * (states.size() - 1) / kPoints];
    if (!different.insert(state).second) continue;
    INFO("stopped at " << (k + 1) << " of " << kPoints);
    CHECK(run_from(*spec, datasets, state, nullptr) == whole);
    ++points;
  }
  return points > 0;
}

}  // namespace

TEST_CASE("every attack goes on where it was, with the same result and notes", "[resume]") {
  const TableToResume table;
  for (const Attack* a : attacks()) {
    INFO(a->about.name);
    int kinds = 0;
    for (const char* kind : {"network", "linear", "tree"})
      kinds += resumes(spec_of(table.csv, kind, {{"kind", kind == std::string("tree") ? "none" : "mid"}}, quick(a->about), a->finds));
    CHECK(kinds > 0);
  }
}

TEST_CASE("a model under every defence is trained on where it was, with the same result and notes", "[resume]") {
  const TableToResume table;
  for (const Defense* d : defenses()) {
    INFO(d->about.name);
    int kinds = 0;
    for (const auto& [kind, attack] : std::vector<std::pair<const char*, const char*>>{
             {"network", "likelihood_inference"}, {"linear", "map_inference"}, {"tree", "tree_black_box"}})
      kinds += resumes(spec_of(table.csv, kind, quick(d->about), {{"kind", attack}}, Attack::Finds::attribute));
    CHECK(kinds > 0);
  }
}

TEST_CASE("the saved state of a tree with other indices is found out, wherever they stand", "[resume]") {
  const TableToResume table;
  const Spec spec = check_spec(spec_of(table.csv, "tree", {{"kind", "none"}}, {{"kind", "tree_black_box"}}, Attack::Finds::attribute));
  DatasetCache datasets;
  std::vector<std::string> states;
  (void)run_from(spec, datasets, "", &states);
  const std::string state = states[states.size() / 2];
  int found = 0;
  for (std::size_t at = 0; at + 4 <= state.size(); at += 4)
    for (const char byte : {'\x7f', '\xff', '\x01'}) {
      std::string damaged = state;
      damaged[at + 3] = byte, damaged[at] = byte;
      try {
        (void)run_from(spec, datasets, damaged, nullptr);  // numbers that are no index may be anything
      } catch (const Damaged&) {
        ++found;
      } catch (const Failure&) {
      }
    }
  CHECK(found > 100);
}

TEST_CASE("a saved state that was cut short is found out", "[resume]") {
  const TableToResume table;
  for (const auto& [kind, attack] : std::vector<std::pair<const char*, const char*>>{
           {"tree", "tree_black_box"}, {"linear", "map_inference"}, {"network", "likelihood_inference"}}) {
    const Spec spec = check_spec(
        spec_of(table.csv, kind, {{"kind", kind == std::string("tree") ? "none" : "mid"}}, {{"kind", attack}}, Attack::Finds::attribute));
    DatasetCache datasets;
    std::vector<std::string> states;
    (void)run_from(spec, datasets, "", &states);
    const std::string state = states[states.size() / 2];
    SavePoints saves;
    CHECK_NOTHROW(saves.unpack(state));
    for (std::size_t size = 1; size < state.size(); size += 1 + state.size() / 50)
      CHECK_THROWS_AS(saves.unpack(std::string_view(state).substr(0, size)), Damaged);
  }
}
