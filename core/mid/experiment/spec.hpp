/// @file
/// @ingroup session
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "mid/base/about.hpp"
#include "mid/base/json.hpp"

namespace mid {

/// 2^53 - 1: what JavaScript keeps exactly.
inline constexpr std::uint64_t kLargestSeed = 9007199254740991;

/// What the field "control" of a specification may be (docs/architecture.md, "Honesty is structural").
inline constexpr const char* kNoControl = "none";
inline constexpr const char* kPermuted = "permuted";  ///< answers, and outcomes that an attacker may hold, are dealt to other victims
inline constexpr const char* kZero = "zero";          ///< the target's weights are all 0

/// The kind of model that only answers, behind model.command or model.url (model/outside/outside.hpp).
inline constexpr const char* kBlackBox = "black_box";

/// A checked specification. Every object is complete: defaults are written out, so that equal experiments are equal JSON.
struct Spec {
  Json data;                         ///< whose records, and who gets which
  Json model;                        ///< what is trained
  Json train;                        ///< how
  Json defense;                      ///< what is done about the leak while training
  Json release;                      ///< what happens to each answer before anyone sees it
  Json attack;                       ///< who tries to get at the records
  std::uint64_t seed = 1;            ///< 0 to kLargestSeed
  std::string control = kNoControl;  ///< a null control: kNoControl, kPermuted or kZero
  /// Without "control" where it is none, so that experiments from before there was one keep their id.
  Json json() const;
  /// First 16 digits of the SHA-256 of json(): names the experiment.
  std::string id() const;
};

/// An object of the specification and the entries it can choose from by its field `key`.
struct Section {
  std::string name;            ///< "defense"
  std::string key;             ///< "kind", or "name" of data; empty: there is nothing to choose (train)
  std::string standard;        ///< the entry taken when the field is absent
  std::string help;            ///< one sentence, or its key in core/teach/texts
  std::vector<About> entries;  ///< in order of their names
  /// The entry called `name`; throws Error that lists what is allowed.
  const About& entry(const std::string& name) const;
};

/// The six objects in the order in which a run reads them. Everything that knows parameters lives on this list: the reader
/// below, flags, schema, panel, HTML form and docs.
const std::vector<Section>& sections();

/// Text to JSON for specifications: parse_json() with a sentence that says what a specification looks like.
Json parse_spec(const std::string& text, const std::string& where);

/// Checks everything that can be known without data: unknown keys, types, ranges, fields that exclude each other. Throws
/// Error with the field's path.
Spec check_spec(const Json& j);

/// Sets one field: `assignment` is PATH=VALUE ("defense.beta=0.1"); VALUE is a list, an object or a value_of() (base/typed_value). Choosing
/// an entry
/// ("defense.kind=mid", "data.name=adult") replaces the whole object by that entry's defaults. Nothing is checked yet.
void set_field(Json& spec, const std::string& assignment);
/// The same with the value as JSON.
void set_field(Json& spec, const std::string& path, const Json& value);
/// `spec` with the fields of the object `fields` (PATH: value) set, complete. Entries are chosen before their own fields are
/// set, whatever the order. Throws Error like check_spec.
Json with_fields(Json spec, const Json& fields);

/// JSON Schema (2020-12) of a specification, from the same list.
Json spec_schema();

/// Names of the presets, in order.
std::vector<std::string> preset_names();
/// The specification of a story; throws Error that lists the names.
Json preset(const std::string& name);
/// The specification that a person names: "preset:NAME", or a file; not checked yet. Throws Error.
Json named_spec(const std::string& name);

}  // namespace mid
