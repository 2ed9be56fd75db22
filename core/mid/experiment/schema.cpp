#include <cmath>

#include "mid/base/language.hpp"
#include "mid/defense/defense.hpp"
#include "mid/experiment/spec.hpp"

namespace mid {
namespace {

Json property(const Param& p) {
  Json j{{"description", text_of(p.help, "en")}, {"default", p.default_value}};
  if (!p.unit.empty()) j["x-unit"] = p.unit;
  if (!p.source.empty()) j["x-source"] = p.source;
  if (!p.models.empty()) j["x-models"] = p.models;
  const auto plain = [&](const char* type) {
    Json t{{"type", type}};
    if (!p.choices.empty()) t["enum"] = p.choices;
    if (std::isfinite(p.low)) t["minimum"] = p.low;
    if (std::isfinite(p.high)) t["maximum"] = p.high;
    return t;
  };
  Json t;
  switch (p.type) {
    case Param::Type::boolean: t = plain("boolean"); break;
    case Param::Type::integer: t = plain("integer"); break;
    case Param::Type::number: t = plain("number"); break;
    case Param::Type::text: t = plain("string"); break;
    case Param::Type::integers: t = {{"type", "array"}, {"items", plain("integer")}}; break;
    case Param::Type::texts: t = {{"type", "array"}, {"items", plain("string")}}; break;
    case Param::Type::objects: {
      Json fields = Json::object();
      for (const Param& f : p.fields) fields[f.name] = property(f);
      t = {{"type", "array"}, {"items", {{"type", "object"}, {"additionalProperties", false}, {"properties", fields}}}};
      break;
    }
  }
  if (p.default_value.is_null()) t["type"] = Json::array({t["type"], "null"});
  j.update(t);
  return j;
}

/// The field "also" of a defence that can be combined: which ones may stand there. Null: none.
Json second_defence(const About& about) {
  const Defense* one = defense_called(about.name);
  Json names = Json::array();
  for (const Defense* d : defenses())
    if (one && one->goes_with(*d)) names.push_back(std::string(d->about.name));
  if (names.empty()) return {};
  return {{"type", "object"},
          {"description", text_of("section.defense.also", "en")},
          {"properties", {{"kind", {{"enum", names}}}}},
          {"required", {"kind"}},
          {"x-models", {"network"}}};
}

Json object_of(const Section& section, const About& about) {
  Json properties = Json::object();
  for (const Param& p : about.all_params()) properties[p.name] = property(p);
  if (!section.key.empty()) properties[section.key] = {{"const", about.name}};
  Json j{{"type", "object"},
         {"title", text_of(about.title, "en")},
         {"description", text_of(about.summary, "en")},
         {"additionalProperties", false},
         {"properties", properties}};
  if (section.name == "defense")
    if (Json also = second_defence(about); !also.is_null()) j["properties"]["also"] = std::move(also);
  if (!about.source.empty()) j["x-source"] = about.source;
  if (!about.models.empty()) j["x-models"] = about.models;
  // The entry that an absent field means, and a CSV of one's own, need not be named.
  if (!section.key.empty() && about.name != section.standard && about.name != "csv") j["required"] = Json::array({section.key});
  if (about.name == "csv") j["required"] = Json::array({"csv"});
  if (section.name == "model" && about.name == kBlackBox)
    j.erase("required"), j["anyOf"] = Json::array({{{"required", {"command"}}}, {{"required", {"url"}}}});
  return j;
}

}  // namespace

Json spec_schema() {
  Json properties{{"version", {{"const", 1}, {"default", 1}}},
                  {"seed",
                   {{"type", "integer"},
                    {"minimum", 0},
                    {"maximum", 9007199254740991},
                    {"default", 1},
                    {"description", "Decides the split, the start and every draw of noise."}}},
                  {"control",
                   {{"type", "string"},
                    {"enum", {kNoControl, kPermuted, kZero}},
                    {"default", kNoControl},
                    {"description",
                     "A null control, which a sound attack does not survive: its answers are dealt to other victims (permuted), or all "
                     "weights of the target are 0 (zero)."}}}};
  for (const Section& section : sections()) {
    Json one{{"description", text_of(section.help, "en")}};
    if (section.entries.size() == 1)
      one.update(object_of(section, section.entries[0]));
    else {
      one["oneOf"] = Json::array();
      for (const About& about : section.entries) one["oneOf"].push_back(object_of(section, about));
    }
    properties[section.name] = one;
  }
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", "midlab specification"},
          {"type", "object"},
          {"additionalProperties", false},
          {"properties", properties}};
}

}  // namespace mid
