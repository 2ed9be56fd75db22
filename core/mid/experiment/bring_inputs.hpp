#pragma once
#include <vector>

#include "mid/data/dataset.hpp"
#include "mid/model/file/brought_inputs.hpp"
#include "mid/model/model.hpp"
#include "mid/model/tree/tree_ensemble.hpp"

namespace mid {

/// Names and scales a model's inputs, whatever the file says of their names; nothing for no `inputs`. Throws Error naming model.inputs for
/// another number of them, and for a tree that names its columns itself.
void bring_inputs(Model& model, const std::vector<BroughtInput>& inputs);
void bring_inputs(TreeEnsemble& trees, const std::vector<BroughtInput>& inputs);

/// Whether a table of one's own has a number behind a column of categories: pandas.get_dummies would have put all numbers first.
bool numbers_behind_categories(const Dataset& set);

}  // namespace mid
