#pragma once
#include <string>
#include <vector>

#include "ui/belief_bars.hpp"
#include "ui/frame.hpp"
#include "ui/tree_view.hpp"

namespace mid::ui {

/// How the attacked people share themselves out over a tree.
struct TreePeople {
  TreePeople(const TreeView& tree, const BeliefSheet& b);
  std::vector<int> all, gained, leaves;  ///< of each node, with those below it
  int fates[3] = {};
};

/// A tree from the left to the right, as far as its box goes: the way of one person, what the visitor opened, the leaves that give away
/// most; all else as cards that open.
struct TreeLayout {
  enum class What { question, leaf, closed, rest };  ///< rest: children that stand in one card
  struct Item {
    What what = What::leaf;
    int node = 0;     ///< of a rest: whose children they are
    int parent = -1;  ///< its place in `items`
    Box box;
    bool on_path = false;
    float turn = 0;                         ///< where the line from its parent turns
    int count = 0, leaves = 0, people = 0;  ///< of a rest: how many it stands for, and what is below them
  };
  std::vector<Item> items;  ///< from top to bottom, parents before their children
  int before = 0;           ///< questions on the left that there is no room for
  Box cut;                  ///< the card of what the defence cut; without width: it cut nothing
  int cut_leaves = 0;
  float answer = 0, share = 0;         ///< widths of a card's columns
  bool roomy = false, spoken = false;  ///< cards have a column of people, and the words beside what they give away

  static TreeLayout of(const Frame& f, const TreeView& tree, const TreePeople& people, int person, Box box);
};

/// The leaves that give away most people, the first first.
std::vector<int> telling_leaves(const TreeView& tree, const TreePeople& people);

/// The texts about those of each fate.
inline constexpr const char* kFateWords[] = {"tree.known", "tree.gained", "tree.wrong"};
/// "Of 1,000 people attacked: 540 right by guessing, 170 thanks to it, 290 wrong".
std::string fates_in_words(const TreePeople& people);
/// "3 before", "27 leaves", "512 people", "0 % married".
std::string before_words(int n);
std::string leaves_words(int n);
std::string people_words(int n);
std::string share_words(const TreeView& tree, int node);

}  // namespace mid::ui
