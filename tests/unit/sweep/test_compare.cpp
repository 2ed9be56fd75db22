// How defences are compared: as many settings of each, every attacker, and what the seeds say (method.md section 7).
#include "mid/sweep/compare.hpp"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "mid/base/error.hpp"
#include "mid/sweep/settings.hpp"

using namespace mid;
using Catch::Approx;

namespace {

CompareSpec story(const char* preset_name = "confidence", int settings = 8) {
  return read_compare(preset(preset_name), settings, 2, false);
}

std::map<std::string, std::vector<Setting>> by_family(const CompareSpec& spec) {
  std::map<std::string, std::vector<Setting>> out;
  for (const Setting& s : settings_to_compare(spec.base, spec.settings)) out[s.family].push_back(s);
  return out;
}

std::set<double> values(const std::vector<Setting>& settings, std::size_t part, const char* field) {
  std::set<double> out;
  for (const Setting& s : settings)
    if (s.at[part].contains(field)) out.insert(s.at[part][field].get<double>());
  return out;
}

/// A finished list in which each combination reached this accuracy and its attacker this much of either half.
SweepRuns ended(const CompareSpec& spec, const std::function<std::pair<double, double>(const std::vector<Json>&)>& gives) {
  SweepRuns runs = plan_compare(spec).runs;
  for (SweepRun& r : runs.runs) {
    if (!r.refused.empty()) continue;
    const auto [accuracy, found] = gives(runs.combinations[r.combination]);
    const double luck = r.seed % 2 ? .002 : -.002;
    Result result;
    result.id = r.id, result.spec = r.spec;
    result.utility["accuracy"] = {.value = accuracy + luck, .baseline = .5, .unit = "proportion"};
    result.privacy["attack_accuracy"] = {.value = found, .baseline = .6, .unit = "proportion", .halves = {found + .01, found + luck}};
    r.result = result;
  }
  return runs;
}

const Comparison::Family& called(const Comparison& c, const std::string& name) {
  for (const auto& f : c.families)
    if (f.name == name) return f;
  FAIL("no " << name);
  return c.families.front();
}

}  // namespace

