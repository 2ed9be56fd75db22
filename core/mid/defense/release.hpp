#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "mid/base/about.hpp"
#include "mid/base/philox.hpp"
#include "mid/model/model.hpp"

namespace mid {

/// What an answer is made of, so that an attacker reads it rightly.
enum class AnswerForm {
  log_probability,  ///< rows x classes: ln of the confidences, exact
  logit,            ///< rows x 1 (two classes): ln(p / (1 - p)), exact
  probability,      ///< rows x classes, or of a network rows x 1 for two classes: rounded; of a tree also exact
  label,            ///< rows x classes one-hot, or rows x 1 of 0 and 1
  number,           ///< rows x 1: of a regression, with whatever noise; exact or rounded
  mixed,            ///< as probability: (1 - weight) p + weight / classes
  top,              ///< rows x classes, also for two: the largest confidences, exact; 0 for all others
  code,             ///< rows x k: the numbers inside, exact
  code_rounded,     ///< rows x k: rounded to 10^-decimals of each unit's sd
  code_sign,        ///< rows x k: one bit a unit, served as its mean -+ .798 sd (the mean of a half-normal)
};

/// What happens to an answer before anyone sees it: the object "release" of a specification.
/// `kind` none, round (to `decimals`), label_only (of an embedding: one bit per number, its sign), sticky (one noise sample
/// per record, keyed by a hash of the input, so that repeats return the same answer), noise (Gaussian of sd `scale` on
/// the logits or on the embedding, fresh at each query), mixing ((1 - weight) p + weight / classes), top_k (all confidences but
/// the `keep` largest are 0; not renormalised, ties to the lower class). `of` answer or embedding; the last two: answer alone.
struct ReleaseSpec {
  std::string kind = "none";
  std::string of = "answer";
  int decimals = 2;    ///< of round
  double scale = 1;    ///< of noise
  double weight = .4;  ///< of mixing: the part of an answer that is the same for everybody
  int keep = 3;        ///< of top_k
};

/// The kinds with their own parameters, for readers, schema and panels; "of" belongs to each.
struct ReleaseKind {
  About about;
};
std::span<const ReleaseKind> release_kinds();
/// Reads and checks the object "release".
ReleaseSpec read_release(const Json& j, const std::string& path);

/// One answer for each row.
struct Released {
  Matrix value;
  AnswerForm form{};
};
/// Answers about the rows whose code is N(mu, sigma^2), or mu itself when `sigma` is empty (as of activations()). Query number
/// `query` decides the noise together with the row's own number; with `sticky` the row's `record_hash` decides it instead.
/// `random` is the model's own noise. method.md sections 4 ("one sample per query") and 4.1 ("Output defences").
Released release(const ReleaseSpec& spec, const Network& network, MatrixRef mu, MatrixRef sigma,
                 std::span<const std::uint64_t> record_hash, std::uint64_t query, Stream random);
/// The same for a model of any kind, with what inside_of() gave. A regression has its noise in `sigma`; a tree has none.
Released release(const ReleaseSpec& spec, const Model& model, MatrixRef mu, MatrixRef sigma,
                 std::span<const std::uint64_t> record_hash, std::uint64_t query, Stream random);

/// What an attacker makes of an answer: a mixing is undone, p = (p' - weight / classes) / (1 - weight), and of two classes one
/// confidence tells the other. Everything else is left as it is. The adaptive attacker of method.md 4.1, "Output defences".
Released undone(const ReleaseSpec& spec, Released answer, int classes);
/// Half the distance between two confidences that an attacker still tells apart: of round half a step; of mixing, once undone,
/// half the last binary digit of weight / classes in a float; of top_k that of 1; 0: exact.
double half_step(const ReleaseSpec& spec, int classes);

/// What the user of the model gets from a released answer: ln p, rows x classes; -infinity where a rounded confidence is 0.
/// An embedding goes through the rest of the network first.
MatrixD log_probability_of(const Released& answer, const Model& model);

}  // namespace mid
