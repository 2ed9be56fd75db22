#include "story.hpp"

#include <algorithm>
#include <cstdio>

#include "own.hpp"
#include "strings.hpp"

namespace mid::ui {
namespace {

std::string text_at(const Json& spec, std::string_view path) {
  const Json value = field_of(spec, path);
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// Whose words are about this specification: the story's own, or neutral ones.
std::string teller(const Json& spec, const Story& story) {
  const std::string data = text_at(spec, "data.name"), secret = text_at(spec, "data.sensitive");
  const bool own = story.own || data.empty() ||
                   (std::find(story.data.begin(), story.data.end(), data) != story.data.end() && (story.secret.empty() || secret.empty() || secret == story.secret));
  if (own) return std::string(story.key);
  return story.stage == Stage::tree ? "other-tree" : story.stage == Stage::dose ? "other-number" : story.stage == Stage::bells ? "other-network" : "other-pictures";
}

/// What the attacker is given in the place of the whole answer, or draws without a likeness of others to go by.
std::string kind_of_answer(const Json& spec) {
  if (text_at(spec, "release.of") == "embedding") return ".inside";
  if (const ReleaseKind* kind = release_kind_of(spec); kind && kind->label_alone) return ".label";
  return text_at(spec, "attack.prior") == "pixels" && (text_at(spec, "attack.kind") == "mi_face" || text_at(spec, "attack.kind") == "gmi") ? ".pixels" : "";
}

const Story kStories[] = {
    {.key = "visitors", .track = Track::pictures, .stops = {0, .003, .01, .03, .1, .2}, .off_is_wide = true,
     .utility = "accuracy", .privacy = "line_up"},
    {.key = "confidence", .track = Track::survey, .stops = {0, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2}, .utility = "accuracy",
     .privacy = "attack_accuracy", .stage = Stage::bells, .data = {"adult"}, .secret = "sex"},
    {.key = "which-seven", .track = Track::pictures, .stops = {0, .003, .01, .02, .04}, .utility = "accuracy",
     .privacy = "line_up", .inside = true, .ink = true, .data = {"mnist", "digits"}},
    {.key = "face-from-name", .track = Track::pictures, .stops = {0, .01, .03, .1, .3, 1}, .off_is_wide = true,
     .utility = "accuracy", .privacy = "line_up", .repeats = false, .white_box = true, .quicker = R"({"attack.judge": false})"},
    {.key = "survey-tree", .track = Track::survey, .stops = {0, .005, .01, .02, .05, .1, .2, .4}, .utility = "accuracy",
     .privacy = "attack_accuracy", .stage = Stage::tree, .repeats = false, .parameter = "lambda", .symbol = "λ",
     .defences = {"mid", "mid_targeted"}, .data = {"adult"}, .secret = "married"},
    {.key = "dose", .track = Track::dose, .stops = {0, .01, .1, .3, 1, 3, 30}, .utility = "within_20_released",
     .privacy = "attack_accuracy", .stage = Stage::dose, .parameter = "lambda", .symbol = "λ",
     .data = {"warfarin", "synthetic-dose"}, .secret = "VKORC1"},
    // A table of one's own, by what is learnt from it. Their words begin with "own."
    {.key = "own-tree", .track = Track::survey, .stops = {0, .005, .01, .02, .05, .1, .2, .4}, .utility = "accuracy",
     .privacy = "attack_accuracy", .stage = Stage::tree, .repeats = false, .parameter = "lambda", .symbol = "λ",
     .defences = {"mid", "mid_targeted"}, .own = true},
    {.key = "own-number", .track = Track::dose, .stops = {0, .01, .1, .3, 1, 3, 30}, .utility = "within_20_released",
     .privacy = "attack_accuracy", .stage = Stage::dose, .parameter = "lambda", .symbol = "λ", .own = true},
    {.key = "own-network", .track = Track::survey, .stops = {0, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2}, .utility = "accuracy",
     .privacy = "attack_accuracy", .stage = Stage::bells, .own = true},
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

std::string spec_words(const Json& spec, const Story& story, std::string_view key, std::initializer_list<std::pair<std::string_view, std::string>> values) {
  constexpr std::size_t kLongest = 20;  // characters of somebody's names
  const std::string whose = teller(spec, story), kind = kind_of_answer(spec);
  std::optional<std::string_view> text = kind.empty() ? std::nullopt : story_text(whose, std::string(key) + kind);
  if (!text) text = story_text(whose, key);
  const std::string data = text_at(spec, "data.name"), of_data = "target." + data;
  std::string target = text_at(spec, "data.target");
  if (target.empty() && words(of_data) != of_data) target = words(of_data);
  return filled(filled(text ? *text : words(key), values),
                {{"secret", shortened(text_at(spec, "data.sensitive"), kLongest)}, {"target", shortened(target, kLongest)}, {"data", data}});
}

int repeats_of(const Json& spec) {
  const Json n = field_of(spec, "attack.repeats");
  return n.is_number_integer() ? n.get<int>() : 1;
}

std::string release_of(const Json& spec) {
  const Json kind = field_of(spec, "release.kind");
  return kind.is_string() ? kind.get<std::string>() : "none";
}

const ReleaseKind* release_kind_of(const Json& spec) { return release_called(release_of(spec)); }

bool changes_answers(std::string_view release) {
  const ReleaseKind* kind = release_called(release);
  return !kind || !kind->plain;
}

std::span<const Story> stories() { return kStories; }

int find_story(std::string_view key) {
  for (std::size_t i = 0; i < std::size(kStories); ++i)
    if (kStories[i].key == key) return static_cast<int>(i);
  return -1;
}

int story_of(const Json& spec) {
  const Json model = field_of(spec, "model.kind"), name = field_of(spec, "data.name");
  if (name == "csv") return find_story(model == "tree" ? "own-tree" : model == "linear" ? "own-number" : "own-network");
  if (model == "tree") return find_story("survey-tree");
  if (model == "linear") return find_story("dose");
  const Json attack = field_of(spec, "attack.kind");
  if (attack == "mi_face" || attack == "gmi") return find_story("face-from-name");
  if (name == "mnist" || name == "digits") return find_story("which-seven");
  return find_story(name == "adult" || attack == "likelihood_inference" ? "confidence" : "visitors");
}

Json with_choice(const Story& story, const Json& preset, Json base, double strength, int seed) {
  base["seed"] = seed;
  if (!base["defense"].is_object()) base["defense"] = Json::object();
  if (strength == 0) {
    base["defense"] = {{"kind", "none"}};
    if (story.off_is_wide) base["model"]["bottleneck"] = 0;
    return base;
  }
  const std::string kind = defence_of(base);
  if (std::find(story.defences.begin(), story.defences.end(), kind) == story.defences.end()) {
    base["defense"] = {{"kind", std::string(story.defences.front())}};
    if (const Json noise = field_of(preset, "defense.noise"); !noise.is_null()) base["defense"]["noise"] = noise;
  }
  base["defense"][std::string(story.parameter)] = strength;
  // A defence needs the bottleneck that Off took away.
  if (field_of(base, "model.bottleneck") == 0) base["model"]["bottleneck"] = field_of(preset, "model.bottleneck");
  return base;
}

double strength_of(const Json& spec) {
  for (const char* name : {"defense.beta", "defense.lambda"})
    if (const Json value = field_of(spec, name); value.is_number()) return value.get<double>();
  return 0;
}

std::string model_of(const Json& spec) {
  const Json kind = field_of(spec, "model.kind");
  return kind.is_string() ? kind.get<std::string>() : "network";
}

std::string defence_of(const Json& spec) {
  const Json kind = field_of(spec, "defense.kind");
  return kind.is_string() ? kind.get<std::string>() : "none";
}

std::string strength_text(double strength) { return strength == 0 ? std::string(words("off")) : localised(strength_number(strength)); }

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