TEST_CASE("every defence gets as many settings, its default first, over its whole box, and the same ones for every seed") {
  const CompareSpec spec = story();
  const auto all = settings_to_compare(spec.base, spec.settings);
  CHECK(all[0].family == "mid");
  CHECK(all[0].at[1] == spec.base["defense"]);
  auto families = by_family(spec);
  CHECK(families["mid"].size() == 8);
  CHECK(families["no defence"].size() == 1);
  CHECK(families["label only"].size() == 1);
  for (const char* name : {"dp sgd", "bido", "dropout", "cem", "trained noise", "conditional mid", "mid, sticky"}) {
    INFO(name);
    CHECK(families[name].size() == 8);
  }
  CHECK(families["dropout"][0].at[1] == Json{{"kind", "dropout"}});
  const auto rates = values(families["dropout"], 1, "rate");
  CHECK(*rates.begin() < .35);
  CHECK(*rates.rbegin() > .85);
  // A parameter beside the strength varies with it.
  CHECK(values(families["dp sgd"], 1, "clip").size() == 7);
  CHECK(values(families["dp sgd"], 1, "sigma").size() == 7);
  for (const double a : values(families["label smoothing"], 1, "alpha")) CHECK(a > 0);
  for (const double a : values(families["negative label smoothing"], 1, "alpha")) CHECK(a < 0);
  Json other = spec.base;
  other["seed"] = 77;
  const auto again = settings_to_compare(other, spec.settings);
  REQUIRE(again.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(again[i].at == all[i].at);
}

TEST_CASE("a tree's defences are tried in both ways of pruning, a regression's about their defaults") {
  auto tree = by_family(story("survey-tree"));
  std::set<std::string> ways;
  for (const Setting& s : tree["mid"]) ways.insert(s.at[1].value("by", std::string("growing")));
  CHECK(ways == std::set<std::string>{"growing", "pruning"});
  CHECK(tree.contains("dp tree"));
  CHECK_FALSE(tree.contains("dropout"));
  CHECK_FALSE(tree.contains("narrow layer"));
  auto dose = by_family(story("dose"));
  CHECK(dose["functional mechanism"].size() == 8);
  CHECK(values(dose["mid"], 1, "lambda").size() >= 6);  // the default stands without its number
}

TEST_CASE("an embedding is compared with embeddings of the same width") {
  Json spec = preset("which-seven");
  spec["release"] = {{"kind", "none"}, {"of", "embedding"}};
  const CompareSpec inside = read_compare(spec, 4, 2, true);
  for (const Setting& s : settings_to_compare(inside.base, 4)) {
    CHECK(s.at[0] == inside.base["model"]["bottleneck"]);
    CHECK(s.at[2]["of"] == "embedding");
  }
}

TEST_CASE("the list has every setting under every attacker, with repeats where answers carry noise") {
  const CompareSpec spec = story();
  const SweepPlan plan = plan_compare(spec);
  CHECK(plan.runs.paths.back() == "attack");
  // The defences that leave noise in the model: its answers differ from one question to the next.
  const std::set<std::string> fresh_noise = {"cem", "conditional_mid", "fisher_noise", "mid", "trained_noise"};
  std::set<std::string> names, defended;
  std::set<std::pair<std::string, std::uint64_t>> ids;
  for (const auto& c : plan.runs.combinations) {
    names.insert(c[3]["kind"].get<std::string>());
    if (c[3].value("repeats", 1) == 1) continue;
    INFO(c[1].dump() << c[2].dump());
    CHECK((fresh_noise.contains(c[1]["kind"]) || c[2]["kind"] == "noise" || c[2]["kind"] == "sticky"));
    defended.insert(c[1]["kind"].get<std::string>());
  }
  CHECK(names.contains("likelihood_inference"));
  CHECK_FALSE(names.contains("ridge_inversion"));  // it finds something else
  for (const std::string& kind : fresh_noise) CHECK(defended.contains(kind));
  for (const SweepRun& r : plan.runs.runs) CHECK(r.refused.empty());
}

TEST_CASE("settings are chosen by one half of the people and shown by the other, under the attacker that gets most") {
  const CompareSpec spec = story();
  const Comparison c = compared(spec, ended(spec, [](const std::vector<Json>& at) {
                                  const double often = at[3].value("repeats", 1) > 1 ? .05 : 0;
                                  if (at[1]["kind"] == "mid") return std::pair{.8, .7 + often};
                                  if (at[2]["kind"] == "label_only") return std::pair{.85, .65};
                                  if (at[1]["kind"] == "dropout") return std::pair{.49, .6};  // constant answers
                                  return std::pair{.85, .9};
                                }));
  CHECK(c.families[0].name == "mid");
  CHECK(c.guess_utility == Approx(.5));
  CHECK(c.undefended_leak->mean == Approx(.9));
  const auto& mid = c.families[0];
  CHECK(mid.settings[0].attacker.ends_with("10 answers"));
  const double left = (.75 - .6) / (.9 - .6);
  CHECK(over_seeds(mid.volume)->mean == Approx((.8 - .5) / .5 * (1 - left)).margin(.01));
  CHECK(over_seeds(called(c, "dropout").volume)->mean == Approx(0).margin(1e-9));
  CHECK(over_seeds(called(c, "dp sgd").volume)->mean == Approx(0).margin(.01));  // as the model without a defence
  const auto& label_only = called(c, "label only");
  CHECK(over_seeds(label_only.volume)->mean == Approx(.7 * (1 - .05 / .3)).margin(.01));
  CHECK(label_only.versus->difference < 0);
  // .8 is less than 95 % of .85, and enough for 90 %.
  CHECK_FALSE(mid.at[0].setting);
  CHECK(mid.at[1].setting);
  CHECK(label_only.at[1].lower == 2);
  CHECK(label_only.at[1].of == 2);
  const auto words = comparison_words(c);
  CHECK(words[0].starts_with("Over all utilities label only covers most of the plane"));
  CHECK(words[1].find("with 2 seeds none can be, 10 are needed") != std::string::npos);
  CHECK(words[3].find("label only gives away least: 65.0 %") != std::string::npos);
  const Comparison read = comparison_from_json(comparison_json(c), "here");
  CHECK(comparison_text(read) == comparison_text(c));
  Json broken = comparison_json(c);
  broken["families"][0]["settings"][0]["utility"].push_back(1);
  CHECK_THROWS_AS(comparison_from_json(broken, "here"), Error);
}

TEST_CASE("duplicates change no volume, and another order of a rival's seeds changes the interval, not the mean") {
  const CompareSpec spec = read_compare(preset("confidence"), 2, 4, true);
  Comparison c = compared(spec, ended(spec, [](const std::vector<Json>& at) {
                            return at[1]["kind"] == "none" && at[2]["kind"] == "none" ? std::pair{.85, .9} : std::pair{.82, .7};
                          }));
  auto& first = c.families[0];
  auto& rival = const_cast<Comparison::Family&>(called(c, "dp sgd"));
  const auto shift = [](Comparison::Family& f, const std::vector<double>& by) {
    for (auto& s : f.settings)
      for (auto& [name, gets] : s.attackers)
        for (std::size_t i = 0; i < by.size(); ++i) gets.reported[i] = .7 + by[i];
  };
  shift(first, {0, .02, .04, .06}), shift(rival, {0, .02, .04, .06});
  judge_fronts(c);
  CHECK(rival.versus->difference == Approx(0).margin(1e-9));
  CHECK(*rival.versus->high - *rival.versus->low == Approx(0).margin(1e-9));
  shift(rival, {.06, .04, .02, 0});
  judge_fronts(c);
  CHECK(rival.versus->difference == Approx(0).margin(1e-3));  // the seeds differ a little in their utility, too
  const double mixed = over_seeds(rival.volume)->mean;
  CHECK(*rival.versus->high - *rival.versus->low > .1);
  rival.settings.push_back(rival.settings.front());
  judge_fronts(c);
  CHECK(over_seeds(rival.volume)->mean == Approx(mixed));
}

TEST_CASE("where the attacker of the undefended model gets no more than the guess nothing is compared, and that is said") {
  const CompareSpec spec = read_compare(preset("confidence"), 1, 1, true);
  const Comparison c = compared(spec, ended(spec, [](const auto&) { return std::pair{.85, .58}; }));
  CHECK(c.families[0].at.empty());
  CHECK(comparison_text(c).find("Nothing can be compared") != std::string::npos);
}

TEST_CASE("every adversary that a result tells of is an attacker") {
  const CompareSpec spec = story("survey-tree", 1);
  SweepRuns runs = ended(spec, [](const auto&) { return std::pair{.8, .7}; });
  for (SweepRun& r : runs.runs)
    if (r.result && r.spec["attack"]["kind"] == "tree_black_box")
      r.result->privacy["attack_accuracy_answer"] = {.value = .9, .baseline = .6, .unit = "proportion", .halves = {.9, .9}};
  const Comparison c = compared(spec, runs);
  CHECK(c.families[0].settings[0].attacker == "tree black box, answer");
}

TEST_CASE("a comparison is refused where there is nothing to compare") {
  Json spec = preset("confidence");
  spec["attack"] = {{"kind", "none"}};
  CHECK_THROWS_AS(read_compare(spec, 4, 2, false), Error);
  spec = preset("confidence");
  spec["defense"] = {{"kind", "none"}};
  CHECK_THROWS_AS(read_compare(spec, 4, 2, false), Error);
}

TEST_CASE("a combined defence is drawn with both in every setting, and each of the two alone is a rival") {
  Json base = preset("confidence");
  base["defense"] = {{"kind", "mid"}, {"beta", .01}, {"also", {{"kind", "dropout"}, {"rate", .3}}}};
  const CompareSpec spec = read_compare(base, 8, 2, false);
  const auto families = by_family(spec);
  REQUIRE(families.contains("mid + dropout"));
  const std::vector<Setting>& both = families.at("mid + dropout");
  CHECK(both.size() == 8);
  CHECK(both.front().at[1]["beta"] == .01);
  for (const Setting& s : both) CHECK(s.at[1]["also"]["rate"] == .3);
  CHECK(values(both, 1, "beta").size() == 7);  // and once the default, which is not written out
  for (const char* alone : {"mid", "dropout"})
    for (const Setting& s : families.at(alone)) CHECK_FALSE(s.at[1].contains("also"));
  for (const SweepRun& r : plan_compare(spec).runs.runs) CHECK(r.refused.empty());
}
