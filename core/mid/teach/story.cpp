#include "mid/teach/story.hpp"

#include <algorithm>
#include <utility>

#include "mid/base/error.hpp"
#include "mid/base/fields.hpp"
#include "mid/base/language.hpp"
#include "mid/base/param.hpp"
#include "mid/defense/defense.hpp"
#include "mid/experiment/figure_names.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/measure/figure.hpp"
#include "mid/release/release_kind.hpp"
#include "mid/teach/embedded_files.hpp"

namespace mid {
namespace {

constexpr int kLastPlace = 1000000;
/// What every story says, by itself or in the words of all.
constexpr const char* kTexts[] = {"menu",    "credit",        "name",         "title",   "title.wait",    "caption",      "caption.wait",
                                  "high",    "middle",        "low",          "honest",  "honest.here",   "try",          "explain.wait",
                                  "utility", "utility.short", "utility.base", "privacy", "privacy.short", "privacy.base", "x",
                                  "y",       "table.base"};

bool has(const std::vector<std::string>& all, std::string_view one) { return std::find(all.begin(), all.end(), one) != all.end(); }

/// The figure that the field names: one of `given`, those of the story's runs, or of any run where there is no specification.
std::string figure_field(Fields& r, const char* field, FigureKind::Group group, const std::vector<std::string>* given) {
  const std::string name = r.text(field);
  const FigureKind* kind = figure_kind(name);
  if (given ? !has(*given, name) : !kind || kind->group != group) {
    std::vector<std::string> allowed;
    if (given)
      allowed = *given;
    else
      for (const FigureKind& f : figure_kinds())
        if (f.group == group) allowed.emplace_back(f.key);
    r.fail(field, "must be a figure that the story's runs give (" + listed(allowed) + "), found " + shown_key(name));
  }
  return name;
}

/// What stands beside the slider's own defences; each must be there for the story's kind of model.
void read_rivals(Fields& r, Story& story, const std::string& model) {
  std::vector<std::string> known;
  const auto offer = [&](const char* section, const About& about) {
    if (model.empty() || about.is_for(model)) known.push_back(section + std::string(about.name));
  };
  for (const Defense* d : defenses()) offer("defense.", d->about);
  for (const ReleaseKind* k : release_kinds()) offer("release.", k->about);
  const auto check = [&](const char* field, const std::string& found, const std::vector<std::string>& allowed) {
    if (!has(allowed, found))
      throw Error(r.file() + ": " + r.at(field),
                  Message("refusal.must_be").with("allowed", either_of(allowed)).with("found", shown_key(found)));
  };
  story.rivals = r.texts("rivals", 1, 20);
  for (const std::string& rival : story.rivals) check("rivals", rival, known);
  story.strengths = r.settings("strengths");
  for (const auto& [rival, values] : story.strengths.items()) check("strengths", rival, story.rivals);
}

void read_slider(Fields& r, Story& story, const std::string& model) {
  story.parameter = r.text("parameter"), story.symbol = r.text("symbol");
  for (const Json& stop : r.list("stops", 2, 20)) {
    if (!stop.is_number()) r.fail("stops", "must be a list of numbers, found " + shown(stop) + " in it");
    const double value = stop.get<double>();
    const std::size_t before = story.stops.size();
    // An epsilon falls from weak to strong.
    const bool falls = before >= 3 && story.stops[2] < story.stops[1];
    const bool fits = before == 0   ? value == 0
                      : before == 1 ? value > 0
                      : before == 2 ? value > 0 && value != story.stops[1]
                                    : value > 0 && (falls ? value < story.stops.back() : value > story.stops.back());
    if (!fits)
      r.fail("stops", "must begin with 0, which is Off, and rise, or fall from the second on, found " + shown(stop) +
                          (before == 0 ? " first" : " behind " + shown(Json(story.stops.back()))));
    story.stops.push_back(value);
  }
  story.defences = r.texts("defences", 1, 10);
  for (const std::string& name : story.defences) {
    const Defense* defence = defense_called(name);
    if (!defence) {
      std::vector<std::string> known;
      for (const Defense* d : defenses()) known.emplace_back(d->about.name);
      r.fail("defences", "must be defences, of " + listed(known) + ", found " + shown_key(name));
    }
    const std::vector<Param> params = defence->about.all_params();
    const auto at =
        std::ranges::find_if(params, [&](const Param& p) { return p.name == story.parameter && (model.empty() || p.is_for(model)); });
    if (at == params.end())
      r.fail("parameter", "must be a field of each of the slider's defences, and " + name + " has no " + shown_key(story.parameter));
    for (std::size_t i = 1; i < story.stops.size(); ++i) check_value(*at, story.stops[i], r.file() + ": " + r.at("stops"));
  }
  story.off = r.settings("off");
  if (r.maybe("rivals")) read_rivals(r, story, model);
  r.end();
}

/// Without a page a preset needs a name where presets are listed and no more.
void read_texts(Fields& r, Story& story, bool page) {
  story.texts = r.texts("own", 1, 10);
  if (r.maybe("data")) story.data = r.texts("data", 1, 20);
  if (r.maybe("secret")) story.secret = r.text("secret");
  if (!story.data.empty()) story.other_texts = r.texts("of_others", 1, 10);
  r.end();
  for (const auto* beginnings : {&story.texts, &story.other_texts})
    for (const char* key : kTexts) {
      const auto says = [&](const std::string& whose) { return find_text(whose + "." + key, "en").has_value(); };
      const bool needed = !beginnings->empty() && (page || key == std::string_view("menu"));
      if (needed && !std::ranges::any_of(*beginnings, says) && !find_text(key, "en"))
        r.fail(beginnings == &story.texts ? "own" : "of_others", "leads to no text for '" + std::string(key) + "'; write one under " +
                                                                     beginnings->front() + "." + key + " (docs/adding.md, \"Texts\")");
    }
}

void read_page(Fields& r, Story& story, const std::string& model, const FigureNames* figures) {
  static const std::vector<std::string> kTracks{"pictures", "survey", "dose"}, kStages{"pictures", "beliefs", "tree", "dose", "members"};
  const auto place = [](const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) - all.begin();
  };
  story.on_page = true;
  story.track = static_cast<Track>(place(kTracks, r.one_of("track", kTracks)));
  story.stage = static_cast<Stage>(place(kStages, r.one_of("stage", kStages)));
  Fields shown_figures(r.must("figures"), r.file(), r.at("figures"));
  story.utility = figure_field(shown_figures, "utility", FigureKind::Group::utility, figures ? &figures->utility : nullptr);
  story.privacy = figure_field(shown_figures, "privacy", FigureKind::Group::privacy, figures ? &figures->privacy : nullptr);
  shown_figures.end();
  Fields slider(r.must("slider"), r.file(), r.at("slider"));
  read_slider(slider, story, model);
  story.changes = r.settings("changes"), story.without_data = r.settings("without_its_data");
  story.companions = r.settings("companions");
  Fields companions(story.companions, r.file(), r.at("companions"));
  for (const auto& [name, fields] : story.companions.items()) (void)companions.settings(name.c_str());
  if (r.maybe("opens_with")) story.opens_with = r.text("opens_with");
  story.embedding = r.boolean("embedding", false), story.ink = r.boolean("ink", false);
  story.repeats = r.boolean("repeats", true), story.white_box = r.boolean("white_box", false);
  story.recognises = r.list("recognises", 0, 20);
  for (const Json& one : story.recognises) {
    if (!one.is_object()) r.fail("recognises", "must be a list of objects of paths and lists of values, found " + shown(one) + " in it");
    for (const auto& [path, values] : one.items())
      if (!values.is_array() || values.empty())
        r.fail("recognises", "must give a list of values for " + shown_key(path) + ", found " + shown(values));
  }
  r.end();
}

const std::vector<Story>& all_stories() {
  static const std::vector<Story> all = [] {
    std::vector<Story> out;
    for (const EmbeddedFile& f : story_files()) {
      std::string_view key = f.name.substr(f.name.find_last_of("/\\") + 1);
      key = key.substr(0, key.find('.'));
      out.push_back(read_story(std::string(f.text), std::string(f.name), std::string(key)));
      for (std::size_t i = 0; i + 1 < out.size(); ++i)
        if (out[i].key == key) throw Error(std::string(f.name), "is a second story called " + std::string(key) + "; rename the file");
    }
    std::ranges::sort(out, {}, [](const Story& s) { return std::pair(s.order, s.key); });
    return out;
  }();
  return all;
}

}  // namespace

