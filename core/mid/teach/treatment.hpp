#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/about.hpp"
#include "mid/base/json.hpp"

namespace mid {

/// The defences that may stand beside this one in a network (defense.also), by name; of no defence none.
std::vector<std::string> allowed_beside(const std::string& defence);

/// What is done about the leak in one experiment, and how strongly.
struct Treatment {
  std::string defence = "none", release = "none";  ///< names of entries
  std::string also = "none";                       ///< the defence beside `defence`
  std::string path;                                ///< of the strength: "defense.beta", "release.decimals"; empty: it has none
  double strength = 0;
  bool none() const;  ///< neither does anything
};
/// Of a specification: the strength is the defence's, of a model without one the release's.
Treatment treatment_of(const Json& spec);

/// The parameter in which an entry of defences (`strength` as the entry names it, or null) or of releases is stronger or weaker for models
/// of this kind: the one that it names, else its first number. Empty: it has none.
std::string strength_parameter(const About& about, const char* strength, const std::string& model);

/// What may be set in the place of the slider's own defence: "defense.NAME" or "release.NAME" with its strengths.
struct Rival {
  std::string key;            ///< "defense.dp_sgd"
  std::string parameter;      ///< empty: it is on or off
  std::vector<double> stops;  ///< 0, which is Off, and from weak to strong at most four; of one without a parameter 0 and 1
  bool is_release() const { return key.starts_with("release."); }
  std::string name() const { return key.substr(key.find('.') + 1); }
};
/// Of an entry for models of this kind. `strengths`: null for the entry's own.
Rival rival_of(const std::string& key, const std::string& model, const Json& strengths);

/// `base` with that rival at a strength (0: Off) in the place of whatever was done about the leak. A defence whose model is noisy keeps the
/// layer that `preset` has for it; everything else is of a model without one, as `off` says (Story::off).
Json with_rival(const Rival& rival, Json base, const Json& preset, const Json& off, double strength);

/// Whether the defence of that name charges a tree for questions about the secret and for no others (Defense::tree_price).
bool charges_for_secret_alone(const std::string& defence);

}  // namespace mid
