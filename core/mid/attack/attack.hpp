/// @file
/// @ingroup attack
#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/about.hpp"
#include "mid/data/dataset.hpp"
#include "mid/oracle/oracle.hpp"

namespace mid {

/// A column beside the secret that the attacker does not know either: what it may be, and how common that is (published, like
/// secret_share). Of a number with many values: eight ranges, each by its mean.
struct Unknown {
  std::string name;         ///< the column's
  std::vector<int> inputs;  ///< the columns of Knowledge::known that it alone determines; they are 0 there
  Matrix code;              ///< values x inputs: what those columns are for each value, before normalisation
  VectorXd share;           ///< how common each value is; sums to 1
};

/// What the attacker brings along. No row of the victims or of the model's training data is in it.
struct Knowledge {
  Dataset auxiliary;  ///< the attacker's own records, of which it knows everything

  /// Attribute inference: the attacked records without their secret (the inputs that it determines are 0). What the secret
  /// may be, and how it enters the inputs, is in auxiliary.secret. Membership: the attacked records.
  Matrix known;
  /// Further columns that `known` lacks, for attacks that may lack some (their field also_unknown).
  std::vector<Unknown> unknown;
  /// The class of each attacked record, for attackers who hold it; of a picture attack too (a digit's class is what the
  /// answer says anyway). Empty, like `known`, where the class is what the attack is to find.
  VectorXi label;
  /// Names these auxiliary records: part of the key under which an attack may keep what it learnt from them alone.
  std::string fingerprint;

  /// The number of each attacked record (a regression's target), for attackers who hold it.
  VectorXd target;
  /// What the owner publishes with the model: figures over the training records, never a record. method.md sections 2 and 3.
  VectorXd secret_share;               ///< how common each value of the secret is
  int training_records = 0;            ///< how many records the model learnt from
  double training_error = 0;           ///< of a regression: root mean square of y - mu
  MatrixD confusion;                   ///< of a tree: pi(y | y'), how often a record with the answer y' is a y (model/attribute_scores.hpp)
  std::vector<VectorXd> column_share;  ///< of a tree: how common each code of each column is (model/tree/tree_inversion.hpp)
  Recipe recipe;                       ///< how the owner trains (and updates, of a network), to do the same with records of one's own
};

/// What an attack found, one row a victim.
struct AttackResult {
  /// Of picture attacks: reconstructions in [0, 1]. Several matrices are independent trials on fresh answers; figures
  /// average over them and the first one is shown.
  std::vector<Matrix> pictures;
  /// How pictures.front() came to be, of attacks that go step by step; without `step` there is nothing to tell.
  struct Path {
    std::vector<int> step;         ///< increasing, from 0
    std::vector<Matrix> pictures;  ///< of each step, like `pictures`
    MatrixD confidence;            ///< steps x rows: how sure the model was, at that step, that the picture is of its class
    VectorXi best_step;            ///< of each row: where its picture in `pictures` was found
  } path;                          ///< empty of attacks without steps
  /// The same of further attackers by a name that ends the measures' names ("naive").
  std::map<std::string, std::vector<Matrix>> more_pictures;
  MatrixD log_posterior;  ///< of attribute, label and membership attacks: ln of the attacker's belief in each value (unnormalised)
  /// Beliefs of further attackers by a name that ends the measures' names ("true_target").
  std::map<std::string, MatrixD> more;
  MatrixD prior;  ///< of the same attacks: ln of its belief before any answer
  /// Of attribute attacks on one number: its mean and sd, before it is rounded, if the secret had each value.
  MatrixD conditional_mean;
  MatrixD conditional_sd;         ///< the same of the sd
  VectorXd answer;                ///< the first number, where it is released as it is
  Json notes = Json::object();    ///< figures worth keeping: chosen regularisation, components, ...
  std::vector<Message> warnings;  ///< for the result
};

/// An attack: one file in attack/, which defines `const Attack NAME` in namespace mid::attack.
struct Attack {
  /// attribute: the secret of each victim; instance_picture: the picture behind each victim's answer; class_picture: what
  /// the people of each class look like (AttackResult::pictures then has one row a class, and there are no victims to observe);
  /// label: the class of each victim, a record that the model never learnt from and is updated with; membership: whether the model
  /// learnt from it, of records that the attacker holds whole (the victims are then as many members as strangers, in random order,
  /// and beliefs are about 0, stranger, and 1, member).
  enum class Finds { attribute, instance_picture, class_picture, label, membership };
  About about;                    ///< name, title, summary, source, parameters
  Access needs = Access::scores;  ///< what it must be granted
  Finds finds{};                  ///< what it is after, and so which figures judge it
  /// Runs it with the object "attack" of a specification. `oracle`, `knowledge` and `out` outlive the task.
  Task (*run)(Context& context, Oracle& oracle, const Knowledge& knowledge, Json spec, AttackResult& out) = nullptr;
  bool needs_auxiliary = true;  ///< whether it learns from records of its own
  bool needs_table = false;     ///< whether records must be columns as they are, one number each
};

/// All entries, in order of their names. The list is written by the build (core/cmake/catalogue.cmake).
std::span<const Attack* const> attacks();
/// The entry of that name; null: there is none ("none").
inline const Attack* attack_called(std::string_view name) {
  for (const Attack* a : attacks())
    if (a->about.name == name) return a;
  return nullptr;
}

}  // namespace mid
