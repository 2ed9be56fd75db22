#pragma once
#include <pybind11/pybind11.h>

#include <string>

namespace mid::python {

/// The records of a specification (JSON), as a dict: "about" (describe_records(), as JSON), "inputs" [records, inputs] float32, "target"
/// int32 classes (-1: none of them) or float64, "pictures" [records, height, width] float32 or None, "secret" int32 (-1: missing) or
/// None, "row" (in the file, from 1), "part" (a list of texts), and of "train", "test", "attacked" and "auxiliary" the rows. Arrays of
/// records are views of the core's.
pybind11::dict records_of(const std::string& spec);

}  // namespace mid::python
