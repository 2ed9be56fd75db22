#pragma once
#include <map>
#include <string>
#include <vector>

#include "mid/model/file/tensor_file.hpp"

namespace mid {

/// A batch normalisation of a state_dict, as trained: y = (x - mean) / sqrt(variance + epsilon) * weight + bias.
struct BatchNorm {
  std::string name;                          ///< of the layer: "bn1", "net.1"
  std::string weight, bias, mean, variance;  ///< the file's tensors; weight and bias empty: 1 and 0
  std::int64_t size = 0;
  // place_batch_norms() adds:
  std::size_t layer = 0;   ///< the dense layer that it enters
  bool on_inputs = false;  ///< it stands before that layer (behind the activation of the one before), not between it and its activation
};

/// Takes the tensors of batch normalisations out of `names` (what they are called here -> the file's). Throws Error naming the tensor
/// for one without its mean or its variance, or of another shape.
std::vector<BatchNorm> take_batch_norms(const TensorFile& file, std::map<std::string, std::string>& names);

/// A dense layer as batch normalisations see it.
struct DensePlace {
  std::string name;
  std::int64_t inputs = 0, outputs = 0;
};
/// Says which layer each enters. Numbers of an nn.Sequential tell it ("1" behind "0" stands before the activation, "2" before "3" behind
/// it); "bn1" is taken to stand behind "fc1", before its activation, unless the metadata's "batch_norm" is "after_activation". Throws
/// Error naming the tensor where names and sizes tell no place.
void place_batch_norms(const TensorFile& file, const std::vector<DensePlace>& layers, std::vector<BatchNorm>& norms);

/// Scale and shift of each number, as rows.
struct ScaleAndShift {
  MatrixD scale, shift;
};
/// Of the file's numbers; epsilon is the metadata's "batch_norm_epsilon", 1e-5 where there is none. Throws Error for a variance below 0.
ScaleAndShift scale_and_shift(const TensorFile& file, const BatchNorm& norm);
double batch_norm_epsilon(const TensorFile& file);

}  // namespace mid
