#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/message.hpp"

namespace mid {

/// A tensor of an ONNX file: the numbers, row by row, exactly (every type that is read fits into a double).
struct OnnxTensor {
  std::vector<std::int64_t> shape;  ///< empty of a single number
  std::vector<double> numbers;
  bool whole = false;  ///< of a type of whole numbers: shapes, axes, indices
  std::string dtype;   ///< "FLOAT"
};

/// What an operator is told beside its inputs.
struct OnnxAttribute {
  double number = 0;
  std::int64_t whole = 0;
  std::string text;
  std::vector<double> numbers;
  std::vector<std::int64_t> wholes;
  std::vector<std::string> texts;
  std::vector<OnnxTensor> tensors;  ///< one or none
  bool graph = false;               ///< a graph of its own: loops and branches
};

/// An operator in a graph.
struct OnnxNode {
  std::string op, name, domain;
  std::vector<std::string> inputs, outputs;  ///< names of values; empty: an optional one is not given
  std::map<std::string, OnnxAttribute> attributes;
  bool has(const std::string& attribute) const { return attributes.contains(attribute); }
  std::int64_t whole(const std::string& attribute, std::int64_t otherwise) const;
  double number(const std::string& attribute, double otherwise) const;
  std::string text(const std::string& attribute, const std::string& otherwise) const;
  std::vector<std::int64_t> wholes(const std::string& attribute) const;
  std::vector<double> numbers(const std::string& attribute) const;
};

/// What goes in or comes out.
struct OnnxValue {
  std::string name;
  std::vector<std::int64_t> shape;  ///< -1: free
  bool shaped = false;              ///< a shape is given
};

/// An ONNX file taken apart (https://github.com/onnx/onnx, onnx.proto): what it says, whatever that computes.
struct OnnxGraph {
  std::string producer;
  std::int64_t opset = 0;  ///< of the standard's own operators; 0: none is named
  std::vector<OnnxNode> nodes;
  std::map<std::string, OnnxTensor> constants;  ///< initializers
  std::vector<OnnxValue> inputs, outputs;       ///< inputs without those that are initializers
  std::map<std::string, std::string> metadata;
};

/// Whether these are the bytes of an ONNX model, as far as their beginning tells: no safetensors and no text.
bool looks_like_onnx(std::string_view bytes);

/// Reads one: numbers as raw bytes or one by one, packed or not. Throws Error naming `file` for what is no such file, is cut, or has
/// tensors whose numbers do not fit their shape, lie in another file, or are of a type that is none of FLOAT, DOUBLE, FLOAT16,
/// BFLOAT16, whole numbers and BOOL.
OnnxGraph read_onnx(std::string_view bytes, const std::string& file);

}  // namespace mid
