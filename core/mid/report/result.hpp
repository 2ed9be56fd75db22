/// @file
/// @ingroup measure
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mid/base/json.hpp"
#include "mid/base/matrix.hpp"
#include "mid/base/message.hpp"
#include "mid/measure/measure.hpp"

namespace mid {

/// The outcome of one experiment. Pictures and curves travel beside it.
struct Result {
  std::string id;                              ///< first 16 digits of the completed specification's SHA-256
  Json spec;                                   ///< completed: every default written out
  std::map<std::string, Measure> utility;      ///< what the model can do, by the names of measure/figure.hpp
  std::map<std::string, Measure> privacy;      ///< what the attacker gets
  std::map<std::string, Measure> information;  ///< what the answers tell
  double train_seconds = 0;                    ///< spent on training
  double attack_seconds = 0;                   ///< spent on the attack
  std::string device = "cpu";                  ///< what it was computed on
  std::vector<Message> warnings;               ///< for who reads the result
  Json failed;                                 ///< null, or {"stage", "sentence"}
  Json notes = Json::object();                 ///< figures of the defence's and the attack's own

  /// The contract's JSON: "id", "spec", "utility", "privacy", "information", "timing" {"train_s", "attack_s"}, "device",
  /// "warnings" (sentences in English), "failed" and "version"; and "notes" where there are any. A measure without a value is null.
  Json json() const;
  /// `warnings`, and one for each measure that JSON shows as null and none of them names.
  std::vector<Message> all_warnings() const;
  /// Reads what json() wrote, of any version. Throws Error naming what is missing or of the wrong type.
  static Result from_json(const Json& j);
};

/// How an attack's pictures came to be: what it looked at, at some of its steps.
struct PicturePath {
  std::vector<int> step;               ///< increasing, from 0; empty: the attack does not go step by step
  std::vector<double> confidence;      ///< steps x rows: how sure the model was that the picture is of its class
  std::vector<double> detail;          ///< of each step: 1 - squared error / squared error of the average picture
  std::vector<int> best_step;          ///< of each row: where the picture was found that was kept
  std::vector<std::uint8_t> pictures;  ///< steps x rows x pixels
};

/// What a person looks at, one row a victim (or a class): true | attacker's | average.
struct PictureSheet {
  bool of_classes = false;         ///< a row is a class: its true picture is the mean of those learnt from
  int height = 0;                  ///< of each picture, in pixels
  int width = 0;                   ///< the same
  Matrix truth;                    ///< rows x pixels in [0, 1]: the true pictures
  Matrix guess;                    ///< the same: the attacker's
  Matrix average;                  ///< the same: the average pictures, the guess without an answer
  std::vector<double> line_up;     ///< each row's chance to be picked among 10
  std::vector<std::string> names;  ///< of the rows; "014_smiling" is a picture of person 014
  std::string credit;              ///< whose data this is: shown wherever a picture is
  PicturePath path;                ///< of an attack that goes step by step
};

/// Pictures in [0, 1] as bytes, 0 black to 255 white, row by row.
std::vector<std::uint8_t> picture_bytes(MatrixRef pictures);

/// What an attribute attack believes, one row a victim.
struct BeliefSheet {
  std::vector<std::string> values;  ///< of the secret
  MatrixD before;                   ///< probabilities, rows x values: without an answer
  MatrixD after;                    ///< the same with the answers
  VectorXi truth;                   ///< each row's value
  /// One released number (a logit, a regression's answer): the densities behind the two bells of one person at a time.
  MatrixD conditional_mean;  ///< rows x values: mean of the released logit if the secret had that value
  MatrixD conditional_sd;    ///< rows x values: its sd
  VectorXd answer;           ///< each victim's released logit, or number (first query)
  std::string secret;        ///< the secret's name
  /// Of a regression: what would have been right, in the units that people read; `root`: bells and answers are its root.
  VectorXd target;
  int root = 0;        ///< 1: bells and answers are roots
  std::string credit;  ///< whose data this is
};

}  // namespace mid
