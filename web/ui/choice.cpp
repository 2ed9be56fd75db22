#include "ui/choice.hpp"

#include <algorithm>

#include "mid/base/error.hpp"
#include "mid/experiment/spec.hpp"

namespace mid::ui {
namespace {

Json completed(const Json& spec) {
  try {
    return check_spec(spec).json();
  } catch (const Error&) {
    return spec;  // the Session will say what is wrong with it
  }
}

}  // namespace

std::size_t family_of(Json spec) {
  if (!spec.is_object()) return 0;
  const Json of = field_of(spec, "release.of");
  for (const char* field : {"seed", "defense", "version", "release"}) spec.erase(field);
  if (spec.contains("model") && spec["model"].is_object()) spec["model"].erase("bottleneck");
  spec["of"] = of;
  return std::hash<std::string>{}(spec.dump(-1, ' ', false, Json::error_handler_t::replace));
}

int seed_of(const Json& spec) {
  if (!spec.is_object() || !spec.contains("seed") || !spec["seed"].is_number_integer()) return 1;
  return static_cast<int>(std::clamp<std::int64_t>(spec["seed"].get<std::int64_t>(), 0, 2147483647));
}

Choice::Choice(const Json& catalogue) {
  if (catalogue.is_object()) presets_ = catalogue.value("presets", Json::object()), sections_ = catalogue.value("sections", Json::array());
  base_ = preset(story());
}

Json Choice::preset(const Story& s) const {
  if (s.own) {  // what is chosen, with the defence that the slider sets
    Json spec = base_.is_object() ? base_ : Json::object();
    spec["defense"] = {{"kind", s.defences.front()}, {s.parameter, s.stops[s.stops.size() / 2]}};
    for (const auto& [path, value] : s.changes.items()) set_field(spec, path, value);
    return spec;
  }
  Json spec = preset(s.key);
  if (!spec.is_object()) return Json::object();
  return s.changes.empty() ? spec : with_fields(spec, s.changes);
}

Json Choice::preset(const std::string& name) const { return presets_.is_object() && presets_.contains(name) ? presets_[name] : Json(); }

Json Choice::at(double strength) const { return completed(with_choice(story(), preset(story()), spec_, strength, seed_)); }

Json Choice::without_defence() const {
  Json spec = with_choice(story(), preset(story()), spec_, 0, seed_);
  const Json of = field_of(spec, "release.of");
  spec["release"] = {{"kind", "none"}, {"of", of.is_string() ? of : Json("answer")}};
  return spec;
}

void Choice::begin(int story) {
  story_ = story;
  base_ = preset(this->story());
  strength_ = 0;
}

void Choice::take(const Json& spec, int story) { story_ = story, strength_ = strength_of(spec), seed_ = seed_of(spec), base_ = spec; }

void Choice::set_seed(int seed) { seed_ = std::max(seed, 0); }

void Choice::set_fields(const Json& fields) {
  Json wanted = fields;
  // A defence needs the bottleneck that Off took away.
  if (wanted.is_object() && wanted.contains("defense.kind") && wanted["defense.kind"] != "none" &&
      field_of(spec_, "model.bottleneck") == 0 && !wanted.contains("model.bottleneck"))
    wanted["model.bottleneck"] = field_of(preset(story()), "model.bottleneck");
  const Json next = with_fields(spec_.is_object() ? spec_ : Json::object(), wanted);
  const bool other_data =
      field_of(next, "data.name") != field_of(spec_, "data.name") || field_of(next, "attack.kind") != field_of(spec_, "attack.kind");
  take(next, other_data ? story_of(next) : story_);
}

void Choice::complete() {
  const bool as_given = base_.is_object() && strength_of(base_) == strength_ && seed_of(base_) == seed_ && base_.contains("defense");
  spec_ = completed(as_given ? base_ : with_choice(story(), preset(story()), base_, strength_, seed_));
  family_ = family_of(spec_);
}

void Choice::complete_as(const Json& spec) {
  spec_ = spec;
  family_ = family_of(spec_);
}

}  // namespace mid::ui
