#pragma once
#include <string>
#include <utility>
#include <vector>

#include "mid/base/matrix.hpp"
#include "mid/model/tree/tree.hpp"

namespace mid {

/// The trees of ONNX's TreeEnsembleClassifier or TreeEnsembleRegressor: every record goes down each of them, and the numbers of the leaves
/// that it reaches are put together.
struct TreeEnsemble {
  enum class Mode { leaf, at_most, less, at_least, more, equal, unequal };
  struct Node {
    Mode mode = Mode::leaf;
    int input = 0;                                ///< which of the inputs it compares
    float value = 0;                              ///< with what
    bool missing_yes = false;                     ///< where a missing value goes
    int yes = -1, no = -1;                        ///< of `nodes`, both behind this one
    double rows = 0;                              ///< how many records it held, where the file says so (nodes_hitrates)
    std::vector<std::pair<int, double>> numbers;  ///< of a leaf: what it adds to which output
  };
  enum class Together { sum, mean, least, most };
  enum class After { none, logistic, softmax };

  std::vector<Node> nodes;   ///< tree after tree
  std::vector<int> roots;    ///< of each tree
  std::vector<double> base;  ///< of each output; empty: 0
  int outputs = 1;           ///< that leaves add to; of two classes perhaps one, which is about the second
  Together together = Together::sum;
  After after = After::none;
  std::vector<std::string> classes;  ///< in order; empty: it predicts a number
  bool numbered_classes = false;     ///< they are whole numbers
  std::vector<std::string> inputs;   ///< their names, where the file's metadata say them
  int input_count = 0;               ///< 0: the file leaves it open
  std::vector<int> places;           ///< where each class stands in an answer; empty: as they come

  int depth() const;
  /// The column of an answer that is about a class.
  Eigen::Index place(int k) const { return places.empty() ? k : places[static_cast<std::size_t>(k)]; }
  bool regression() const { return classes.empty(); }
  /// Probabilities (rows x classes), or a number (rows x 1). `x`: rows x inputs, NaN where missing.
  Matrix answers(const Matrix& x) const;
};

/// Whether it is one tree that a Tree holds: of classes, whose leaves say shares, and that only asks what is smaller.
bool is_one_tree(const TreeEnsemble& trees);
/// That tree, over inputs that are all numbers. `has_counts`: the file says how many records each node held; else the leaves hold shares.
Tree tree_of(const TreeEnsemble& trees, bool& has_counts);

}  // namespace mid
