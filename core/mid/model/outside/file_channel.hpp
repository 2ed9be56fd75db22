#pragma once
#include <functional>
#include <memory>

#include "mid/base/channel.hpp"
#include "mid/base/matrix.hpp"
#include "mid/model/outside/serve_text.hpp"

namespace mid {

/// A model from a file as one that only answers (Outside): asked and answering as a server of the Open Inference Protocol V2 is, in this
/// process. `answers` gives a row of numbers for each record; `service` says the names, the inputs and the outputs.
std::unique_ptr<Channel> file_channel(std::function<Matrix(const Matrix&)> answers, Service service);

}  // namespace mid
