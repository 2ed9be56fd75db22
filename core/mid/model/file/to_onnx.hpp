#pragma once
#include <string>
#include <vector>

#include "mid/model/linear/linear.hpp"
#include "mid/model/network/network.hpp"
#include "mid/model/tree/tree.hpp"

namespace mid {

/// The network as an ONNX file (opset 13): takes "input" [n, inputs], not normalised, gives "probabilities" [n, classes]. A stochastic
/// bottleneck gives its mean: the noise of an answer is no part of the file, nor is a release. The metadata hold `inputs` and
/// `classes` where they are known. A network that was read from ONNX is its own file, if its inputs have their old order; throws
/// Error naming "run" where they have not.
std::string to_onnx(const Network& network);

/// The regression as an ONNX file, a LinearRegressor in 32 bits: takes "input" [n, inputs], gives "value" [n, 1] without the noise.
std::string to_onnx(const Linear& model);

/// The largest number of 32 bits that is no larger than `v`: numbers of 32 bits lie on the same side of either.
float rounded_down(double v);

/// The tree as an ONNX file, a TreeEnsembleClassifier over `inputs` as networks take them and the data set names them ("age",
/// "age missing", "sex=Male"): takes "input" [n, inputs], gives "probabilities" [n, classes]. `cuts`: Tree::cuts in the units of those
/// inputs (experiment/input_cuts.hpp); without it they are Tree::cuts, rounded down. Where no training row went the node's shares answer,
/// as they do here. Throws Error naming "run" where the tree asks about a column that `inputs` lack.
std::string to_onnx(const Tree& tree, const std::vector<std::string>& inputs, std::vector<std::vector<float>> cuts = {});

}  // namespace mid
