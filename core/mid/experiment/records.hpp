#pragma once
#include <string>
#include <vector>

#include "mid/attack/attack.hpp"
#include "mid/data/dataset.hpp"
#include "mid/experiment/spec.hpp"

namespace mid {

// What a model of one's own learns from, in words: for `mid data columns` and `export`, and for Python.

/// The records of a specification: {"data", "model", "inputs": [{"place", "name", "meaning", "unit", "mean", "sd", "column",
/// "categories", "offset", "missing"}], "target": {"name", "classes" or "unit", "mean", "sd"}, "records": {"train", "test",
/// "auxiliary"}, "warnings", "secret": {"name", "values", "inputs"}}. Inputs are in the order in which the model takes them; mean and
/// sd are those of its first step; what does not apply is left out.
Json describe_records(const Spec& spec, const Data& data);
/// "train", "test" or "auxiliary" of each row; empty: left out. The victims are among train or test.
std::vector<std::string> parts_of_rows(const Data& data);
/// The rows of the records that a BeliefSheet is about, in its order (the sheet may end sooner): those attacked of whom the truth is known.
std::vector<int> believed_rows(const Data& data, Attack::Finds finds);
/// Where a record stands in its file, from 1.
int number_in_file(const Dataset& set, int row);

/// A number in as few digits as give it back.
std::string shortest_text(float value);
std::string shortest_text(double value);

}  // namespace mid
