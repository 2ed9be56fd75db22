#include "ui/story.hpp"

#include <algorithm>
#include <cstdio>

#include "mid/experiment/answer_noise.hpp"
#include "mid/experiment/figure_names.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/measure/figure.hpp"
#include "ui/own.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

std::string text_at(const Json& spec, std::string_view path) {
  const Json value = field_of(spec, path);
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// Under which beginnings the words about this specification stand: the story's own, or neutral ones.
const std::vector<std::string>& texts_for(const Json& spec, const Story& story) {
  const auto named = [&](const std::string& data) { return std::find(story.data.begin(), story.data.end(), data) != story.data.end(); };
  const std::string data = text_at(spec, "data.name"), secret = text_at(spec, "data.sensitive");
  const bool own =
      story.data.empty() || data.empty() || (named(data) && (story.secret.empty() || secret.empty() || secret == story.secret));
  return own ? story.texts : story.other_texts;
}

/// What the attacker is given in the place of the whole answer, or draws without a likeness of others to go by.
std::string kind_of_answer(const Json& spec) {
  if (is_inside(spec)) return ".inside";
  if (const ReleaseKind* kind = release_kind_of(spec); kind && kind->label_alone) return ".label";
  return text_at(spec, "attack.prior") == "pixels" ? ".pixels" : "";
}

}  // namespace

std::string spec_words(const Json& spec, const Story& story, std::string_view key,
                       std::initializer_list<std::pair<std::string_view, std::string>> values) {
  constexpr std::size_t kLongest = 20;  // characters of somebody's names
  static const std::vector<std::string> kOfMembership{"membership"};
  const std::vector<std::string>& whose = texts_for(spec, story);
  const std::string kind = kind_of_answer(spec);
  std::optional<std::string_view> text = asks_membership(spec) ? story_text(kOfMembership, key) : std::nullopt;
  if (!text && !kind.empty()) text = story_text(whose, std::string(key) + kind);
  if (!text && names_model(spec)) text = story_text(whose, std::string(key) + ".file");
  if (!text) text = story_text(whose, key);
  const std::string data = text_at(spec, "data.name"), of_data = "target." + data;
  std::string target = text_at(spec, "data.target");
  if (target.empty() && words(of_data) != of_data) target = words(of_data);
  return filled(
      filled(text ? *text : words(key), values),
      {{"secret", shortened(text_at(spec, "data.sensitive"), kLongest)}, {"target", shortened(target, kLongest)}, {"data", data}});
}

bool asks_membership(const Json& spec) {
  if (text_at(spec, "attack.kind").empty() || text_at(spec, "model.kind").empty()) return false;  // a specification on its way
  return (run_bits(spec) & FigureKind::membership) != 0;
}

std::string_view privacy_figure(const Story& story, const Json& spec) {
  return asks_membership(spec) ? std::string_view("attack_accuracy") : std::string_view(story.privacy);
}

bool is_noisy(const Json& spec) {
  return answers_carry_noise(field_of(spec, "model"), field_of(spec, "defense"), field_of(spec, "release"));
}

bool is_inside(const Json& spec) { return text_at(spec, "release.of") == "embedding"; }

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

int drawing_story() {
  const auto all = stories();
  const auto at = std::ranges::find_if(all, &Story::ink);
  return at == all.end() ? -1 : static_cast<int>(at - all.begin());
}

Json with_choice(const Story& story, const Json& preset, Json base, double strength, int seed) {
  base["seed"] = seed;
  if (!base["defense"].is_object()) base["defense"] = Json::object();
  if (strength == 0) {
    base["defense"] = {{"kind", "none"}};
    for (const auto& [path, value] : story.off.items()) set_field(base, path, value);
    return base;
  }
  const std::string kind = defence_of(base);
  if (std::find(story.defences.begin(), story.defences.end(), kind) == story.defences.end()) {
    base["defense"] = {{"kind", story.defences.front()}};
    if (const Json noise = field_of(preset, "defense.noise"); !noise.is_null()) base["defense"]["noise"] = noise;
  }
  base["defense"][story.parameter] = strength;
  for (const auto& [path, value] : story.off.items())
    if (const Json before = field_of(preset, path); !before.is_null() && field_of(base, path) == value) set_field(base, path, before);
  // A defence needs the bottleneck that somebody took away.
  if (field_of(base, "model.bottleneck") == 0) base["model"]["bottleneck"] = field_of(preset, "model.bottleneck");
  return base;
}

double strength_of(const Story& story, const Json& spec) {
  if (std::find(story.defences.begin(), story.defences.end(), defence_of(spec)) == story.defences.end()) return 0;
  const Json value = field_of(spec, "defense." + story.parameter);
  return value.is_number() ? value.get<double>() : 0;
}

std::string model_of(const Json& spec) {
  const Json kind = field_of(spec, "model.kind");
  return kind.is_string() ? kind.get<std::string>() : "network";
}

bool names_model(const Json& spec) { return field_of(spec, "model.file").is_string(); }

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
