#pragma once
#include <string>
#include <string_view>

#include "mid/base/json.hpp"
#include "mid/model/network.hpp"

namespace mid {

/// The network as a safetensors file (https://github.com/huggingface/safetensors): tensors input.mean, input.sd,
/// hidden.N.weight|bias, bottleneck.weight|bias, head.weight|bias as F32, weights stored out x in as PyTorch's
/// nn.Linear does; `spec` and the architecture as text in __metadata__.
std::string to_safetensors(const Network& network, const Json& spec);

/// The inverse. Throws Error naming `file`, the tensor, what was found and what is wanted. input.mean and input.sd may be
/// absent (0 and 1). `spec`, if given, receives the metadata's spec (null when absent).
Network network_from_safetensors(std::string_view bytes, const std::string& file, Json* spec = nullptr);

}  // namespace mid
