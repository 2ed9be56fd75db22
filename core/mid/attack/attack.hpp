#pragma once
#include <span>
#include <string>
#include <vector>

#include "mid/attack/oracle.hpp"
#include "mid/base/about.hpp"
#include "mid/data/dataset.hpp"

namespace mid {

/// What the attacker brings along. No row of the victims or of the model's training data is in it.
struct Knowledge {
  Dataset open;  ///< the attacker's own records, all rows open

  /// Attribute inference: the attacked records without their secret (its inputs are 0), and what the secret may be.
  Matrix known;

  /// The label of each attacked record, for attackers who hold it.
  VectorXi label;
};

/// What an attack found, one row a victim.
struct Evidence {
  Matrix picture;   ///< of picture attacks: the reconstruction to be judged, in [0, 1]
  MatrixD score;    ///< of attribute attacks: ln of the attacker's belief in each value (unnormalised)
  MatrixD prior;    ///< of attribute attacks: ln of its belief before any answer
  Json notes = Json::object();  ///< figures worth keeping: chosen regularisation, components, ...
  std::vector<std::string> warnings;
};

/// An attack: one file in attack/, which defines `const Attack NAME` in namespace mid::attack.
struct Attack {
  enum class Finds { attribute, instance_picture };
  About about;
  Access needs = Access::scores;
  Finds finds{};
  Task (*run)(Context& context, Oracle& oracle, const Knowledge& knowledge, Json spec, Evidence& out) = nullptr;
};

/// All entries, in order of their names. The list is written by the build (core/cmake/catalogue.cmake).
std::span<const Attack* const> attacks();

}  // namespace mid
