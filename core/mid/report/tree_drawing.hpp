#pragma once
#include <functional>

#include "mid/report/drawing.hpp"
#include "mid/report/sheets.hpp"

namespace mid {

/// How the names of a tree are said: by the keys of core/teach/texts. The default says names as the data has them, all else in English.
struct TreeWords {
  std::string data = {};  ///< whose columns they are
  std::function<std::optional<std::string_view>(std::string_view key)> text = {};
  std::string column(const std::string& name) const;  ///< as a question: "Schooling"
  std::string value(const std::string& name) const;
  std::string sentence(std::string_view key) const;
};

/// What is left of a branch beside its question: "8 < age <= 9" says "8 to 9" under "Age?".
std::string short_branch(std::string branch, const std::string& column, std::string_view to);

/// A whole tree, from the left to the right: questions in their pills, each leaf with its answer, the share of people in it and what
/// it tells of the secret beside everyone's share; orange where it gives the secret away; dashed what MID cut off.
Drawing arrange_tree(const TreeSheet& sheet, const TreeWords& words = {});

}  // namespace mid
