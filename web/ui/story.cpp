#include "story.hpp"

#include <cstdio>

#include "strings.hpp"

namespace mid::ui {
namespace {
const Story kStories[] = {
    {.key = "visitors", .track = Track::pictures, .stops = {0, .003, .01, .03, .1, .2}, .off_is_wide = true,
     .utility = "accuracy", .privacy = "line_up"},
    {.key = "confidence", .track = Track::survey, .stops = {0, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2}, .utility = "accuracy",
     .privacy = "attack_accuracy", .pictures = false},
    {.key = "which-seven", .track = Track::pictures, .stops = {0, .003, .01, .02, .04}, .utility = "accuracy",
     .privacy = "line_up", .inside = true, .ink = true},
};

}  // namespace

Json field_of(const Json& spec, std::string_view path) {
  const Json* here = &spec;
  while (!path.empty()) {
    const auto dot = path.find('.');
    const std::string name(path.substr(0, dot));
    if (!here->is_object() || !here->contains(name)) return nullptr;
    here = &(*here)[name];
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  return *here;
}

int repeats_of(const Json& spec) {
  const Json n = field_of(spec, "attack.repeats");
  return n.is_number_integer() ? n.get<int>() : 1;
}

std::string release_of(const Json& spec) {
  const Json kind = field_of(spec, "release.kind");
  return kind.is_string() ? kind.get<std::string>() : "none";
}

std::span<const Story> stories() { return kStories; }

int find_story(std::string_view key) {
  for (std::size_t i = 0; i < std::size(kStories); ++i)
    if (kStories[i].key == key) return static_cast<int>(i);
  return -1;
}

int story_of(const Json& spec) {
  const Json name = field_of(spec, "data.name");
  if (name == "mnist" || name == "digits") return find_story("which-seven");
  const Json attack = field_of(spec, "attack.kind");
  return find_story(name == "adult" || attack == "likelihood_inference" ? "confidence" : "visitors");
}

Json with_choice(const Story& story, const Json& preset, Json base, double strength, int seed) {
  base["seed"] = seed;
  if (!base["defense"].is_object()) base["defense"] = Json::object();
  const bool was_on = base["defense"].value("kind", "") == "mid";
  if (strength == 0) {
    base["defense"] = {{"kind", "none"}};
    if (story.off_is_wide) base["model"]["bottleneck"] = 0;
  } else {
    if (!was_on) base["defense"] = {{"kind", "mid"}};
    base["defense"]["beta"] = strength;
    // A defence needs the bottleneck that Off took away.
    if (field_of(base, "model.bottleneck") == 0) base["model"]["bottleneck"] = field_of(preset, "model.bottleneck");
  }
  return base;
}

double strength_of(const Json& spec) {
  if (field_of(spec, "defense.kind") != "mid") return 0;
  const Json beta = field_of(spec, "defense.beta");
  return beta.is_number() ? beta.get<double>() : 0;
}

std::string strength_text(double strength) { return strength == 0 ? std::string(words("off")) : strength_number(strength); }

std::string strength_number(double strength) {
  if (strength == 0) return "0";
  char text[32];
  int decimals = 1;  // as many as two significant digits need, without trailing zeros
  for (double v = strength; v < .0999999 && decimals < 8; v *= 10) ++decimals;
  std::snprintf(text, sizeof text, "%.*f", decimals + 1, strength);
  std::string s = text;
  while (s.find('.') != std::string::npos && (s.back() == '0' || s.back() == '.')) {
    const bool point = s.back() == '.';
    s.pop_back();
    if (point) break;
  }
  return s;
}

}  // namespace mid::ui
