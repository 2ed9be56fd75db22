#include "mid/sweep/compare.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>
#include <set>

#include "mid/attack/attack.hpp"
#include "mid/defense/defense.hpp"
#include "mid/experiment/figure_names.hpp"
#include "mid/measure/figure.hpp"
#include "mid/report/words.hpp"

namespace mid {
namespace {

constexpr int kManyAnswers = 10;
/// Rounds of a trained attacker. Its default of 100 costs an hour of two cores on which-seven and gets 3 points more there.
constexpr int kAttackRounds = 30, kQuickRounds = 10;

const Attack& known_attack(const std::string& name) {
  if (const Attack* a = attack_called(name)) return *a;
  throw Error("attack.kind", Message("refusal.compare_attack").with("found", shown(name)));
}

bool is_for(const About& about, const std::string& model) {
  return about.models.empty() || std::find(about.models.begin(), about.models.end(), model) != about.models.end();
}

std::vector<double> strengths(std::vector<double> values, const Param& field, bool quick) {
  if (values.empty() && field.default_value.is_number())
    for (const double factor : {.03, .1, .3, 1., 3., 10.}) values.push_back(factor * field.default_value.get<double>());
  std::erase_if(values, [&](double v) { return v < field.low || v > field.high; });
  if (!quick || values.size() <= 3) return values;
  std::vector<double> fewer;  // every second one, the strongest among them
  for (std::size_t i = 0; i < values.size(); ++i)
    if ((values.size() - 1 - i) % 2 == 0) fewer.push_back(values[i]);
  return fewer;
}

Json with_strength(const std::string& kind, const Param& field, double value) {
  return {{"kind", kind}, {field.name, field.type == Param::Type::integer ? Json(static_cast<int>(value)) : Json(value)}};
}

/// An entry's parameters for models of this kind.
std::vector<Param> params_of(const About& about, const std::string& model) {
  std::vector<Param> params = about.params ? about.params() : std::vector<Param>{};
  std::erase_if(params, [&](const Param& p) { return !p.is_for(model); });
  return params;
}

const Param* field_called(const std::vector<Param>& params, const std::string& name) {
  for (const Param& p : params)
    if (p.name == name) return &p;
  return nullptr;
}

/// The first field of one of these types; null: there is none.
const Param* first_of(const std::vector<Param>& params, std::initializer_list<Param::Type> types) {
  for (const Param& p : params)
    if (std::find(types.begin(), types.end(), p.type) != types.end()) return &p;
  return nullptr;
}

/// Every strength of an entry that is worth trying, of `known` or about its default; the entry as it is where it has none.
std::vector<Json> at_strengths(const std::string& name, const Param* field, std::vector<double> known, bool quick) {
  if (!field) return {{{"kind", name}}};
  std::vector<Json> out;
  for (const double v : strengths(std::move(known), *field, quick)) out.push_back(with_strength(name, *field, v));
  return out;
}

/// A setting: model.bottleneck, defense and release.
using Setting = std::vector<Json>;

std::vector<Setting> settings(const CompareSpec& spec) {
  const std::string model = spec.base["model"]["kind"].get<std::string>();
  const bool network = model == "network";
  const Json none{{"kind", "none"}}, base_width = network ? spec.base["model"]["bottleneck"] : Json(), plain = network ? Json(0) : Json();
  std::vector<Setting> out{{base_width, spec.base["defense"], none}, {plain, none, none}};
  if (network) out.push_back({base_width, none, none});
  for (const Defense* d : defenses()) {
    // The base's own strength says which utility counts as equal, so it is not tuned.
    if (!is_for(d->about, model) || std::string(d->about.name) == "none" || spec.base["defense"]["kind"] == std::string(d->about.name))
      continue;
    const std::string name(d->about.name);
    const std::vector<Param> params = params_of(d->about, model);
    const Param* field = d->strength ? field_called(params, d->strength) : nullptr;
    const std::vector<double> known = field ? d->strengths : std::vector<double>{};
    if (!field) field = first_of(params, {Param::Type::number});
    const bool noisy = network && d->network({{"kind", name}}).stochastic;
    for (Json& defense : at_strengths(name, field, known, spec.quick))
      out.push_back({noisy ? base_width : plain, std::move(defense), none});
  }
  for (const ReleaseKind* r : release_kinds()) {
    const std::string name(r->about.name);
    if (r->plain || !is_for(r->about, model)) continue;
    if (*r->noise == ReleaseKind::Noise::once_a_record) {  // of a model with noise alone
      out.push_back({base_width, spec.base["defense"], {{"kind", name}}});
      continue;
    }
    const std::vector<Param> params = params_of(r->about, model);
    const Param* field = first_of(params, {Param::Type::number, Param::Type::integer});  // "of" is text
    for (Json& release : at_strengths(name, field, r->strengths, spec.quick)) out.push_back({plain, none, std::move(release)});
  }
  return out;
}

/// Whether answers of this setting carry noise.
bool noisy(const CompareSpec& spec, const Setting& at) {
  if (*release_in(at[2])->noise == ReleaseKind::Noise::added) return true;
  const Defense* d = defense_called(at[1]["kind"].get<std::string>());
  if (!d || !is_for(d->about, spec.base["model"]["kind"].get<std::string>())) return false;
  return spec.base["model"]["kind"] == "network" ? d->network(at[1]).stochastic : at[1].contains("noise");
}

/// A plan from combinations that are no product of lists.
SweepPlan plan_of(const CompareSpec& spec, std::vector<std::string> paths, const std::vector<std::vector<Json>>& combinations) {
  SweepPlan plan = plan_sweep(spec.base, {}, 1);  // for its description: build, files
  NamedFiles files;
  plan.runs = {};
  plan.runs.paths = std::move(paths);
  const auto first = spec.base["seed"].get<std::uint64_t>();
  for (std::size_t c = 0; c < combinations.size(); ++c) {
    for (int s = 0; s < spec.seeds; ++s) {
      const std::uint64_t seed = first + static_cast<std::uint64_t>(s);
      plan.runs.runs.push_back(planned_run(c, seed, files, [&] {
        Json one = spec.base;
        for (std::size_t p = 0; p < plan.runs.paths.size(); ++p)
          if (!combinations[c][p].is_null()) set_field(one, plan.runs.paths[p], combinations[c][p]);
        one["seed"] = seed;
        return check_spec(one);
      }));
    }
    plan.runs.combinations.push_back(combinations[c]);
  }
  plan.description["vary"] = Json::array({{{"path", "compare"}, {"values", combinations}}});
  plan.description["seeds"] = {{"first", first}, {"count", spec.seeds}};
  return plan;
}

/// What the strengths of one defence have in common.
std::string family(const Setting& at) {
  const std::string defence = at[1].value("kind", std::string("none")), release = at[2].value("kind", std::string());
  std::string name = defence == "none" ? "no defence" : defence;
  if (const Defense* d = defense_called(defence);
      d && d->strength && at[1].contains(d->strength) && at[1][d->strength].is_number() && at[1][d->strength] < 0)
    name = "negative " + name;
  if (defence == "none" && !at[0].is_null() && at[0] != 0) name = "narrow layer";
  if (!leaves_answers(at[2])) name = defence == "none" ? release : name + ", " + release;
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

}  // namespace

CompareSpec read_compare(const Json& j, double tolerance, int seeds, bool quick) {
  const Spec checked = check_spec(j);
  const Json complete = checked.json();
  const std::string_view utility = picked_figure(FigureKind::Group::utility, &FigureKind::compared, run_bits(complete));
  CompareSpec spec{complete, std::string(utility), tolerance, seeds, quick};
  known_attack(checked.attack["kind"].get<std::string>());
  if (checked.control != kNoControl) throw Error("control", Message("refusal.compare_control").with("found", shown(checked.control)));
  if (checked.defense["kind"] == "none") throw Error("defense.kind", Message("refusal.compare_defence"));
  if (checked.release["of"] != "answer")
    throw Error("release.of", Message("refusal.compare_of").with("found", shown(checked.release["of"])));
  return spec;
}

std::vector<std::string> compare_paths() { return {"model.bottleneck", "defense", "release"}; }

SweepPlan plan_strengths(const CompareSpec& spec) {
  CompareSpec quiet = spec;
  quiet.base["attack"] = {{"kind", "none"}};
  return plan_of(quiet, compare_paths(), settings(spec));
}

std::vector<Tuned> tune(const CompareSpec& spec, const SweepRuns& strengths) {
  const bool less = gains_when_lower(spec.utility);
  std::vector<std::vector<double>> values(strengths.combinations.size());
  for (const SweepRun& r : strengths.runs)
    if (r.result && !r.result->failed)
      if (const auto at = r.result->utility.find(spec.utility); at != r.result->utility.end() && at->second.value)
        values[r.combination].push_back(*at->second.value);
  if (values.empty() || values[0].empty()) throw Failure(Message("refusal.compare_utility").with("figure", spec.utility));
  const double wanted = spread(values[0]).mean;
  std::vector<Tuned> out;
  std::map<std::string, std::size_t> place;
  for (std::size_t c = 0; c < values.size(); ++c) {
    if (values[c].empty()) continue;
    const Setting& at = strengths.combinations[c];
    const std::string name = family(at);
    const Spread utility = spread(values[c]);
    const bool keeps = less ? utility.mean <= wanted + spec.tolerance : utility.mean >= wanted - spec.tolerance;
    const auto known = place.find(name);
    if (known == place.end()) {
      place[name] = out.size();
      out.push_back({name, at, utility, keeps});
    } else if (keeps) {  // the list goes from weak to strong
      out[known->second] = {name, at, utility, true};
    }
  }
  return out;
}

SweepPlan plan_attackers(const CompareSpec& spec, const std::vector<Tuned>& tuned) {
  const std::string model = spec.base["model"]["kind"].get<std::string>(), own = spec.base["attack"]["kind"].get<std::string>();
  const Attack& base = known_attack(own);
  std::vector<Json> attackers;
  for (const Attack* a : attacks()) {
    if (a->finds != base.finds || !is_for(a->about, model)) continue;
    const std::string name(a->about.name);
    Json attack = name == own ? spec.base["attack"] : Json{{"kind", name}};
    const std::vector<Param> params = a->about.params ? a->about.params() : std::vector<Param>{};
    const auto at_most = [&](const char* field, int most) {
      if (const Param* p = field_called(params, field); p && p->default_value.is_number() && attack.value(field, p->default_value) > most)
        attack[field] = most;
    };
    if (field_called(params, "judge")) attack["judge"] = false;  // nobody looks at what it says here
    at_most("epochs", spec.quick ? kQuickRounds : kAttackRounds);
    if (spec.quick) at_most("trials", 1), at_most("restarts", 1), at_most("steps", 500), at_most("generator_steps", 300);
    attackers.push_back(attack);
    const bool noise_matters = field_called(params, "repeats") != nullptr;
    if (noise_matters && !spec.quick)
      attack["repeats"] = kManyAnswers, attackers.push_back(attack);
    else if (noise_matters && name == own)
      attack["repeats"] = kManyAnswers, attackers.push_back(attack);
  }
  std::vector<std::vector<Json>> combinations;
  for (const Tuned& t : tuned)
    for (const Json& attack : attackers) {
      // Asking a model without fresh noise again brings the same answer: only sticky answers are asked, to show it.
      if (attack.contains("repeats") && attack["repeats"] == kManyAnswers && attack != spec.base["attack"] && !noisy(spec, t.at)) continue;
      std::vector<Json> one = t.at;
      one.push_back(attack);
      combinations.push_back(std::move(one));
    }
  std::vector<std::string> paths = compare_paths();
  paths.emplace_back("attack");
  return plan_of(spec, std::move(paths), combinations);
}

Comparison compared(const CompareSpec& spec, const std::vector<Tuned>& tuned, const SweepRuns& runs) {
  Comparison out;
  Json what = spec.base;
  for (const char* varied : {"defense", "release", "seed", "attack"}) what.erase(varied);
  out.what = experiment_words(what);
  out.utility = spec.utility, out.judged = judged_by(spec), out.tolerance = spec.tolerance, out.seeds = spec.seeds;
  const auto attacker_words = [&](const Json& attack) {
    std::string name = attack["kind"].get<std::string>();
    std::replace(name.begin(), name.end(), '_', ' ');
    const int repeats = attack.value("repeats", 1);
    return repeats > 1 ? name + ", " + std::to_string(repeats) + " answers" : name;
  };
  // What each combination's attack gets, by who is judged: "" and the further adversaries of its result ("naive", "answer").
  std::vector<std::map<std::string, std::vector<double>>> gets(runs.combinations.size());
  // Views of an update are no adversaries.
  const bool adversaries = known_attack(spec.base["attack"]["kind"].get<std::string>()).finds != Attack::Finds::label;
  std::vector<double> baselines;
  for (const SweepRun& r : runs.runs) {
    const auto trouble = [&](const char* how, const std::string& why) {
      const auto& at = runs.combinations[r.combination];
      const std::string line = family({at[0], at[1], at[2]}) + " under " + attacker_words(at[3]) + " " + how + ": " + why;
      if (std::find(out.troubles.begin(), out.troubles.end(), line) == out.troubles.end()) out.troubles.push_back(line);
    };
    if (!r.refused.empty())
      trouble("was refused", r.refused);
    else if (r.result && r.result->failed)
      trouble("failed", r.result->failed->sentence);
    if (!r.result || r.result->failed) continue;
    const auto utility = r.result->utility.find(spec.utility);
    if (utility != r.result->utility.end()) out.utility_unit = utility->second.unit;
    for (const auto& [name, m] : r.result->privacy) {
      const bool own = name == out.judged;
      if (!m.value || !(own || (adversaries && name.starts_with(out.judged + "_")))) continue;
      gets[r.combination][own ? "" : name.substr(out.judged.size() + 1)].push_back(*m.value);
      if (own) out.judged_unit = m.unit;
      if (own && m.baseline) baselines.push_back(*m.baseline);
    }
  }
  if (!baselines.empty()) out.baseline = spread(baselines).mean;

  const auto adversary_words = [](std::string name) {
    std::replace(name.begin(), name.end(), '_', ' ');
    return name.empty() ? name : ", " + name;
  };
  std::vector<std::string> names;
  std::map<std::string, std::set<std::string>> adversaries_of;
  for (std::size_t c = 0; c < gets.size(); ++c) {
    const std::string name = attacker_words(runs.combinations[c].back());
    auto [at, is_new] = adversaries_of.emplace(name, std::set<std::string>{""});
    if (is_new) names.push_back(name);
    for (const auto& [adversary, values] : gets[c]) at->second.insert(adversary);
  }
  std::map<std::string, std::size_t> column;
  for (const std::string& name : names)
    for (const std::string& adversary : adversaries_of[name]) {
      column.emplace(name + adversary_words(adversary), column.size());
      out.attackers.push_back(name + adversary_words(adversary));
    }

  for (const Tuned& t : tuned) {
    Comparison::Row row{t.name, "", t.equal, t.utility, std::vector<std::optional<Spread>>(out.attackers.size())};
    for (const Json* part : {&t.at[1], &t.at[2]})
      for (const auto& [key, value] : part->items())
        if (value.is_number()) row.setting += (row.setting.empty() ? "" : ", ") + setting_words(key, value);
    for (std::size_t c = 0; c < gets.size(); ++c) {
      const auto& at = runs.combinations[c];
      if (at[0] != t.at[0] || at[1] != t.at[1] || at[2] != t.at[2]) continue;
      for (const auto& [adversary, values] : gets[c])
        row.attackers[column.at(attacker_words(at[3]) + adversary_words(adversary))] = spread(values);
    }
    out.rows.push_back(std::move(row));
  }
  return out;
}

std::string judged_by(const CompareSpec& spec) {
  return std::string(picked_figure(FigureKind::Group::privacy, &FigureKind::compared, run_bits(spec.base)));
}

}  // namespace mid