Story read_story(const std::string& text, const std::string& file, const std::string& key) {
  const Json j = parse_json(text, file);
  Fields r(j, file);
  Story out;
  out.key = key;
  r.integer("version", 1, 1);
  out.order = static_cast<int>(r.integer("order", 0, kLastPlace));
  std::string model;
  FigureNames figures;
  if (const Json* specification = r.maybe("specification")) {
    Json complete;
    try {
      complete = check_spec(*specification).json();
    } catch (const Error& e) {
      r.fail("specification", std::string("is none: ") + e.what());
    }
    out.specification = *specification;
    out.specification["version"] = 1, out.specification["seed"] = 1;
    model = complete["model"]["kind"].get<std::string>(), figures = figure_names(complete);
  }
  out.own = out.specification.is_null();
  const Json* page = r.maybe("page");
  if (page || r.maybe("texts")) {
    Fields texts(r.must("texts"), file, "texts");
    read_texts(texts, out, page != nullptr);
  }
  if (!page && out.own) r.fail("specification", "is missing, and so is page; give at least one of them");
  if (page) {
    Fields shown_on_page(*page, file, "page");
    read_page(shown_on_page, out, model, out.own ? nullptr : &figures);
  }
  r.end();
  if (!out.own) try {
      Json off = out.off;
      if (page) off["defense.kind"] = "none";
      for (const Json& fields : {off, out.changes, out.without_data})
        if (fields.is_object()) (void)with_fields(out.specification, fields);
      const Json shown = with_fields(out.specification, out.changes.is_object() ? out.changes : Json::object());
      for (const Json& fields : out.companions) (void)with_fields(shown, fields);
    } catch (const Error& e) {
      r.fail("page", std::string("sets (in slider.off, changes, companions or without_its_data) what the specification does not bear: ") +
                         e.what());
    }
  return out;
}

