#pragma once
#include <string>

#include "mid/report/result.hpp"

namespace mid {

/// A result as a person reads it in a terminal (UTF-8, at most 100 columns, ends with a line break): what was run, then a
/// row for each measure with value, baseline, 95 % interval and number of records, then the warnings. For a failed run:
/// where it stopped and why.
std::string result_text(const Result& result);

}  // namespace mid
