#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "mid/base/param.hpp"
#include "mid/base/philox.hpp"
#include "mid/model/network.hpp"

namespace mid {

/// What an answer is made of, so that an attacker reads it rightly.
enum class AnswerForm {
  log_probability,  ///< rows x classes: ln of the confidences, exact
  logit,            ///< rows x 1 (two classes): ln(p / (1 - p)), exact
  probability,      ///< rows x classes, or rows x 1 for two classes: rounded
  label,            ///< rows x classes one-hot, or rows x 1 of 0 and 1
  code,             ///< rows x k: the numbers inside
  code_sign,        ///< rows x k of -1 and +1
};

/// What happens to an answer before anyone sees it: the object "release" of a specification.
/// `kind` none, round (to `decimals`), label_only (of an embedding: one bit per number, its sign), sticky (one noise sample
/// per record, keyed by a hash of the input, so that repeats return the same answer), noise (Gaussian of sd `scale` on
/// the logits or on the embedding, fresh at each query). `of` answer or embedding.
struct ReleaseSpec {
  std::string kind = "none";
  std::string of = "answer";
  int decimals = 2;    ///< of round
  double scale = 1;    ///< of noise
};

/// The kinds with their own parameters, for readers, schema and panels; "of" belongs to each.
struct ReleaseKind {
  About about;
};
std::span<const ReleaseKind> release_kinds();
/// Reads and checks the object "release".
ReleaseSpec read_release(const Json& j, const std::string& path);

/// One answer for each row of `code parameters`. Query number `query` (0, 1, ...) decides the noise together with the row's
/// own number; with `sticky` the hash of the input decides it instead. method.md sections 4 and 4.1 (Output defences).
/// mu, sigma: as of activations(); sigma empty: deterministic.
struct Released {
  Matrix value;
  AnswerForm form{};
};
Released release(const ReleaseSpec& spec, const Network& network, MatrixRef mu, MatrixRef sigma,
                 std::span<const std::uint64_t> record_hash, std::uint64_t query, Stream random);

}  // namespace mid
