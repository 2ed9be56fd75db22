#pragma once
#include "mid/attack/attack.hpp"
#include "mid/model/prior/generator.hpp"
#include "mid/model/prior/prior.hpp"

namespace mid {

/// What an attacker makes of its own pictures before it learns from them.
struct OwnPictures {
  int shifts = 0;       ///< pixels: each picture also moved this far in four directions
  bool mirror = false;  ///< and all of them also mirrored left to right
  /// Row i of the result comes from auxiliary record i modulo their number.
  Task load(const Dataset& auxiliary, Matrix& out) const;
  /// The rows of that result, of `records` auxiliary records, without what was moved or mirrored unless it is wanted.
  std::vector<int> rows(int records, bool moved, bool mirrored) const;
};

/// The principal components of `pictures`, which are knowledge.auxiliary's as `own` says. They depend on the attacker's own
/// pictures alone, so every victim, strength and attack shares them by the stage cache ("pca").
Task learn_components(Context& context, const Knowledge& knowledge, OwnPictures own, int components, const Matrix& pictures, PcaPrior& out);

/// A generator (`kind` vae or wgan_gp) of pictures like `inputs`, which are knowledge.auxiliary's as `own` says, at the model's
/// input size, through convolutions or none; `rounds` of the training (vae: epochs, wgan_gp: steps of the generator). Shared like the
/// components, by the stage cache ("vae", "wgan_gp"). Begins a stage of the progress.
Task learn_generator(Context& context, const Knowledge& knowledge, OwnPictures own, PictureConvolutions by, std::string kind, int code,
                     int rounds, Matrix inputs, PictureGenerator& out);

}  // namespace mid
