#pragma once
#include <string>

#include "mid/model/linear/linear.hpp"
#include "mid/model/network/network.hpp"

namespace mid {

/// The network as an ONNX file (opset 13): takes "input" [n, inputs], not normalised, gives "probabilities" [n, classes]. A stochastic
/// bottleneck gives its mean: the noise of an answer is no part of the file, nor is a release. The metadata hold `inputs` and
/// `classes` where they are known. A network that was read from ONNX is its own file, if its inputs have their old order. Throws
/// Error naming "run" where they have not, and for midlab's own convolutions.
std::string to_onnx(const Network& network);

/// The regression as an ONNX file, a LinearRegressor in 32 bits: takes "input" [n, inputs], gives "value" [n, 1] without the noise.
std::string to_onnx(const Linear& model);

}  // namespace mid
