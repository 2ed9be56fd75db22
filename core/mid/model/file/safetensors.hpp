#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/json.hpp"
#include "mid/model/linear/linear.hpp"
#include "mid/model/network/network.hpp"

namespace mid {

/// The network as a safetensors file (https://github.com/huggingface/safetensors): tensors input.mean, input.sd,
/// code.mean, code.sd, hidden.N.weight|bias, bottleneck.weight|bias, head.weight|bias as F32, weights stored out x in as PyTorch's
/// nn.Linear does; convolution.N.weight|bias, filters x numbers of a window in order (y, x, channel), with the metadata
/// `convolutions`, JSON of the pictures' height, width and channels and of each layer as in a specification; bottleneck.noise_sd (k),
/// class_mean (classes x k) and purifier.encode, purifier.decode of the networks that have them. __metadata__ holds texts: `spec` (JSON),
/// `activation`, `stochastic`
/// ("true", "false"), `format`, and `inputs` and `classes`, lists of names as JSON, where they are known.
std::string to_safetensors(const Network& network, const Json& spec);

/// The inverse; also reads files of other programs, by the names that network_parts() understands and in F16, BF16, F32 or F64.
/// input.mean and input.sd, code.mean and code.sd, biases (0) and the metadata may be absent: then the activation is relu, and the
/// bottleneck is stochastic if it gives the head twice as many numbers as that takes. A head of one output answers for two
/// classes; of two outputs it becomes one, the second minus the first. What had to be assumed or changed is added to `remarks`, if
/// given, a sentence each. Throws Error naming `file`, the tensor, what was found and what is wanted. `spec`, if given, receives the
/// metadata's spec (null when absent).
Network network_from_safetensors(std::string_view bytes, const std::string& file, Json* spec = nullptr,
                                 std::vector<Message>* remarks = nullptr);

/// A regression as a safetensors file: tensors weight (1 x inputs, as PyTorch's nn.Linear(inputs, 1).double() has it) and bias (1) as F64.
/// __metadata__ holds texts: `spec` (JSON), `format`, `noise`, the sd of its answers' noise, and `inputs` and `target` as JSON, where
/// they are known.
std::string to_safetensors(const Linear& model, const Json& spec);
/// The inverse; a flat weight, a layer of any name, other types of numbers and a file without metadata will do. Errors, `spec` and
/// `remarks` as for networks.
Linear linear_from_safetensors(std::string_view bytes, const std::string& file, Json* spec = nullptr,
                               std::vector<Message>* remarks = nullptr);

}  // namespace mid
