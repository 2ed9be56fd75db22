#pragma once
#include <string>
#include <vector>

#include "mid/base/param.hpp"

namespace mid {

/// What a specification says of one input of a model from a file: what it is called, and how it was scaled where the model was trained.
struct BroughtInput {
  std::string name;
  double mean = 0, sd = 1;  ///< the model takes (x - mean) / sd
  static std::vector<Param> params();
};

/// "inputs" of the object "model", for every kind of it, empty by default: all inputs in the file's order. Who reads the file reads it.
Param brought_inputs_param();

/// Those of the object "model".
std::vector<BroughtInput> brought_inputs(const Json& model);

}  // namespace mid
