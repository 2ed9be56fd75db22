#pragma once
#include "mid/base/context.hpp"
#include "mid/data/dataset.hpp"
#include "mid/experiment/spec.hpp"

namespace mid {

/// People who are Gaussian: a picture is mean + g components, g ~ N(0, diag(variance)), not clipped to [0, 1]. For them the bounds on
/// reconstruction are limits; real people are none of them. method.md section 5, "Gaussian people".
struct Population {
  Matrix mean;        ///< 1 x pixels
  Matrix components;  ///< up to 60 x pixels, orthonormal rows
  VectorXd variance;  ///< of each coordinate, above 0
  bool empty() const { return variance.size() == 0; }
};

/// Whether the specification's people are drawn from a Population (data.population).
bool has_gaussian_people(const Spec& spec);

/// The population of the attacker's own pictures, and `data` with its attacked and auxiliary rows replaced by 2,000 people each, drawn
/// from it. Who the model learns from and is tested on stays. The pictures are those of `data`; the inputs are made of them.
Task gaussian_people(Context& context, const Data& data, Population& people, Data& out);

}  // namespace mid
