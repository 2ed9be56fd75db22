#pragma once
#include <string>
#include <vector>

#include "mid/model/file/onnx.hpp"
#include "mid/model/network/layer_graph.hpp"

namespace mid {

/// What an ONNX graph computes, as steps on rows.
struct OnnxLayers {
  LayerGraph graph;        ///< without what makes the answer out of logits; its last columns are in `order`
  std::vector<int> order;  ///< the column of the last step that each output is; empty: as they come
  int outputs = 0;
  std::string end;                     ///< what made the answer out of them: "Softmax", "LogSoftmax", "Sigmoid"; empty: nothing
  std::vector<std::string> operators;  ///< in order, for people
};

/// Translates the part of a graph that gives the value `output`: constants are folded, the shape arithmetic of exporters among
/// them; the first side of everything is the record. Batch normalisation enters the layer before it, or stays as scale and
/// shift. Throws Error naming `file`, the node, and what is supported.
OnnxLayers layers_of_onnx(const OnnxGraph& graph, const std::string& output, const std::string& file);

/// The operators that layers_of_onnx() knows.
std::vector<std::string> supported_operators();

}  // namespace mid
