#include "mid/experiment/input_alias.hpp"

#include <optional>
#include <string_view>

#include "mid/experiment/match_refusal.hpp"

namespace mid {
namespace {

/// Under the name itself, without a prefix; nothing if the data have nothing that it could be.
std::optional<std::string> here(const std::string& name, const Dataset& set) {
  if (place_of(set.input_names, name) >= 0 || set.table.find(name) >= 0) return name;
  for (const Column& column : set.table.columns) {
    if (name.starts_with(column.name + "=") || name == column.name + " missing") return name;
    if (column.numeric || !name.starts_with(column.name + "_")) continue;
    const std::string category = name.substr(column.name.size() + 1);
    if (place_of(column.categories, category) >= 0) return column.name + "=" + category;
  }
  return std::nullopt;
}

}  // namespace

std::string input_alias(const std::string& name, const Dataset& set) {
  if (const auto same = here(name, set)) return *same;
  constexpr std::string_view kStep = "__";  // between the name of a ColumnTransformer's step and the input's own
  if (const auto end = name.find(kStep); end != std::string::npos && end > 0)
    if (const auto behind = here(name.substr(end + kStep.size()), set)) return *behind;
  return name;
}

}  // namespace mid
