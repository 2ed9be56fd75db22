#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mid/base/error.hpp"
#include "mid/base/matrix.hpp"
#include "mid/model/file/onnx_layers.hpp"

namespace mid {

/// Walks through an ONNX graph and keeps what each value is: numbers that are the same for every record, or what a step gives.
class OnnxTranslator {
 public:
  using Sides = std::vector<std::int64_t>;
  /// A value of the graph.
  struct Value {
    std::optional<OnnxTensor> constant;  ///< the same for every record
    int at = 0;                          ///< else of the steps: 0 the input, i what steps[i - 1] gives
    Sides sides;                         ///< without the first one, the records
    std::vector<int> order;              ///< the column in which number i lies, row by row over `sides`; empty: i
  };
  using Operator = void (OnnxTranslator::*)(const OnnxNode&);

  OnnxTranslator(const OnnxGraph& graph, std::string file) : graph_(graph), file_(std::move(file)) {}
  OnnxLayers run(const std::string& output);
  static const std::map<std::string, Operator>& operators();

 private:
  // onnx_translator.cpp
  void read_input();
  void mark_needed(const std::string& output);
  bool is_softmax_of_classes(const OnnxNode& node) const;
  std::string of_both_classes(const OnnxNode& node) const;
  [[noreturn]] void fail(const OnnxNode& node, const Message& problem) const;
  [[noreturn]] void fail_attribute(const OnnxNode& node, const std::string& attribute, const std::string& found,
                                   const std::string& allowed) const;
  [[noreturn]] void fail_sides(const OnnxNode& node, const Value& value, const std::string& allowed) const;
  const Value& value(const OnnxNode& node, std::size_t input) const;
  bool given(const OnnxNode& node, std::size_t input) const { return input < node.inputs.size() && !node.inputs[input].empty(); }
  const OnnxTensor& constant(const OnnxNode& node, std::size_t input) const;
  Sides wholes(const OnnxNode& node, std::size_t input,
               const std::string& attribute) const;  ///< an input since some opset, an attribute before
  void give(const OnnxNode& node, Value value, std::size_t output = 0);
  /// Appends a step; `columns` of its result.
  int step(const OnnxNode& node, LayerGraph::Step step, std::int64_t columns);
  int weight(Matrix value);
  Matrix narrowed(const OnnxNode& node, const MatrixD& exact) const;
  /// The value at a step whose columns lie as they come.
  Value plain(const OnnxNode& node, const Value& value);
  /// The same with number i in column order[i].
  int arranged(const OnnxNode& node, const Value& value, const std::vector<int>& order);
  /// Columns picked out of a value (-1: 0), as they are listed.
  int picked(const OnnxNode& node, const Value& value, const std::vector<int>& numbers);
  /// The step that gave it, where nothing else takes it: what comes next may change it.
  LayerGraph::Step* last_step(const Value& value, const std::string& name);
  Value unary(const Value& from, int at) const { return {{}, at, from.sides, from.order}; }

  // onnx_constants.cpp: shapes, and what is the same for every record
  void constant_node(const OnnxNode& node);
  void constant_of_shape(const OnnxNode& node);
  void shape(const OnnxNode& node);
  void identity(const OnnxNode& node);
  void cast(const OnnxNode& node);
  void reshape(const OnnxNode& node);
  void flatten(const OnnxNode& node);
  void squeeze(const OnnxNode& node);
  void unsqueeze(const OnnxNode& node);
  void transpose(const OnnxNode& node);
  void gather(const OnnxNode& node);
  void slice(const OnnxNode& node);
  void concat(const OnnxNode& node);
  void pad(const OnnxNode& node);
  OnnxTensor computed(const OnnxNode& node, const OnnxTensor& a, const OnnxTensor& b) const;

  // onnx_operators.cpp: what is computed from records
  void gemm(const OnnxNode& node);
  void matmul(const OnnxNode& node);
  void arithmetic(const OnnxNode& node);
  void activation(const OnnxNode& node);
  void clip(const OnnxNode& node);
  void softmax(const OnnxNode& node);
  void gelu(const OnnxNode& node);
  void composed_activation(const OnnxNode& node);
  void reciprocal(const OnnxNode& node);
  void batch_normalization(const OnnxNode& node);
  void scaler(const OnnxNode& node);
  /// A constant's number for each number of an array of `sides`; nothing where it does not fit.
  static std::optional<std::vector<double>> spread(const OnnxTensor& c, const Sides& sides);
  /// Numbers of an array's places as a row, each in the column where that number lies.
  static MatrixD row_in_order(const std::vector<double>& numbers, const std::vector<int>& order);
  void dense(const OnnxNode& node, const Value& x, const MatrixD& weight, const MatrixD& bias);
  void with_constant(const OnnxNode& node, const Value& x, const OnnxTensor& c, bool constant_first);
  void scale_and_shift(const OnnxNode& node, const Value& x, const VectorXd& scale, const VectorXd& shift, const std::string& of);

  // onnx_powers.cpp: what is made of several steps
  void power(const OnnxNode& node);
  void extreme(const OnnxNode& node);
  void extreme_of_two(const OnnxNode& node);
  /// Columns of step `at` at least (or at most) as large as a number, or as a row of weights.
  int bounded(const OnnxNode& node, int at, float number, bool below);
  int bounded(const OnnxNode& node, int at, const MatrixD& row, bool below);

  // onnx_pictures.cpp
  void convolution(const OnnxNode& node);
  void pool(const OnnxNode& node);
  void global_pool(const OnnxNode& node);
  void reduce_mean(const OnnxNode& node);
  Value picture(const OnnxNode& node, const Value& value, PictureShape& shape);
  PictureWindow window(const OnnxNode& node, std::int64_t height, std::int64_t width, const PictureShape& in) const;

  const OnnxGraph& graph_;
  std::string file_;
  LayerGraph out_;
  std::vector<std::string> names_;  // of operators that became steps
  std::map<std::string, Value> values_;
  std::map<std::string, int> uses_;  // how many needed nodes take a value
  int wanted_again_ = -1;            // the last step that has a name which several take: what hands it on (Identity, ...) gives it others
  std::vector<bool> needed_;
  std::int64_t batch_ = 0;
  double numbers_ = 0;  // kept for a record by all steps
};

/// The product of all sides.
std::int64_t size_of_sides(const OnnxTranslator::Sides& sides);

}  // namespace mid
