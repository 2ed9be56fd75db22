#include "mid/experiment/spec.hpp"

#include <set>

#include "mid/attack/attack.hpp"
#include "mid/base/file.hpp"
#include "mid/base/hash.hpp"
#include "mid/base/known_params.hpp"
#include "mid/base/typed_value.hpp"
#include "mid/data/source.hpp"
#include "mid/defense/combined/combined.hpp"
#include "mid/defense/defense.hpp"
#include "mid/model/file/brought_inputs.hpp"
#include "mid/model/file/onnx.hpp"
#include "mid/model/file/onnx_model.hpp"
#include "mid/model/outside/outside.hpp"
#include "mid/model/tree/tree_grow.hpp"

namespace mid {
namespace {

/// Where an editor finds what a specification may have: for people who write one, no part of what is run.
const std::string kEditorsSchema = "$schema";
const std::vector<std::string> kTop{"version", "data", "model", "train", "defense", "release", "attack", "seed", "control"};
const std::vector<std::string> kControls{kNoControl, kPermuted, kZero};

/// The object "model" of a regression.
struct LinearSpec {
  std::optional<std::string> file;
  static std::vector<Param> params() { return {model_file<LinearSpec>(), brought_inputs_param()}; }
};

std::vector<Param> train_params() {
  std::vector<Param> all;
  for (const Param& p : TrainSpec::params()) all.push_back(p.only_for({"network"}));
  return all;
}

std::vector<Section> make_sections() {
  std::vector<Section> all;
  Section data{"data", "name", "london-faces", "section.data.help", {}};
  for (const DataSource* s : data_sources()) data.entries.push_back(s->about);
  Section model{"model", "kind", "network", "section.model.help", {}};
  // Said to be for its own kind alone, so that page and window, which cannot open one, offer it to nobody who has none.
  model.entries.push_back(
      {kBlackBox, "model.black_box.title", "model.black_box.summary", "docs/own-model.md", &BlackBoxSpec::params, {kBlackBox}});
  model.entries.push_back({"linear", "model.linear.title", "model.linear.summary", "method.md section 2", &LinearSpec::params});
  model.entries.push_back({"network", "model.network.title", "model.network.summary", "method.md section 4", &NetworkSpec::params});
  model.entries.push_back({"tree", "model.tree.title", "model.tree.summary", "method.md section 3", &TreeSpec::params});
  Section train{"train", "", "", "section.train.help", {}};
  train.entries.push_back({"train", "train.train.title", "train.train.summary", "", &train_params});
  Section defense{"defense", "kind", "none", "section.defense.help", {}};
  for (const Defense* d : defenses()) defense.entries.push_back(d->about);
  Section release{"release", "kind", "none", "section.release.help", {}};
  for (const ReleaseKind* r : release_kinds()) release.entries.push_back(r->about);
  Section attack{"attack", "kind", "none", "section.attack.help", {}};
  attack.entries.push_back({"none", "attack.none.title", "attack.none.summary", "", nullptr});
  for (const Attack* a : attacks()) attack.entries.push_back(a->about);
  for (Section* s : {&data, &model, &train, &defense, &release, &attack}) all.push_back(std::move(*s));
  return all;
}

/// Entries that mean something for a model of this kind.
std::vector<std::string> names_for(const Section& section, const std::string& model) {
  std::vector<std::string> names;
  for (const About& a : section.entries)
    if (a.is_for(model)) names.emplace_back(a.name);
  return names;
}

/// The kind of model that a file of another program holds; "" where that is not known without its kind, or it cannot be read.
std::string kind_of_file(const Json& path) {
  constexpr std::size_t kLargest = std::size_t{1} << 30;
  try {
    const std::string name = path.get<std::string>(), bytes = read_file(name, kLargest);
    return looks_like_onnx(bytes) ? kind_of_onnx(bytes, name) : "";
  } catch (const Error&) {  // said in a sentence when the model is read
    return {};
  }
}

/// The entry that an object of the specification chooses.
std::string chosen(const Section& section, const Json& object) {
  if (section.key.empty()) return section.entries[0].name.data();
  const auto names = [&](const char* of, const char* field) { return section.name == of && object.contains(field); };
  if (!object.contains(section.key) && names("model", "file") && object["file"].is_string())
    if (std::string kind = kind_of_file(object["file"]); !kind.empty()) return kind;
  if (!object.contains(section.key))
    return names("data", "csv") ? "csv" : names("model", "command") || names("model", "url") ? kBlackBox : section.standard;
  const Json& name = object[section.key];
  if (!name.is_string())
    throw Error(section.name + "." + section.key,
                Message("refusal.must_be").with("allowed", Message("refusal.part.text")).with("found", shown(name)));
  return name.get<std::string>();
}

/// `model` is the kind of model that the sections after it are about; empty for the sections before.
Json checked_section(const Section& section, const Json& object, const std::string& model) {
  if (!object.is_object()) throw Error(section.name, Message("refusal.object").with("found", shown(object)));
  const About& about = section.entry(chosen(section, object));
  const auto why_not = [&] {
    if (model == kBlackBox)
      return Message("refusal.model_kind_why")
          .with("why", Message(section.name == "attack" ? "refusal.outside_white_box" : "refusal.outside_untrained"));
    if (section.name == "attack" && about.is_for("linear") && !about.is_for("tree"))
      return Message("refusal.model_kind_why").with("why", Message("refusal.about_number"));
    for (const Defense* d : defenses())
      if (section.name.starts_with("defense") && d->about.name == about.name && d->why_not)
        return Message("refusal.model_kind_why").with("why", d->why_not);
    return Message("refusal.model_kind");
  };
  if (!model.empty() && !about.is_for(model))
    throw Error(section.name + "." + section.key, why_not()
                                                      .with("entry", shown(std::string(about.name)))
                                                      .with("model", shown(model))
                                                      .with("allowed", either_of(names_for(section, model))));
  const std::vector<std::string> skip = section.key.empty() ? std::vector<std::string>{} : std::vector<std::string>{section.key};
  const std::vector<Param>& params = known_params(about, model);
  for (const auto& [key, value] : object.items()) {
    if (!skip.empty() && key == skip[0]) continue;
    const auto p = std::find_if(params.begin(), params.end(), [&wanted = key](const Param& q) { return q.name == wanted; });
    if (p == params.end()) {
      refuse_renamed(params, key, section.name);
      std::vector<std::string> names = skip;
      for (const Param& q : params) names.push_back(q.name);
      const std::vector<Param>& everywhere = known_params(about);
      const bool elsewhere =
          std::any_of(everywhere.begin(), everywhere.end(), [&wanted = key](const Param& q) { return q.name == wanted; });
      const Message of = elsewhere             ? Message("refusal.part.for_model").with("model", shown(model))
                         : section.key.empty() ? Message()
                                               : Message("refusal.part.of_entry").with("entry", std::string(about.name));
      const std::string path = section.name + "." + shown_key(key);
      if (names.empty()) throw Error(path, Message("refusal.not_a_field_none").with("of", of));
      throw Error(path, Message("refusal.not_a_field_allowed").with("of", of).with("allowed", either_of(names)));
    }
    check_value(*p, value, section.name + "." + key);
  }
  Json out = complete(params, object, skip);
  if (!section.key.empty()) out[section.key] = std::string(about.name);
  return out;
}

/// The object "defense" with its second one, "also", where that does anything.
Json checked_defense(const Section& section, Json object, const std::string& model) {
  Json also;
  if (object.is_object() && object.contains("also")) also = object["also"], object.erase("also");
  Json out = checked_section(section, object, model);
  if (also.is_null()) return out;
  Section second = section;
  second.name = "defense.also";
  if (also.is_object() && also.contains("also")) throw Error("defense.also.also", Message("refusal.also_twice"));
  also = checked_section(second, also, model);
  if (also["kind"] == "none") return out;
  const std::string first = shown(out["kind"]), other = shown(also["kind"]);
  if (out["kind"] == "none") throw Error("defense.also", Message("refusal.also_without").with("other", other));
  if (model != "network") throw Error("defense.also", Message("refusal.also_model").with("found", other).with("model", shown(model)));
  const auto called = [](const Json& part) { return defense_called(part["kind"].get<std::string>()); };
  const Defense &one = *called(out), &two = *called(also);
  if (!one.goes_with(two)) {
    std::vector<std::string> names;
    for (const Defense* d : defenses())
      if (d->about.is_for(model) && one.goes_with(*d)) names.emplace_back(d->about.name);
    const Message why = names.empty() ? Message("refusal.also_alone") : Message("refusal.also_apart").with("allowed", either_of(names));
    throw Error("defense.also.kind", Message(why).with("defence", first).with("found", other));
  }
  out["also"] = std::move(also);
  return out;
}

/// A defence that works inside the network needs an inside to work in.
void check_layers(const Spec& spec) {
  const bool hidden = !spec.model["hidden"].empty(), bottleneck = spec.model["bottleneck"] != 0,
             convolutions = spec.model.contains("convolutions");
  for (const Json& part : defense_parts(spec.defense)) {
    const std::string kind = shown(part["kind"]);
    const NetworkHooks hooks = network_hooks(part);
    if (hooks.stochastic && spec.model["bottleneck"] == 0)
      throw Error("model.bottleneck", Message("refusal.bottleneck_zero").with("defence", kind));
    if (hooks.needs == NetworkHooks::Needs::hidden && !hidden)
      throw Error("model.hidden", Message("refusal.no_hidden").with("defence", kind));
    if (hooks.needs == NetworkHooks::Needs::inside && !hidden && !bottleneck && !convolutions)
      throw Error("model.hidden", Message("refusal.no_inside").with("defence", kind));
    const auto layers = spec.model["hidden"].size() + (convolutions ? spec.model["convolutions"].size() : 0);
    if (static_cast<std::size_t>(hooks.frozen) > layers)
      throw Error("model.hidden", Message("refusal.too_few_layers")
                                      .with("defence", kind)
                                      .with("found", std::to_string(layers))
                                      .with("wanted", std::to_string(hooks.frozen)));
    if (hooks.most_batch > 0 && spec.train["batch"] > hooks.most_batch)
      throw Error("train.batch", Message("refusal.batch_too_large")
                                     .with("defence", kind)
                                     .with("most", std::to_string(hooks.most_batch))
                                     .with("found", shown(spec.train["batch"])));
  }
}

/// Whether the model is read from a file.
bool names_file(const Spec& spec) { return spec.model.contains("file") && !spec.model["file"].is_null(); }

/// A null control needs an attack that it controls, and a target that may lose its weights.
void check_control(const Spec& spec) {
  if (spec.control == kNoControl) return;
  const Attack* attack = attack_called(spec.attack["kind"].get<std::string>());
  if (!attack) throw Error("control", Message("refusal.control_no_attack").with("found", shown(spec.control)));
  if (spec.control != kZero) return;
  if (spec.model["kind"] == kBlackBox) throw Error("control", Message("refusal.outside_zero"));
  if (names_file(spec)) throw Error("control", Message("refusal.control_file"));
  if (grants(attack->needs, Access::update))
    throw Error("control", Message("refusal.control_updates").with("attack", shown(spec.attack["kind"])));
}

}  // namespace

const About& Section::entry(const std::string& wanted) const {
  for (const About& a : entries)
    if (a.name == wanted) return a;
  std::vector<std::string> names;
  for (const About& a : entries) names.emplace_back(a.name);
  throw Error(name + "." + key, Message("refusal.must_be").with("allowed", either_of(names)).with("found", shown(wanted)));
}

const std::vector<Section>& sections() {
  static const std::vector<Section> all = make_sections();
  return all;
}

Json Spec::json() const {
  Json j{{"version", 1},       {"data", data},       {"model", model},   {"train", train},
         {"defense", defense}, {"release", release}, {"attack", attack}, {"seed", seed}};
  if (control != kNoControl) j["control"] = control;
  return j;
}

std::string Spec::id() const { return sha256(json().dump()).substr(0, 16); }

Json parse_spec(const std::string& text, const std::string& where) {
  return parse_json(text, where, kLargestSpec, Message("refusal.part.hint_spec").with("example", "{\"data\": {\"name\": \"adult\"}}"));
}

Json named_spec(const std::string& name) {
  constexpr std::string_view kPreset = "preset:";
  return name.starts_with(kPreset) ? preset(name.substr(kPreset.size())) : parse_spec(read_file(name, kLargestSpec), name);
}

Spec check_spec(const Json& j) {
  if (!j.is_object()) throw Error("the specification", Message("refusal.object").with("found", shown(j)));
  // result.json, sweep.json and their kin.
  if (j.contains("spec") && j["spec"].is_object()) throw Error("the file", Message("refusal.holds_specification"));
  for (const auto& [key, value] : j.items()) {
    if (key == kEditorsSchema && value.is_string()) continue;
    if (std::find(kTop.begin(), kTop.end(), key) == kTop.end())
      throw Error(shown_key(key), Message("refusal.not_in_specification").with("allowed", either_of(kTop)));
  }
  if (j.contains("version") && j["version"] != 1) throw Error("version", Message("refusal.version").with("found", shown(j["version"])));
  Spec spec;
  if (j.contains("seed")) {
    const Json& s = j["seed"];
    if (!s.is_number_integer() || s.get<double>() < 0 || s.get<double>() > static_cast<double>(kLargestSeed))
      throw Error("seed",
                  Message("refusal.must_be")
                      .with("allowed", Message("refusal.part.whole_number_in").with("low", "0").with("high", std::to_string(kLargestSeed)))
                      .with("found", shown(s)));
    spec.seed = s.get<std::uint64_t>();
  }
  if (j.contains("control")) {
    const Json& c = j["control"];
    if (!c.is_string() || std::find(kControls.begin(), kControls.end(), c.get<std::string>()) == kControls.end())
      throw Error("control", Message("refusal.must_be").with("allowed", either_of(kControls)).with("found", shown(c)));
    spec.control = c.get<std::string>();
  }
  Json* const objects[] = {&spec.data, &spec.model, &spec.train, &spec.defense, &spec.release, &spec.attack};
  for (std::size_t i = 0; i < sections().size(); ++i) {
    const Section& section = sections()[i];
    const std::string model = i > 1 ? spec.model["kind"].get<std::string>() : "";
    Json object = j.contains(section.name) ? j[section.name] : Json::object();
    *objects[i] = section.name == "defense" ? checked_defense(section, std::move(object), model) : checked_section(section, object, model);
  }
  if (spec.data["name"] == "csv" && !spec.data["csv"].is_string())
    throw Error("data.csv",
                Message("refusal.must_be").with("allowed", Message("refusal.part.csv_path")).with("found", shown(spec.data["csv"])));
  if (spec.model["kind"] == kBlackBox) check_black_box(read<BlackBoxSpec>(spec.model, "model"));
  if (spec.model["kind"] == kBlackBox && spec.defense["kind"] != "none")
    throw Error("defense.kind", Message("refusal.outside_defence").with("found", shown(spec.defense["kind"])));
  if (names_file(spec) && spec.defense["kind"] != "none")
    throw Error("defense.kind", Message("refusal.model_file_untrained").with("found", shown(spec.defense["kind"])));
  if (spec.model.contains("inputs") && !names_file(spec)) throw Error("model.inputs", Message("refusal.brought_no_file"));
  if (spec.model["kind"] == "network" && !names_file(spec)) check_layers(spec);
  if (spec.model["kind"] != "network" && spec.release["of"] != "answer")
    throw Error("release.of",
                Message("refusal.answer_only").with("model", shown(spec.model["kind"])).with("found", shown(spec.release["of"])));
  check_control(spec);
  return spec;
}

void set_field(Json& spec, const std::string& assignment) {
  const auto equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) throw Error("--set", Message("refusal.set_takes").with("found", shown(assignment)));
  try {
    (void)Json(assignment).dump();
  } catch (const Json::type_error&) {  // the library's only check of UTF-8
    throw Error("--set", Message("refusal.must_be").with("allowed", Message("refusal.part.utf8")).with("found", shown(assignment)));
  }
  const std::string path = assignment.substr(0, equals), text = assignment.substr(equals + 1);
  // What begins like an object or a list is meant to be one; the rest may be plain text.
  const bool whole = !text.empty() && (text[0] == '{' || text[0] == '[');
  set_field(spec, path, whole ? parse_spec(text, shown_key(path)) : value_of(text));
}

