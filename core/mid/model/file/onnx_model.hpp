#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "mid/model/linear/linear.hpp"
#include "mid/model/network/network.hpp"

namespace mid {

/// Which kind of model an ONNX file holds: "linear" for a LinearRegressor and for one dense layer with one output and nothing behind
/// it, "tree" for one tree of classes, "black_box" for other trees, else "network". Throws Error as the readers below.
std::string kind_of_onnx(std::string_view bytes, const std::string& file);

/// The network of an ONNX file: its last dense layer is the head, what stands before it hidden layers where those are a plain chain
/// of one activation, else a graph (Network::front). A last Softmax, LogSoftmax or Sigmoid is taken off, so that the network gives
/// logits; of two outputs it becomes one, the second minus the first. The metadata may name `inputs` and `classes`, as JSON. What was
/// recognised and what had to be assumed is added to `remarks`, if given. Throws Error naming `file`, the node and what is read.
Network network_from_onnx(std::string_view bytes, const std::string& file, std::vector<Message>* remarks = nullptr);

/// A network whose one output is no logit but the number that it predicts; logits_of() gives that number. Errors, names and remarks as for
/// networks.
Network number_network_from_onnx(std::string_view bytes, const std::string& file, std::vector<Message>* remarks = nullptr);

/// Whether nothing in an ONNX file says what the numbers of its network are that were taken for logits: no Softmax or Sigmoid at its end,
/// and no dense layer either, whose numbers are hardly ever anything else. Throws Error as network_from_onnx does.
bool ends_openly(std::string_view bytes, const std::string& file);

/// The regression of an ONNX file. Errors, names and remarks as for networks.
Linear linear_from_onnx(std::string_view bytes, const std::string& file, std::vector<Message>* remarks = nullptr);

}  // namespace mid
