#pragma once
#include <vector>

#include "ui/frame.hpp"
#include "ui/tree_view.hpp"

namespace mid::ui {

/// Where the parts of a tree stand: the whole tree where it fits into the box, else the path of one person with the siblings on
/// its way.
struct TreeLayout {
  struct Item {
    int node = -1, parent = -1;  ///< parent: its place in `items`
    Box box;
    bool on_path = false;
  };
  struct Hidden {  ///< siblings that did not fit
    float x, y;
    int count;
  };
  std::vector<Item> items;  ///< parents first
  std::vector<Hidden> hidden;
  float gap = 0;       ///< height between two rows
  float below = 0;     ///< room under a leaf for what was cut there
  bool whole = false;  ///< nothing stands under a leaf
  bool tall = false;   ///< leaves have room for their answer

  /// `beside`: what the first row leaves free at its right.
  static TreeLayout of(const Frame& f, const TreeView& tree, int person, Box box, float beside);
};

/// What stands in a node: its question, or what its leaf tells.
std::string label_of(const TreeView& tree, int node);

}  // namespace mid::ui
