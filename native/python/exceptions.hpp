#pragma once
#include <pybind11/pybind11.h>

#include <string>

namespace mid::python {

/// Makes midlab.Error and midlab.Failure, which mid::Error and mid::Failure become wherever they come out.
void add_exceptions(pybind11::module_& module);

/// Raises midlab.Error (ValueError) with `field`: bad input, in the core's sentence.
[[noreturn]] void raise_error(const std::string& field, const std::string& sentence);
/// Raises midlab.Failure (RuntimeError) with `stage`: work that broke.
[[noreturn]] void raise_failure(const std::string& stage, const std::string& sentence);

}  // namespace mid::python
