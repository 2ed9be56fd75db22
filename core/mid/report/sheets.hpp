/// @file
/// @ingroup measure
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mid/base/matrix.hpp"
#include "mid/base/members.hpp"

namespace mid {

// What a person looks at after an attack. Each goes as it is into the stage cache, a snapshot and a drawing (base/members.hpp).

/// Pictures as bytes, 0 black to 255 white, row by row, one picture after the other.
using Pictures8 = std::vector<std::uint8_t>;

/// Pictures in [0, 1] as bytes.
Pictures8 picture_bytes(MatrixRef pictures);

/// How an attack's pictures came to be: what it looked at, at some of its steps.
struct PicturePath {
  std::vector<int> step;           ///< increasing, from 0; empty: the attack does not go step by step
  std::vector<double> confidence;  ///< steps x rows: how sure the model was that the picture is of its class
  std::vector<double> detail;      ///< of each step: 1 - squared error / squared error of the average picture
  std::vector<int> best_step;      ///< of each row: where the picture was found that was kept
  Pictures8 pictures;              ///< steps x rows x pixels

  /// The place in `step` of what the attacker had at step `at`.
  std::size_t frame_at(int at) const;
  /// How sure the model was there, over all rows.
  double confidence_of(std::size_t frame) const;
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("step", self.step), each("confidence", self.confidence), each("detail", self.detail), each("best_step", self.best_step),
        each("pictures", self.pictures);
  }
};

/// What the attacker is told about each row of a PictureSheet: the first answer, as it leaves the release.
struct AnswerSheet {
  int numbers = 0;      ///< of each answer; 0: no answer is asked
  bool inside = false;  ///< the numbers inside, in sd of each from its mean over the training records; false: confidences in [0, 1]
  bool partly = false;  ///< a confidence of 0 was not said: of a label alone, or of the largest alone
  std::vector<std::string> names;  ///< of the classes; empty of the numbers inside
  std::vector<double> value;       ///< rows x numbers
  std::vector<double> spread;      ///< of each row: e^entropy of its confidences, brought to sum 1; 0: nothing was said. Empty of the
                                   ///< numbers inside
  bool is_whole(int rows) const;
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("numbers", self.numbers), each("inside", self.inside), each("partly", self.partly), each("names", self.names),
        each("value", self.value), each("spread", self.spread);
  }
};

/// One of the line-ups that the figure line_up counts (measure/picture.hpp), for each row of a PictureSheet.
struct LineUpSheet {
  int size = 0;                  ///< candidates of each row: ten, or all of a small pool; 0: there are no line-ups
  std::vector<int> candidate;    ///< rows x size: the sheet's row whose true picture it is, then the places of `others`; -1: none
  std::vector<double> likeness;  ///< rows x size: the correlation by which the attacker chooses
  std::vector<int> truth;        ///< of each row: the place of the true one
  std::vector<int> pick;         ///< of each row: the place of the attacker's pick; -1: the picture names nobody
  Pictures8 others;              ///< candidates that are no rows of the sheet
  bool is_whole(int rows, std::size_t pixels) const;
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("size", self.size), each("candidate", self.candidate), each("likeness", self.likeness), each("truth", self.truth),
        each("pick", self.pick), each("others", self.others);
  }
};

/// One row a victim (or a class): true | attacker's | average.
struct PictureSheet {
  bool of_classes = false;           ///< a row is a class: its true picture is the mean of those learnt from
  int height = 0;                    ///< of each picture, in pixels
  int width = 0;                     ///< the same
  int rows = 0;                      ///< how many there are
  Pictures8 truth;                   ///< rows x pixels: the true pictures
  Pictures8 guess;                   ///< the same: the attacker's; empty before the attack
  Pictures8 average;                 ///< the same: the average pictures, the guess without an answer
  std::vector<double> line_up;       ///< each row's chance to be picked among 10
  std::vector<std::string> names;    ///< of the rows; "014_smiling" is a picture of person 014
  std::vector<std::string> classes;  ///< of the rows, empty of those that belong to none; no list: no row belongs to one
  std::string credit;                ///< whose data this is: shown wherever a picture is
  PicturePath path;                  ///< of an attack that goes step by step
  AnswerSheet answers;               ///< of an attack on answers about these rows
  LineUpSheet line_ups;              ///< after the attack

