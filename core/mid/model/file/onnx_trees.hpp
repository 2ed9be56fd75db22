#pragma once
#include <string>
#include <string_view>

#include "mid/model/file/onnx.hpp"
#include "mid/model/tree/tree_ensemble.hpp"

namespace mid {

/// Whether a graph ends in trees; then the node that holds them.
const OnnxNode* trees_of_onnx(const OnnxGraph& graph);

/// Reads them. Throws Error naming `file` and the node: what is cut, contradicts itself, turns in a circle or is deeper than 1,000 levels;
/// a post_transform other than NONE, LOGISTIC and SOFTMAX, several targets, and what stands before the trees.
TreeEnsemble read_onnx_trees(std::string_view bytes, const std::string& file);
TreeEnsemble trees_of(const OnnxGraph& graph, const OnnxNode& node, const std::string& file);

}  // namespace mid
