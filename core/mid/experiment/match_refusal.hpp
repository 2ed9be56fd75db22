#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "mid/base/error.hpp"
#include "mid/base/param.hpp"
#include "mid/data/encode.hpp"

// What a model from a file and the data have in common, and what is said where they have not: for match_names.cpp and match_trees.cpp.
namespace mid {

inline int place_of(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

inline Message quoted(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) out.push_back(shown(name));
  return listed_briefly(out);
}

/// What people call the data: a table of their own is no "csv" to them.
inline Message name_of(const Dataset& set) {
  return set.name == "csv" ? Message("refusal.part.the_table") : Message::plain(shown(set.name));
}

/// What must be said where names do not fit: what the model wants, what there is.
class Refusal {
 public:
  Refusal(const std::string& path, const Dataset& set) : path_(path), set_(set) {}
  [[noreturn]] void lacks(const std::string& input) const { column("refusal.model_column", input); }
  /// The data have the column, but of the other type.
  [[noreturn]] void other_type(const std::string& input, bool number_here) const {
    column(number_here ? "refusal.model_column_texts" : "refusal.model_column_number", input);
  }
  [[noreturn]] void unknown(const std::vector<std::string>& inputs) const {
    refuse(Message("refusal.model_values").with("inputs", quoted(inputs)));
  }
  [[noreturn]] void other_classes(const std::vector<std::string>& model) const {
    refuse(Message("refusal.model_other_classes").with("classes", quoted(model)).with("found", quoted(set_.classes)));
  }
  /// Convolutions take their inputs in one order only.
  [[noreturn]] void other_pictures() const { refuse(Message("refusal.model_pictures")); }
  [[noreturn]] void other_target(const std::string& predicts) const {
    refuse(Message("refusal.model_target").with("target", shown(predicts)).with("wanted", shown(set_.target_name)));
  }

 private:
  [[noreturn]] void column(const char* key, const std::string& input) const {
    refuse(Message(key).with("column", shown(input)).with("columns", quoted(names_of(set_.table))));
  }
  [[noreturn]] void refuse(const Message& message) const {
    throw Error("model.file", message.with("file", shown(path_)).with("data", name_of(set_)));
  }
  const std::string& path_;
  const Dataset& set_;
};

/// The file takes `inputs` numbers a record, and the data have others.
[[noreturn]] void refuse_inputs(Eigen::Index inputs, const Dataset& set, const std::string& path);
/// It answers with so many classes (0: a number), and the data ask for others.
[[noreturn]] void refuse_answers(int classes, const Dataset& set, const std::string& path);

}  // namespace mid