void set_field(Json& spec, const std::string& path, const Json& value) {
  const auto dot = path.find('.');
  const std::string top = path.substr(0, dot);
  if (dot == std::string::npos) {
    spec[top] = value;
    return;
  }
  const std::string field = path.substr(dot + 1);
  if (top == "defense" && field.starts_with("also.")) {  // the second defence is an object of the same form
    if (spec.contains(top) && !spec[top].is_object()) throw Error(top, Message("refusal.object").with("found", shown(spec[top])));
    Json second = Json::object();
    if (spec.contains(top) && spec[top].contains("also")) second[top] = spec[top]["also"];
    set_field(second, top + "." + field.substr(5), value);
    spec[top]["also"] = second[top];
    return;
  }
  if (std::find(kTop.begin(), kTop.end(), top) == kTop.end())
    throw Error(shown_key(path), Message("refusal.not_in_specification").with("allowed", either_of({kTop.begin(), kTop.end()})));
  if (field.empty() || field.find('.') != std::string::npos) throw Error(shown_key(path), Message("refusal.not_a_field"));
  if (spec.contains(top) && !spec[top].is_object()) throw Error(top, Message("refusal.object").with("found", shown(spec[top])));
  for (const Section& section : sections())
    if (section.name == top && section.key == field) spec[top] = Json::object();  // another entry: the old one's fields mean nothing to it
  spec[top][field] = value;
}

