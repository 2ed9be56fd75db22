#pragma once
#include <string>

#include "mid/experiment/experiment.hpp"

namespace mid {

/// The tree of an outcome as text: "dot" (Graphviz), "svg" (drawn, with what each leaf gives away and what MID cut), "txt" (a line a
/// branch) or "json". Throws Error when the outcome has no tree, or for "svg" no secret, or the format is another.
std::string tree_file(const Outcome& outcome, const std::string& format);

}  // namespace mid
