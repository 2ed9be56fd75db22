#pragma once
#include <string>

#include "mid/data/dataset.hpp"
#include "mid/model/model.hpp"
#include "mid/run/spec.hpp"

namespace mid {

/// Whether the specification names a model trained elsewhere (model.file).
bool has_own_model(const Spec& spec);
/// SHA-256 of that file's bytes, for keys of the stage cache; empty without one. Throws Error naming model.file.
std::string own_model_digest(const Spec& spec);
/// Reads it. Throws Error naming model.file when it is not a model of model.kind, or not one for this data.
Model read_own_model(const Spec& spec, const Data& data);

}  // namespace mid
