#include "tree_view.hpp"

#include <algorithm>
#include <cmath>

namespace mid::ui {

TreeView::TreeView(const Json& sheet) {
  const auto values = sheet.at("values").get<std::vector<std::string>>();
  std::size_t told = values.empty() ? 0 : values.size() - 1;
  for (std::size_t v = 0; v < values.size(); ++v)
    if (values[v] == "yes") told = v;
  name_ = values.empty() ? "" : values[told] == "yes" ? sheet.at("secret").get<std::string>() : values[told];
  for (const Json& n : sheet.at("nodes")) {
    Node node;
    node.parent = n.at("parent").get<int>(), node.branch = n.at("branch").get<std::string>(), node.question = n.at("question").get<std::string>();
    // The column's name is the question already: "8 < age <= 9" says "8 to 9" under "age?".
    if (const auto column = node.parent >= 0 ? nodes_[static_cast<std::size_t>(node.parent)].question : ""; !column.empty() && node.branch.starts_with(column)) {
      node.branch.erase(0, column.size());
      for (const char* sign : {" = ", " "})
        if (node.branch.starts_with(sign)) {
          node.branch.erase(0, std::string(sign).size());
          break;
        }
    } else if (const auto between = node.branch.find(" < " + column + " <= "); !column.empty() && between != std::string::npos) {
      node.branch.replace(between, column.size() + 7, " to ");
    }
    if (node.branch.starts_with("<= ")) node.branch.replace(0, 2, "≤");
    node.asks = n.at("asks").get<bool>(), node.share = n.at("share").get<double>(), node.gain = n.at("gain").get<double>(), node.told = n.at("told").get<double>();
    const Json& shares = n.at("values");
    node.tells = told < shares.size() ? shares[told].get<double>() : 0;
    if (node.parent >= 0) nodes_[static_cast<std::size_t>(node.parent)].children.push_back(size());
    nodes_.push_back(std::move(node));
  }
  victims_ = sheet.at("victims").get<std::vector<int>>();
}

int TreeView::leaves() const { return static_cast<int>(std::count_if(nodes_.begin(), nodes_.end(), [](const Node& n) { return n.children.empty(); })); }

bool TreeView::gives_away(int node) const { return std::fabs(tells(node) - everyone()) > .25; }

std::vector<int> TreeView::path(int victim) const {
  std::vector<int> out;
  for (int node = victim < static_cast<int>(victims_.size()) ? victims_[static_cast<std::size_t>(victim)] : 0; node >= 0; node = at(node).parent) out.push_back(node);
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace mid::ui