  /// The picture of a candidate (LineUpSheet::candidate).
  std::span<const std::uint8_t> candidate(int which) const {
    const Pictures8& from = which < rows ? truth : line_ups.others;
    return std::span(from).subspan(pixels() * static_cast<std::size_t>(which < rows ? which : which - rows), pixels());
  }
  /// Bytes of one picture.
  std::size_t pixels() const { return static_cast<std::size_t>(height) * static_cast<std::size_t>(width); }
  /// Whether pictures, names, path, answers and line-ups go together.
  bool is_whole() const;
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("of_classes", self.of_classes), each("height", self.height), each("width", self.width), each("rows", self.rows),
        each("truth", self.truth), each("guess", self.guess), each("average", self.average), each("line_up", self.line_up),
        each("names", self.names), each("classes", self.classes, !self.classes.empty()), each("credit", self.credit),
        each("path", self.path, !self.path.step.empty()), each("answers", self.answers, self.answers.numbers > 0),
        each("line_ups", self.line_ups, self.line_ups.size > 0);
  }
};

/// What an attribute attack believes, one row a victim.
struct BeliefSheet {
  std::vector<std::string> values;  ///< of the secret
  VectorXi truth;                   ///< each row's value
  MatrixD before;                   ///< probabilities, rows x values: without an answer
  MatrixD after;                    ///< the same with the answers
  /// One released number (a logit, a regression's answer): the densities behind the two bells of one person at a time.
  MatrixD conditional_mean;  ///< rows x values: mean of the released logit if the secret had that value
  MatrixD conditional_sd;    ///< rows x values: its sd
  VectorXd answer;           ///< each victim's released logit, or number (first query)
  std::string secret;        ///< the secret's name
  VectorXd target;           ///< of a regression: what would have been right, in the units that people read
  bool root = false;         ///< bells and answers are roots
  std::string credit;        ///< whose data this is

  int rows() const { return static_cast<int>(truth.size()); }  ///< victims
  /// Whether there are conditional densities.
  bool has_bells() const { return conditional_mean.size() > 0 && conditional_sd.size() > 0; }
  /// The value with the largest probability in row `row` of `belief` (before or after).
  static int guess(const MatrixD& belief, int row);
  bool is_whole() const;
  void restore_shapes();
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("values", self.values), each("truth", self.truth), each("before", self.before), each("after", self.after),
        each("conditional_mean", self.conditional_mean), each("conditional_sd", self.conditional_sd), each("answer", self.answer),
        each("secret", self.secret), each("target", self.target), each("root", self.root), each("credit", self.credit);
  }
};

/// What a defence kept from being asked below a leaf.
struct TreeCut {
  std::string question;  ///< the column
  bool asks = false;     ///< about the secret itself
  int leaves = 0;        ///< that would have grown there
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("question", self.question), each("asks", self.asks), each("leaves", self.leaves);
  }
};

/// A node of a tree, with what it gives away. Shares are over the training records.
struct TreeSheetNode {
  int parent = -1;             ///< -1 of the root, which is the first; parents stand before their children
  std::string branch;          ///< the answer that leads here
  std::string question;        ///< the column it asks about; empty of a leaf
  bool asks = false;           ///< about the secret itself
  std::string answer;          ///< what the model says there
  double confidence = 0;       ///< how sure it is
  double share = 0;            ///< of all records
  std::vector<double> values;  ///< share of each value of the secret in it
  double tells = 0;            ///< share of one value of the secret: of a question "yes", of three values and more the one that is
  std::string tells_name;      ///< most beyond everyone's share; its name
  double everyone = 0;         ///< that share at the root
  bool gives_away = false;     ///< the two are more than .25 apart
  double gain = 0;             ///< bits about the class
  double information = 0;      ///< bits of its split about the secret
  std::optional<TreeCut> cut;  ///< of a leaf that a defence kept from being split
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("parent", self.parent), each("branch", self.branch), each("question", self.question), each("asks", self.asks),
        each("answer", self.answer), each("confidence", self.confidence), each("share", self.share), each("values", self.values),
        each("tells", self.tells), each("tells_name", self.tells_name), each("everyone", self.everyone),
        each("gives_away", self.gives_away), each("gain", self.gain), each("information", self.information), each("cut", self.cut);
  }
};

/// A tree as it is drawn, with what each node gives away.
struct TreeSheet {
  std::vector<std::string> values;   ///< names of the secret's values
  std::string secret;                ///< its column's name
  std::vector<TreeSheetNode> nodes;  ///< the root first
  std::vector<int> victims;          ///< node where each victim ends, in the order of BeliefSheet's rows
  bool is_whole() const;
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("values", self.values), each("secret", self.secret), each("nodes", self.nodes), each("victims", self.victims);
  }
};

}  // namespace mid
