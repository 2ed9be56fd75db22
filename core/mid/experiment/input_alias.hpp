#pragma once
#include <string>

#include "mid/data/dataset.hpp"

namespace mid {

/// What an input of another program's model is called here: "sex_m" (pandas.get_dummies, scikit-learn's OneHotEncoder) is "sex=m" and
/// "cat__sex_m" (its ColumnTransformer) is so, too, where the data have such a column with such a category, and nothing of that name. A
/// name that says nothing is given back as it is.
std::string input_alias(const std::string& name, const Dataset& set);

}  // namespace mid
