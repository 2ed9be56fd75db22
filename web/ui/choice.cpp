#include "ui/choice.hpp"

#include <algorithm>

#include "mid/base/error.hpp"
#include "mid/experiment/spec.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

Json completed(const Json& spec) {
  try {
    return check_spec(spec).json();
  } catch (const Error&) {
    return spec;  // the Session will say what is wrong with it
  }
}

/// The object "release" that leaves answers as they are, of what it is about now.
Json without_release(const Json& spec) {
  const Json of = field_of(spec, "release.of");
  return {{"kind", "none"}, {"of", of.is_string() ? of : Json("answer")}};
}

Json field_at(const Json& object, const std::string& key) { return object.is_object() ? object.value(key, Json()) : Json(); }

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
  read(base_);
  rival_.clear(), strength_ = 0;
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

Json Choice::at(double strength) const { return with(rival_, strength, seed_); }

Json Choice::with(const std::string& rival, double strength, int seed) const {
  Json base = spec_;
  if (rival != rival_) base["release"] = without_release(base);
  return completed(made(rival, strength, seed, std::move(base)));
}

Json Choice::made(const std::string& rival, double strength, int seed, Json base) const {
  const auto at = std::ranges::find(rivals_, rival, &Rival::key);
  if (at == rivals_.end()) {
    if (strength == 0) base["release"] = without_release(base);  // Off is off
    return with_choice(story(), preset(story()), std::move(base), strength, seed);
  }
  base = with_rival(*at, std::move(base), preset(story()), story().off, strength);
  base["seed"] = seed;
  return base;
}

const Rival* Choice::chosen_rival() const {
  const auto at = std::ranges::find(rivals_, rival_, &Rival::key);
  return at == rivals_.end() ? nullptr : &*at;
}

const std::vector<double>& Choice::stops() const { return chosen_rival() ? chosen_rival()->stops : story().stops; }

std::string Choice::symbol() const {
  const Rival* rival = chosen_rival();
  if (!rival) return story().symbol;
  const std::string key = "symbol." + rival->parameter;
  return words(key) == key ? rival->parameter : std::string(words(key));
}

void Choice::choose(const std::string& rival) {
  if (rival == rival_) return;
  const bool off = strength_ == 0;
  places_[rival_] = strength_;
  rival_ = rival;
  const auto left = places_.find(rival);
  const std::vector<double>& there = stops();
  strength_ = off ? 0 : left != places_.end() && left->second > 0 ? left->second : there[there.size() / 2];
  base_["release"] = without_release(base_);
}

Choice::Place Choice::place_in(const Json& spec) const {
  const Treatment t = treatment_of(spec);
  if (t.none()) return {rival_, 0};  // the slider stays where it is, at Off
  if (std::ranges::find(story().defences, t.defence) != story().defences.end()) return {"", t.strength};
  return {t.defence != "none" ? "defense." + t.defence : "release." + t.release, t.path.empty() ? 1 : t.strength};
}

void Choice::read(const Json& spec) {
  const std::string model = model_of(spec);
  rivals_.clear();
  for (const std::string& key : story().rivals) {
    Rival rival = rival_of(key, model, field_at(story().strengths, key));
    if (rival.is_release() || !names_model(spec)) rivals_.push_back(std::move(rival));
  }
  const Place place = place_in(spec);
  rival_ = place.rival, strength_ = place.strength;
  const std::string first = names_model(spec) && !rivals_.empty() ? rivals_.front().key : std::string();
  if (rival_.empty()) rival_ = first;
  if (rival_.empty() || chosen_rival()) return;
  if (strength_ == 0) {
    rival_ = first;
    return;
  }
  Rival by_hand = rival_of(rival_, model, Json());  // the story does not offer it
  rivals_.push_back(std::move(by_hand));
}

Json Choice::without_defence() const {
  Json spec = with_choice(story(), preset(story()), spec_, 0, seed_);
  spec["release"] = without_release(spec);
  return spec;
}

void Choice::begin(int story) {
  story_ = story;
  base_ = preset(this->story());
  rival_.clear(), places_.clear();
  read(base_);
  rival_.clear(), strength_ = 0;
}

void Choice::take(const Json& spec, int story) {
  if (story != story_) places_.clear();
  story_ = story, seed_ = seed_of(spec), base_ = spec;
  read(spec);
}

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
  // What the specification says of itself, where the slider still says the same.
  const Place given = place_in(base_);
  const bool as_given =
      base_.is_object() && base_.contains("defense") && given.strength == strength_ && given.rival == rival_ && seed_of(base_) == seed_;
  spec_ = completed(as_given ? base_ : made(rival_, strength_, seed_, base_));
  family_ = family_of(spec_);
  try_rivals();
}

const Message* Choice::why_not(const std::string& rival) const {
  const auto at = refused_.find(rival);
  return at == refused_.end() ? nullptr : &at->second;
}

void Choice::try_rivals() {
  if (!spec_.is_object() || tried_ == std::pair(story_, family_)) return;
  tried_ = {story_, family_};
  refused_.clear();
  Json base = spec_;
  base["release"] = without_release(base);
  const auto attempt = [&](const std::string& rival, double strength) {
    try {
      check_spec(made(rival, strength, seed_, base));
    } catch (const Error& e) {
      refused_.emplace(rival, message_of(e));
    }
  };
  if (!story().stops.empty()) attempt("", story().stops.back());
  for (const Rival& r : rivals_) attempt(r.key, r.stops.back());
}

void Choice::complete_as(const Json& spec) {
  spec_ = spec;
  family_ = family_of(spec_);
  try_rivals();
}

}  // namespace mid::ui
