#pragma once
#include <string>
#include <vector>

#include "mid/data/dataset.hpp"
#include "mid/model/model.hpp"
#include "mid/model/tree/tree_ensemble.hpp"

namespace mid {

/// Fits a model from a file to the data by the names that it brings: its inputs (of a tree columns and their categories) and its
/// classes come into the data's order, so that it answers each record as it would where it was trained. What the data lack
/// and the model never needs there (a category that does not occur, a column that it does not ask about) costs nothing; a column
/// of the data that it does not know changes none of its answers; both are told in `remarks`, a message each. A regression's
/// answers are brought to the data's scaling of the target. A model without names is taken as it is. Throws Error naming model.file
/// for columns that the model needs and the data lack, categories of which it cannot know what they are, other classes, another
/// target. `path`: the file, for the sentences.
void match_names(Model& model, const Dataset& set, const std::string& path, std::vector<Message>& remarks);
/// The same for trees that take the inputs of a network: these and the classes come into the data's order. Classes that are numbers counted
/// up from 0 are in the data's order, if none of these is called so.
void match_names(TreeEnsemble& trees, const Dataset& set, const std::string& path, std::vector<Message>& remarks);

}  // namespace mid
