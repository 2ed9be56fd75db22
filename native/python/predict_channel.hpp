#pragma once
#include <pybind11/pybind11.h>

#include <exception>
#include <memory>

#include "mid/base/channel.hpp"

namespace mid::python {

/// A model that is a function of Python: it takes records x inputs (float32; NaN where a value is missing) and gives for each record
/// one number a class, or one number.
struct Predict {
  pybind11::object function;
  std::exception_ptr thrown = {};  ///< what it raised; the run that asked it has failed then
};

/// The channel to it. Whoever advances the run calls the function itself, with the interpreter's lock for so long; the channel is to be
/// used without it. `predict` outlives the channel.
std::unique_ptr<Channel> channel_to(Predict& predict);

}  // namespace mid::python
