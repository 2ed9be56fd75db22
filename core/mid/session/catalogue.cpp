#include <cmath>

#include "mid/base/language.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/measure/figure.hpp"
#include "mid/session/session.hpp"
#include "mid/teach/story.hpp"
#include "mid/teach/treatment.hpp"
#include "mid/version.hpp"

namespace mid {
namespace {

const char* type_name(Param::Type type) {
  switch (type) {
    case Param::Type::boolean: return "boolean";
    case Param::Type::integer: return "integer";
    case Param::Type::number: return "number";
    case Param::Type::text: return "text";
    case Param::Type::integers: return "integers";
    case Param::Type::texts: return "texts";
    case Param::Type::objects: return "objects";
  }
  return "";
}

Json param_json(const Param& p) {
  const auto bound = [](double v) { return std::isfinite(v) ? Json(v) : Json(nullptr); };
  return {{"name", p.name},
          {"type", type_name(p.type)},
          {"default_value", p.default_value},
          {"low", bound(p.low)},
          {"high", bound(p.high)},
          {"choices", p.choices},
          {"unit", p.unit},
          {"help", text_of(p.help, "en")},
          {"help_key", p.help},
          {"source", p.source},
          {"models", p.models}};
}

const char* gain_name(FigureKind::Gain gain) {
  switch (gain) {
    case FigureKind::Gain::higher: return "higher";
    case FigureKind::Gain::lower: return "lower";
    case FigureKind::Gain::neither: return "neither";
  }
  return "";
}

Json figures_json() {
  Json out = Json::array();
  for (const FigureKind& f : figure_kinds()) {
    const std::string title = f.title_key(), plain = f.plain_key();
    out.push_back({{"name", f.key},
                   {"group", group_name(f.group)},
                   {"title", text_of(title, "en")},
                   {"title_key", title},
                   {"plain", text_of(plain, "en")},
                   {"plain_key", plain},
                   {"unit", f.unit},
                   {"gain", gain_name(f.gain)},
                   {"baseline_key", f.baseline},
                   {"detail", f.detail}});
  }
  return out;
}

}  // namespace

Json Session::catalogue() {
  Json all = Json::array(), presets = Json::object(), stories = Json::array();
  for (const Section& section : sections()) {
    Json entries = Json::array();
    for (const About& about : section.entries) {
      Json params = Json::array();
      for (const Param& p : about.all_params()) params.push_back(param_json(p));
      entries.push_back({{"name", about.name},
                         {"title", text_of(about.title, "en")},
                         {"title_key", about.title},
                         {"summary", text_of(about.summary, "en")},
                         {"summary_key", about.summary},
                         {"source", about.source},
                         {"params", params},
                         {"models", about.models}});
      if (section.name == "defense") entries.back()["beside"] = allowed_beside(std::string(about.name));
    }
    all.push_back({{"name", section.name},
                   {"key", section.key},
                   {"standard", section.standard},
                   {"help", text_of(section.help, "en")},
                   {"help_key", section.help},
                   {"entries", entries}});
  }
  for (const std::string& name : preset_names()) {
    presets[name] = check_spec(preset(name)).json();
    if (const std::string key = menu_key(name); !key.empty())
      stories.push_back({{"name", name}, {"menu_key", key}, {"menu", text_of(key, "en")}});
  }
  return {{"version", kVersion}, {"sections", all},    {"figures", figures_json()},
          {"presets", presets},  {"stories", stories}, {"schema", spec_schema()}};
}

}  // namespace mid
