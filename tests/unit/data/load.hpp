#pragma once
#include <string>

#include "mid/data/source.hpp"

/// The data set called `name` by its own `load`. Throws std::logic_error when there is none of that name.
inline mid::Data load(const std::string& name, const mid::Json& spec = mid::Json::object(), std::uint64_t seed = 1) {
  for (const mid::DataSource* source : mid::data_sources())
    if (source->about.name == name) return source->load(spec, mid::Stream{seed});
  throw std::logic_error("no data source " + name);
}
