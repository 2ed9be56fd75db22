#pragma once
#include <algorithm>
#include <vector>

#include "mid/model/tree/tree_grow.hpp"

namespace mid {

/// A question that a node may ask, and what it is worth.
struct SplitCandidate {
  static constexpr double kTie = 1e-12;
  int column = -1, cut = -1;  ///< cut -1: a child for each code
  double score = kTie;        ///< a split must be better than this
};

/// What each question at a node is worth: its gain less what its information costs, from how many rows have each code and class.
class SplitSearch {
 public:
  /// All but `rows`, which the tree is grown on, outlive it; `tree` has its columns, cuts and classes.
  SplitSearch(const TreeSpec& spec, const TreePenalty& penalty, const Tree& tree, int rows);
  /// `best` becomes the best question about a column if that is better. `counts`: the node's rows by code and class; `used`: a node above
  /// has split on the column.
  void try_column(int column, int depth, bool used, const int* counts, SplitCandidate& best) const;

 private:
  /// n log2 n, from a table as far as it goes.
  class LogTable {
   public:
    explicit LogTable(int most);
    double operator()(int n) const { return static_cast<std::size_t>(n) < table_.size() ? table_[static_cast<std::size_t>(n)] : exact(n); }

   private:
    static double exact(double n);
    std::vector<double> table_;
  };
  /// Collects the children of one candidate.
  struct Children {
    double impurity = 0, logs = 0;
    int count = 0, least = 0;
    void add(int rows, double its_impurity, double its_log) {
      least = count++ ? std::min(least, rows) : rows;
      impurity += its_impurity, logs += its_log;
    }
  };
  double impurity(const int* counts, int n) const;
  void add(Children& to, const int* counts) const;
  void compare(const Children& children, const int* total, int column, int cut, double lambda, SplitCandidate& best) const;
  std::vector<int> total_of(int column, const int* counts) const;
  void try_multiway(int column, const int* counts, double lambda, SplitCandidate& best) const;
  void try_cuts(int column, const int* counts, double lambda, SplitCandidate& best) const;

  const TreeSpec& spec_;
  const TreePenalty& penalty_;
  const Tree& tree_;
  int classes_, rows_;
  LogTable log_;
  bool cuts_, gini_;
};

}  // namespace mid
