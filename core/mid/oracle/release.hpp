/// @file
/// @ingroup defend
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "mid/base/philox.hpp"
#include "mid/info/secret.hpp"
#include "mid/model/model.hpp"
#include "mid/release/release_kind.hpp"

// What happens to an answer before anyone sees it. A release says for itself how it is undone and what it cuts off, so that
// nobody takes for protection what an attacker who knows it takes away again: attackers get inverted answers only (Oracle).
namespace mid {

/// What an answer is made of, so that whoever sees it reads it rightly.
enum class AnswerForm {
  log_probability,  ///< rows x classes: ln of the confidences, exact
  logit,            ///< rows x 1 (two classes): ln(p / (1 - p)), exact
  probability,      ///< rows x classes, or of a network rows x 1 for two classes: known to half a step (Cut)
  label,            ///< rows x classes one-hot, or rows x 1 of 0 and 1
  number,           ///< rows x 1: of a regression, with whatever noise; known to half a step
  top,              ///< rows x classes, also for two: the largest confidences, exact; 0 for all others
  code,             ///< rows x k: the numbers inside, exact
  code_rounded,     ///< rows x k: known to half a step of each unit's sd
  code_sign,        ///< rows x k: one bit a unit, served as its mean -+ .798 sd (the mean of a half-normal)
};

/// One answer for each row.
struct Released {
  Matrix value;       ///< one row a record
  AnswerForm form{};  ///< what it is made of
};

/// What leaves a model, before anything happens to it: rows x classes of logits (rows x 1 for two classes), rows x classes of
/// confidences, rows x 1 numbers or rows x k numbers inside.
struct ReleaseSubject {
  /// What leaves the model.
  enum class Of { logits, confidences, number, code };
  Of of{};             ///< what leaves this one
  int classes = 0;     ///< 0: of a number
  int columns = 1;     ///< as it leaves the model
  Matrix unit_mean{};  ///< 1 x k: of each number inside over the training records; empty: 0
  Matrix unit_sd{};    ///< 1 x k: its sd there; empty: 1
  /// Mean of a number inside over the training records.
  float mean(Eigen::Index unit) const { return unit_sd.size() ? unit_mean(0, unit) : 0.f; }
  /// Its sd there, at least 1e-6.
  float sd(Eigen::Index unit) const { return unit_sd.size() ? std::max(unit_sd(0, unit), 1e-6f) : 1.f; }
};

/// How much less than the answer is shown.
struct Cut {
  bool cuts = false;                          ///< whether answers that differ are shown as equal
  double quantisation_half_width = 0;         ///< half the distance between two inverted values that are still told apart; of a code in sd
  double inverse_error = 0;                   ///< the part of it that the inversion loses: two equal answers may differ by twice as much
  std::optional<Cells> cells = std::nullopt;  ///< of a logit or a number: where it is cut; none: it is not
};
/// Everything is shown.
inline const Cut kExact{};

/// A release with its settings, on the answers of one model. What has no default must be given.
struct Release {
  /// From what leaves the model (as its subject says) to what everybody sees.
  Required<std::function<Released(Matrix)>> show;
  /// Back, as far as it goes: what an attacker makes of what is shown. The adaptive attacker of method.md 4.1, "Output defences".
  Required<std::function<Released(Released)>> invert;
  Required<AnswerForm> form;  ///< of what `invert` gives
  Required<Cut> cut;          ///< how much less than the answer is shown
  double noise_sd = 0;        ///< of a kind that adds noise: on each logit, each number inside or the predicted number
  ReleaseKind::Noise noise = ReleaseKind::Noise::as_the_model;  ///< of its kind: written by release_on()
  ReleaseSubject subject{};                                     ///< written by release_on()
  /// Whether it adds fresh noise to every answer.
  bool adds_noise() const { return noise == ReleaseKind::Noise::added; }
  /// Whether asking about a record again gives the same answer.
  bool once_a_record() const { return noise == ReleaseKind::Noise::once_a_record; }
};

/// The object "release" of a specification.
struct ReleaseSpec {
  ReleaseSpec();              ///< answers as they are
  const ReleaseKind* kind;    ///< its entry
  Json settings;              ///< the whole object, complete
  bool of_embedding = false;  ///< of the numbers inside in place of the answer
  /// What else happens to every answer, behind the release: how a test gives attackers answers in disguise. Null: nothing.
  std::function<Release(Release)> disguise;
};
/// Reads and checks it.
ReleaseSpec read_release(const Json& j, const std::string& path);

/// What leaves a model: its answer, or the numbers inside.
ReleaseSubject subject_of(const Model& model, bool embedding);
/// The release for the answers of `model`. Tries the inversion on answers drawn at random and throws Failure unless it gives them
/// back within what `cut` admits: a release that claims less of what it shows than it tells would pass for protection.
Release release_on(const ReleaseSpec& spec, const Model& model);

/// The parameter "of" of an entry whose settings S hold it as text.
template <class S>
Param of_param() {
  return choice(&S::of, "of", {"answer", "embedding"}, "release.of");
}
/// The settings of an entry that has none of its own.
struct OfSpec {
  std::string of = "answer";  ///< "answer" or "embedding"
  /// Its one parameter.
  static std::vector<Param> params() { return {of_param<OfSpec>()}; }
};
/// Of an entry that is about answers only.
template <class S>
Param of_answer_param() {
  return choice(&S::of, "of", {"answer"}, "release.mixing.of");
}

/// The answer in full: logits as log-confidences (of two classes as the one logit), everything else as it leaves the model.
Released full_answer(const ReleaseSubject& subject, Matrix value);
/// Confidences of logits (of two classes the second's alone, rows x 1) or of a model that answers by confidences.
Matrix confidences_of(const ReleaseSubject& subject, const Matrix& value);
/// The full answer, and nothing to invert.
Release full_release(const ReleaseSubject& subject);

/// Answers about the rows whose code is N(mu, sigma^2), or mu itself when `sigma` is empty, with what pre_noise_output() gave: of a
/// regression sigma is its noise, a tree has none. Query number `query` decides the noise together with the row's own number; of a release
/// once a record the row's `record_hash` decides it instead. `random` is the model's own noise. As everybody sees them: an attacker's are
/// inverted. method.md sections 4 ("one sample per query") and 4.1 ("Output defences").
Released shown_answer(const Release& release, const Model& model, MatrixRef mu, MatrixRef sigma, std::span<const std::uint64_t> record_hash,
                      std::uint64_t query, Stream random);

/// What the user of the model gets from a shown answer: ln p, rows x classes; -infinity where a rounded confidence is 0.
/// An embedding goes through the rest of the network first.
MatrixD log_probability_of(const Released& answer, const Model& model);

}  // namespace mid
