#include "mid/experiment/tree_file.hpp"

#include "mid/base/error.hpp"
#include "mid/base/text.hpp"
#include "mid/model/model.hpp"
#include "mid/model/tree/tree_text.hpp"
#include "mid/report/svg.hpp"
#include "mid/report/tree_drawing.hpp"

namespace mid {

std::string tree_file(const Outcome& outcome, const std::string& format, const Json& words) {
  if (outcome.result.spec.value("model", Json::object()).value("kind", "") != "tree")
    throw Error("export", Message("refusal.export_no_tree"));
  if (format == "json") return outcome.model;
  TreeWords said;
  if (words.is_object() && !words.empty()) {
    said.data = outcome.result.spec.at("data").value("name", "");
    said.text = [&](std::string_view key) -> std::optional<std::string_view> {
      const auto found = words.find(key);
      if (found == words.end() || !found->is_string()) return std::nullopt;
      return std::string_view(found->get_ref<const std::string&>());
    };
  }
  if (format == "svg") {
    if (!outcome.tree) throw Error("export", Message("refusal.export_svg"));
    return drawing_svg(arrange_tree(*outcome.tree, said));
  }
  Tree tree = std::get<Tree>(model_from_bytes("tree", outcome.model, "the run's model"));
  for (TreeColumn& column : tree.columns) {
    column.name = said.column(column.name);
    for (std::string& category : column.categories) category = said.value(category);
  }
  for (std::string& answer : tree.classes) answer = said.value(answer);
  if (format == "dot") return printable_lines(tree_dot(tree));
  if (format == "txt") return printable_lines(tree_text(tree));
  throw Error("export",
              Message("refusal.must_be").with("allowed", either_of({"dot", "svg", "txt", "json"})).with("found", shown(Json(format))));
}

}  // namespace mid
