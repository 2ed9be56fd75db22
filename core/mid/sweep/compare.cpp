#include "mid/sweep/compare.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "mid/attack/attack.hpp"
#include "mid/base/text.hpp"
#include "mid/defense/defense.hpp"
#include "mid/experiment/answer_noise.hpp"
#include "mid/experiment/figure_names.hpp"
#include "mid/measure/figure.hpp"
#include "mid/measure/spread.hpp"
#include "mid/report/words.hpp"
#include "mid/sweep/settings.hpp"

namespace mid {
namespace {

constexpr int kManyAnswers = 10;
/// Rounds of a trained attacker. Its default of 100 costs an hour of two cores on which-seven and gets 3 points more there.
constexpr int kAttackRounds = 30, kQuickRounds = 10;

const Attack& known_attack(const std::string& name) {
  if (const Attack* a = attack_called(name)) return *a;
  throw Error("attack.kind", Message("refusal.compare_attack").with("found", shown(name)));
}

/// The attackers that find what the specification's own finds; with `asks_often` those who ask for kManyAnswers answers.
struct Attacker {
  Json attack;
  bool asks_often = false;
};
std::vector<Attacker> attackers_of(const CompareSpec& spec) {
  const std::string model = spec.base["model"]["kind"].get<std::string>(), own = spec.base["attack"]["kind"].get<std::string>();
  const Attack& base = known_attack(own);
  std::vector<Attacker> out;
  for (const Attack* a : attacks()) {
    if (a->finds != base.finds || !a->about.is_for(model)) continue;
    const std::string name(a->about.name);
    Json attack = name == own ? spec.base["attack"] : Json{{"kind", name}};
    const std::vector<Param> params = a->about.all_params();
    const auto field = [&](const char* called) {
      const auto at = std::find_if(params.begin(), params.end(), [&](const Param& p) { return p.name == called; });
      return at == params.end() ? nullptr : &*at;
    };
    const auto at_most = [&](const char* called, int most) {
      if (const Param* p = field(called); p && p->default_value.is_number() && attack.value(called, p->default_value) > most)
        attack[called] = most;
    };
    if (field("judge")) attack["judge"] = false;  // nobody looks at what it says here
    at_most("epochs", spec.quick ? kQuickRounds : kAttackRounds);
    if (spec.quick) at_most("trials", 1), at_most("restarts", 1), at_most("steps", 500), at_most("generator_steps", 300);
    out.push_back({attack});
    if (!field("repeats") || (spec.quick && name != own)) continue;
    attack["repeats"] = kManyAnswers;
    out.push_back({attack, true});
  }
  return out;
}

/// The settings that the list has, each once in its family: a default that is written out is no other setting.
std::vector<Setting> settings_of(const CompareSpec& spec) {
  std::vector<Setting> out;
  std::set<std::string> seen;
  for (Setting& s : settings_to_compare(spec.base, spec.settings)) {
    Json one = spec.base;
    std::string id;
    try {
      const auto paths = setting_paths();
      for (std::size_t p = 0; p < paths.size(); ++p)
        if (!s.at[p].is_null()) set_field(one, paths[p], s.at[p]);
      id = check_spec(one).json().dump();
    } catch (const Error&) {  // refused below, run by run, with its sentence
      id = Json(s.at).dump();
    }
    if (seen.insert(s.family + id).second) out.push_back(std::move(s));
  }
  return out;
}

}  // namespace

CompareSpec read_compare(const Json& j, int settings, int seeds, bool quick) {
  const Spec checked = check_spec(j);
  const Json complete = checked.json();
  known_attack(checked.attack["kind"].get<std::string>());
  if (checked.control != kNoControl) throw Error("control", Message("refusal.compare_control").with("found", shown(checked.control)));
  if (checked.defense["kind"] == "none") throw Error("defense.kind", Message("refusal.compare_defence"));
  const unsigned bits = run_bits(complete);
  return {complete,
          settings,
          seeds,
          quick,
          std::string(picked_figure(FigureKind::Group::utility, &FigureKind::compared, bits)),
          std::string(picked_figure(FigureKind::Group::privacy, &FigureKind::compared, bits))};
}

SweepPlan plan_compare(const CompareSpec& spec) {
  SweepPlan plan = plan_sweep(spec.base, {}, 1);  // for its description: build, files
  plan.runs = {};
  plan.runs.paths = setting_paths();
  plan.runs.paths.emplace_back("attack");
  const std::vector<Attacker> attackers = attackers_of(spec);
  const auto first = spec.base["seed"].get<std::uint64_t>();
  NamedFiles files;
  for (const Setting& setting : settings_of(spec))
    for (const Attacker& attacker : attackers) {
      // Asking a model without fresh noise again brings the same answer: only sticky answers are asked, to show it.
      if (attacker.asks_often && attacker.attack != spec.base["attack"] &&
          !answers_carry_noise(spec.base["model"], setting.at[1], setting.at[2]))
        continue;
      std::vector<Json> at = setting.at;
      at.push_back(attacker.attack);
      for (int s = 0; s < spec.seeds; ++s) {
        const std::uint64_t seed = first + static_cast<std::uint64_t>(s);
        plan.runs.runs.push_back(planned_run(plan.runs.combinations.size(), seed, files, [&] {
          Json one = spec.base;
          for (std::size_t p = 0; p < at.size(); ++p)
            if (!at[p].is_null()) set_field(one, plan.runs.paths[p], at[p]);
          one["seed"] = seed;
          return check_spec(one);
        }));
      }
      plan.runs.combinations.push_back(std::move(at));
    }
  plan.description["compare"] = {{"settings", spec.settings}, {"quick", spec.quick}};
  plan.description["seeds"] = {{"first", first}, {"count", spec.seeds}};
  return plan;
}

Comparison compared(const CompareSpec& spec, const SweepRuns& runs) {
  Comparison out;
  Json what = spec.base;
  for (const char* varied : {"defense", "seed", "attack"}) what.erase(varied);
  what["release"] = {{"kind", "none"}, {"of", spec.base["release"].value("of", std::string("answer"))}};
  out.what = experiment_words(what);
  out.utility = spec.utility, out.judged = spec.judged, out.settings = spec.settings;
  const auto first = spec.base["seed"].get<std::uint64_t>();
  for (int s = 0; s < spec.seeds; ++s) out.seeds.push_back(first + static_cast<std::uint64_t>(s));

  const auto attacker_words = [](const Json& attack) {
    const int repeats = attack.value("repeats", 1);
    return spaced(attack["kind"].get<std::string>()) + (repeats > 1 ? ", " + std::to_string(repeats) + " answers" : "");
  };
  std::map<std::string, std::size_t> family_at;
  // By its values; families may share a setting, as a narrow layer's may be the model's own.
  std::map<std::string, std::vector<std::pair<std::size_t, std::size_t>>> places_of;
  for (const Setting& s : settings_of(spec)) {
    const auto [at, is_new] = family_at.emplace(s.family, out.families.size());
    if (is_new) out.families.push_back({.name = s.family});
    Comparison::Setting one;
    one.utility.resize(out.seeds.size());
    for (const Json* part : {&s.at[1], &s.at[2]})
      for (const Json& each : defense_parts(*part))
        for (const auto& [key, value] : each.items())
          if (key != "kind" && key != "of") one.words += (one.words.empty() ? "" : ", ") + setting_words(key, value);
    if (s.family == "narrow layer") one.words = setting_words("bottleneck", s.at[0]);
    places_of[Json(s.at).dump()].emplace_back(at->second, out.families[at->second].settings.size());
    out.families[at->second].settings.push_back(std::move(one));
  }

  std::vector<double> guess_utility, guess_leak;
  // Views of an update are no adversaries.
  const bool adversaries = known_attack(spec.base["attack"]["kind"].get<std::string>()).finds != Attack::Finds::label;
  for (const SweepRun& r : runs.runs) {
    const auto& at = runs.combinations[r.combination];
    const auto& filled = places_of[Json(std::vector<Json>(at.begin(), at.end() - 1)).dump()];
    const auto trouble = [&](const char* how, const std::string& why) {
      const std::string of = filled.empty() ? "" : out.families[filled[0].first].name;
      const std::string line = of + " under " + attacker_words(at.back()) + " " + how + ": " + why;
      if (std::find(out.troubles.begin(), out.troubles.end(), line) == out.troubles.end()) out.troubles.push_back(line);
    };
    if (!r.refused.empty())
      trouble("was refused", r.refused);
    else if (r.result && r.result->failed)
      trouble("failed", r.result->failed->sentence);
    if (!r.result || r.result->failed) continue;
    const std::size_t seed = static_cast<std::size_t>(r.seed - first);
    const auto utility = r.result->utility.find(spec.utility);
    if (utility != r.result->utility.end() && utility->second.value) {
      out.utility_unit = utility->second.unit;
      if (utility->second.baseline) guess_utility.push_back(*utility->second.baseline);
    }
    for (const auto& [family, setting] : filled) {
      Comparison::Setting& s = out.families[family].settings[setting];
      if (utility != r.result->utility.end()) s.utility[seed] = utility->second.value;
      for (const auto& [name, m] : r.result->privacy) {
        const bool own = name == spec.judged;
        if (!(own || (adversaries && name.starts_with(spec.judged + "_"))) || m.halves.size() != 2) continue;
        if (own) out.judged_unit = m.unit;
        if (own && m.baseline) guess_leak.push_back(*m.baseline);
        const std::string by = attacker_words(at.back()) + (own ? "" : ", " + spaced(name.substr(spec.judged.size() + 1)));
        Comparison::Gets& gets = s.attackers[by];
        gets.selecting.resize(out.seeds.size()), gets.reported.resize(out.seeds.size());
        gets.selecting[seed] = m.halves[0], gets.reported[seed] = m.halves[1];
      }
    }
  }
  if (!guess_utility.empty()) out.guess_utility = spread(guess_utility).mean;
  if (!guess_leak.empty()) out.guess_leak = spread(guess_leak).mean;
  judge_fronts(out);
  return out;
}

}  // namespace mid
