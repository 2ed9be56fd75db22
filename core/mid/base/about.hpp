#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/param.hpp"

namespace mid {

/// What every entry of a catalogue (a data set, a defence, an attack) says of itself.
struct About {
  std::string_view name;                     ///< as in the specification: lower case, underscores; the file's name
  std::string_view title;                    ///< as a person would say it, or its key in core/teach/texts
  std::string_view summary;                  ///< one sentence, or its key
  std::string_view source;                   ///< publication, or section of the method
  std::vector<Param> (*params)() = nullptr;  ///< its parameters; null: it has none
  std::vector<std::string> models = {};      ///< the kinds of model that it is defined for; empty: every kind
  /// All its parameters; none where it has none.
  std::vector<Param> all_params() const { return params ? params() : std::vector<Param>{}; }
  /// Its parameters for a model of this kind.
  std::vector<Param> params_for(const std::string& model) const {
    std::vector<Param> out = all_params();
    std::erase_if(out, [&](const Param& p) { return !p.is_for(model); });
    return out;
  }
  /// Whether it is defined for a model of this kind.
  bool is_for(const std::string& model) const { return models.empty() || std::find(models.begin(), models.end(), model) != models.end(); }
};

}  // namespace mid