std::span<const Story> stories() {
  static const std::vector<Story> shown = [] {
    std::vector<Story> out;
    for (const Story& s : all_stories())
      if (s.on_page) out.push_back(s);
    return out;
  }();
  return shown;
}

int find_story(std::string_view key) {
  const auto all = stories();
  const auto at = std::ranges::find(all, key, &Story::key);
  return at == all.end() ? -1 : static_cast<int>(at - all.begin());
}

int story_of(const Json& spec) {
  const auto all = stories();
  const auto fits = [&](const Json& conditions) {
    for (const auto& [path, values] : conditions.items())
      if (std::find(values.begin(), values.end(), field_of(spec, path)) == values.end()) return false;
    return true;
  };
  for (std::size_t i = all.size(); i-- > 0;)
    if (std::any_of(all[i].recognises.begin(), all[i].recognises.end(), fits)) return static_cast<int>(i);
  return 0;
}

std::string menu_key(const std::string& preset) {
  for (const Story& s : all_stories())
    for (const std::string& beginning : s.texts)
      if (s.key == preset && find_text(beginning + ".menu", "en")) return beginning + ".menu";
  return {};
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Story& s : all_stories())
    if (!s.own) names.push_back(s.key);
  return names;
}

Json preset(const std::string& name) {
  for (const Story& s : all_stories())
    if (!s.own && s.key == name) return s.specification;
  throw Error("preset:" + name, Message("refusal.no_preset").with("allowed", either_of(preset_names())));
}

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

}  // namespace mid
