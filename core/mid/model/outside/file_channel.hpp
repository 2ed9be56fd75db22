#pragma once
#include <memory>

#include "mid/base/channel.hpp"
#include "mid/model/outside/serve_text.hpp"
#include "mid/model/tree/tree_ensemble.hpp"

namespace mid {

/// Trees from a file as a model that only answers (Outside): asked and answering as a server of the Open Inference Protocol V2 is, in this
/// process. `service` says the names, the inputs and the outputs.
std::unique_ptr<Channel> forest_channel(TreeEnsemble trees, Service service);

}  // namespace mid
