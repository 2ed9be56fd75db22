#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "mid/model/file/batch_norms.hpp"
#include "mid/model/file/tensor_file.hpp"

namespace mid {

/// Which tensor of a file is which part of a model.
struct NamedParts {
  std::map<std::string, std::string> tensor;  ///< midlab's name of a part ("hidden.0.weight", "head.bias") -> the file's
  std::set<std::string> inputs_first;         ///< midlab's names of weights that are stored inputs x outputs
  /// Midlab's name of a layer ("hidden.0") -> the batch normalisations that enter it.
  std::map<std::string, std::vector<BatchNorm>> norms;
  std::vector<Message> remarks;  ///< what had to be assumed
  bool has(const std::string& part) const { return tensor.contains(part); }
};

/// The parts of a network, by midlab's own names or as other programs name dense layers: those of an nn.Sequential ("0.weight"),
/// numbered ones ("fc1.weight"), any others whose shapes leave one order, Keras' kernels (stored inputs x outputs), all of them
/// with whatever stands before every name ("module.", "model.net."). The last layer is the head. A layer without a bias has none in
/// `tensor`. Throws Error naming the tensor for what midlab's networks do not have (other normalisations than batch normalisation, which
/// enters the layers, convolutions, recurrence, more than 8 hidden layers), gaps in numbers, weights that are stored the other way round,
/// and layers that fit one another in no order or in several.
NamedParts network_parts(const TensorFile& file);

/// The same of a regression: "weight" and "bias", of a layer of any name.
NamedParts regression_parts(const TensorFile& file);

}  // namespace mid
