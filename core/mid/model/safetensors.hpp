#pragma once
#include <string>
#include <string_view>

#include "mid/base/json.hpp"
#include "mid/model/linear.hpp"
#include "mid/model/network.hpp"

namespace mid {

/// The network as a safetensors file (https://github.com/huggingface/safetensors): tensors input.mean, input.sd,
/// code.mean, code.sd, hidden.N.weight|bias, bottleneck.weight|bias, head.weight|bias as F32, weights stored out x in as PyTorch's
/// nn.Linear does; class_mean (classes x k) and purifier.encode, purifier.decode of the networks that have them. __metadata__ holds texts: `spec` (JSON), `activation`, `stochastic` ("true", "false") and `format`.
std::string to_safetensors(const Network& network, const Json& spec);

/// The inverse; also reads files of other programs that use these names. input.mean and input.sd, code.mean and code.sd may be absent (0 and 1),
/// and so may the metadata: then the activation is relu, and the bottleneck is stochastic if it gives the head twice as
/// many numbers as that takes. A head of one output answers for two classes.
/// Throws Error naming `file`, the tensor, what was found and what is wanted. `spec`, if given, receives the metadata's
/// spec (null when absent).
Network network_from_safetensors(std::string_view bytes, const std::string& file, Json* spec = nullptr);

/// A regression as a safetensors file, the sd of its answers' noise in __metadata__: tensors weight (1 x inputs, as PyTorch's nn.Linear(inputs, 1).double() has it) and bias
/// (1) as F64. __metadata__ holds texts: `spec` (JSON) and `format`.
std::string to_safetensors(const Linear& model, const Json& spec);
/// The inverse; a flat weight and a file without metadata will do. Errors and `spec` as for networks.
Linear linear_from_safetensors(std::string_view bytes, const std::string& file, Json* spec = nullptr);

}  // namespace mid