/// Takes out what means nothing for the specification's kind of model: entries, and fields of entries.
void fit_to_model(Json& spec) {
  const Json model = spec.contains("model") && spec["model"].is_object() ? spec["model"].value("kind", Json("network")) : Json("network");
  if (!model.is_string()) return;
  const std::string kind = model.get<std::string>();
  for (const Section& section : sections()) {
    if (section.name == "data" || section.name == "model" || !spec.contains(section.name) || !spec[section.name].is_object()) continue;
    Json& object = spec[section.name];
    const Json name = section.key.empty() ? Json(std::string(section.entries[0].name)) : object.value(section.key, Json(section.standard));
    for (const About& about : section.entries) {
      if (name != std::string(about.name)) continue;
      if (!about.is_for(kind)) object = Json::object();
      if (kind != "network") object.erase("also");  // two defences are combined in a network alone
      for (const Param& p : known_params(about))
        if (!p.is_for(kind) && object.contains(p.name)) {
          const std::vector<Param>& here = known_params(about, kind);
          if (std::none_of(here.begin(), here.end(), [&](const Param& q) { return q.name == p.name; })) object.erase(p.name);
        }
    }
  }
}

Json with_fields(Json spec, const Json& fields) {
  if (!fields.is_object()) throw Error("fields", Message("refusal.object").with("found", shown(fields)));
  enum class Turn { entries, second, rest };
  const auto turn_of = [](const std::string& path) {
    if (path == "defense.also" || path == "defense.also.kind") return Turn::second;  // another first defence would take it away
    const bool entry =
        std::any_of(sections().begin(), sections().end(), [&](const Section& s) { return !s.key.empty() && path == s.name + "." + s.key; });
    return entry ? Turn::entries : Turn::rest;
  };
  for (const Turn turn : {Turn::entries, Turn::second, Turn::rest})
    for (const auto& [path, value] : fields.items())
      if (turn_of(path) == turn) {
        set_field(spec, path, value);
        if (path == "model.kind") fit_to_model(spec);
      }
  return check_spec(spec).json();
}

}  // namespace mid
