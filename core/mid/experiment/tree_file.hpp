#pragma once
#include <string>

#include "mid/experiment/experiment.hpp"

namespace mid {

/// The tree of an outcome as text: "dot" (Graphviz), "svg" (drawn, with what each leaf gives away and what MID cut), "txt" (a line a
/// branch) or "json". Throws Error when the outcome has no tree, or for "svg" no secret, or the format is another.
/// `words`: how its names are said, {KEY: TEXT} by the keys of core/teach/texts; what is not in it stays as it is. "json" has no words.
std::string tree_file(const Outcome& outcome, const std::string& format, const Json& words = {});

}  // namespace mid
