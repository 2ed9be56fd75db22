#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "mid/base/matrix.hpp"

namespace mid {

/// Writes one graph of ONNX, node by node, whose one input is "input" [n, inputs].
class OnnxWriter {
 public:
  struct Attribute {
    std::string name;
    double number = 0;
    std::int64_t whole = 0;
    std::vector<float> numbers = {};
    std::vector<std::int64_t> wholes = {};
    std::vector<std::string> texts = {};
    int type = 0;  ///< FLOAT 1, INT 2, STRING 3, FLOATS 6, INTS 7, STRINGS 8
  };
  static Attribute number(std::string name, double value) { return {.name = std::move(name), .number = value, .type = 1}; }
  static Attribute whole(std::string name, std::int64_t value) { return {.name = std::move(name), .whole = value, .type = 2}; }
  static Attribute text(std::string name, std::string value) { return {.name = std::move(name), .texts = {std::move(value)}, .type = 3}; }
  static Attribute numbers(std::string name, std::vector<float> values) {
    return {.name = std::move(name), .numbers = std::move(values), .type = 6};
  }
  static Attribute wholes(std::string name, std::vector<std::int64_t> values) {
    return {.name = std::move(name), .wholes = std::move(values), .type = 7};
  }
  static Attribute texts(std::string name, std::vector<std::string> values) {
    return {.name = std::move(name), .texts = std::move(values), .type = 8};
  }
  static constexpr const char* kInput = "input";
  static constexpr const char* kTreesAndRegressions = "ai.onnx.ml";  ///< their domain

  /// Appends a matrix, or a row as a vector, and returns its name.
  std::string weight(const std::string& name, const Matrix& value, bool row = false);
  /// Appends numbers of a tensor with these sides.
  std::string weight(const std::string& name, const std::vector<float>& values, const std::vector<std::int64_t>& sides);
  /// Appends whole numbers: a shape.
  std::string shape(const std::string& name, const std::vector<std::int64_t>& values);
  /// Appends a node and returns its last output's name.
  std::string node(const std::string& op, const std::vector<std::string>& inputs, const std::vector<std::string>& outputs,
                   const std::vector<Attribute>& attributes = {}, const std::string& domain = {});
  /// x W + b.
  std::string dense(const std::string& x, const std::string& name, const Matrix& w, const Matrix& b);

  /// The file, whose output is `output` [n, outputs].
  std::string finish(Eigen::Index inputs, const std::string& output, Eigen::Index outputs,
                     const std::vector<std::pair<std::string, std::string>>& metadata);

 private:
  std::string graph_;
};

}  // namespace mid
