#include "mid/teach/treatment.hpp"

#include <algorithm>

#include "mid/base/param.hpp"
#include "mid/defense/defense.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/release/release_kind.hpp"
#include "mid/teach/story.hpp"

namespace mid {
namespace {

constexpr std::size_t kMostStrengths = 4;

std::string kind_in(const Json& spec, const char* section) {
  if (!spec.is_object() || !spec.contains(section) || !spec[section].is_object()) return "none";
  const Json kind = spec[section].value("kind", Json());
  return kind.is_string() ? kind.get<std::string>() : "none";
}

/// Four of them, the weakest and the strongest among these.
std::vector<double> thinned(const std::vector<double>& all) {
  if (all.size() <= kMostStrengths) return all;
  std::vector<double> out(kMostStrengths);
  for (std::size_t i = 0; i < kMostStrengths; ++i) out[i] = all[i * (all.size() - 1) / (kMostStrengths - 1)];
  return out;
}

}  // namespace

bool Treatment::none() const {
  const ReleaseKind* kind = release_called(release);
  return defence == "none" && kind && kind->plain;
}

std::string strength_parameter(const About& about, const char* strength, const std::string& model) {
  const std::vector<Param> params = about.params_for(model);
  for (const Param& p : params)
    if (strength && p.name == strength) return p.name;
  for (const Param& p : params)
    if (p.type == Param::Type::number || p.type == Param::Type::integer) return p.name;
  return {};
}

std::vector<std::string> allowed_beside(const std::string& defence) {
  std::vector<std::string> names;
  const Defense* one = defense_called(defence);
  for (const Defense* other : defenses())
    if (one && one->goes_with(*other)) names.emplace_back(other->about.name);
  return names;
}

Treatment treatment_of(const Json& spec) {
  Treatment out;
  out.defence = kind_in(spec, "defense"), out.release = kind_in(spec, "release");
  if (out.defence != "none") out.also = kind_in(spec["defense"], "also");
  const std::string model = kind_in(spec, "model");
  const auto take = [&](const char* section, const std::string& parameter) {
    if (parameter.empty() || !spec[section].contains(parameter) || !spec[section][parameter].is_number()) return;
    out.path = std::string(section) + "." + parameter, out.strength = spec[section][parameter].get<double>();
  };
  if (const Defense* d = defense_called(out.defence); d && out.defence != "none")
    take("defense", strength_parameter(d->about, d->strength, model));
  else if (const ReleaseKind* r = release_called(out.release); r && !r->plain)
    take("release", strength_parameter(r->about, nullptr, model));
  return out;
}

Rival rival_of(const std::string& key, const std::string& model, const Json& strengths) {
  Rival out{key, {}, {0}};
  const Defense* defence = out.is_release() ? nullptr : defense_called(out.name());
  const ReleaseKind* release = out.is_release() ? release_called(out.name()) : nullptr;
  if (!defence && !release) return out;
  const About& about = defence ? defence->about : release->about;
  out.parameter = strength_parameter(about, defence ? defence->strength : nullptr, model);
  std::vector<double> known = defence ? defence->strengths : release->strengths;
  if (strengths.is_array()) {
    known.clear();
    for (const Json& v : strengths)
      if (v.is_number()) known.push_back(v.get<double>());
  }
  for (const Param& p : about.params_for(model))
    if (p.name == out.parameter) {
      if (known.empty() && p.default_value.is_number())
        for (const double factor : {.1, 1., 10., 100.}) known.push_back(factor * p.default_value.get<double>());
      std::erase_if(known, [&](double v) { return v < p.low || v > p.high || v <= 0; });  // 0 is Off, below it is another defence
    }
  if (out.parameter.empty() || known.empty())
    out.parameter.clear(), out.stops.push_back(1);
  else
    for (const double v : thinned(known)) out.stops.push_back(v);
  return out;
}

Json with_rival(const Rival& rival, Json base, const Json& preset, const Json& off, double strength) {
  const Json of = field_of(base, "release.of");
  // What stands beside a defence stays there while its strength moves.
  const Json beside = !rival.is_release() && kind_in(base, "defense") == rival.name() ? field_of(base, "defense.also") : Json();
  base["defense"] = {{"kind", "none"}};
  base["release"] = {{"kind", "none"}, {"of", of.is_string() ? of : Json("answer")}};
  for (const auto& [path, value] : off.items()) set_field(base, path, value);
  if (strength == 0) return base;
  Json entry{{"kind", rival.name()}};
  if (!beside.is_null()) entry["also"] = beside;
  if (!rival.parameter.empty()) {
    const bool whole = std::ranges::all_of(rival.stops, [](double v) { return v == static_cast<int>(v); });
    entry[rival.parameter] = whole ? Json(static_cast<int>(strength)) : Json(strength);
  }
  if (rival.is_release()) {
    base["release"]["kind"] = entry["kind"];
    if (!rival.parameter.empty()) base["release"][rival.parameter] = entry[rival.parameter];
    return base;
  }
  if (kind_in(base, "model") == "network" && leaves_noise(entry, "network"))
    for (const auto& [path, value] : off.items())
      if (const Json before = field_of(preset, path); !before.is_null()) set_field(base, path, before);
  base["defense"] = std::move(entry);
  return base;
}

bool charges_for_secret_alone(const std::string& defence) {
  const Defense* entry = defense_called(defence);
  return entry && entry->tree_price == TreePenalty::On::secret;
}

}  // namespace mid
