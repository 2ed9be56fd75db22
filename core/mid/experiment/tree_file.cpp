#include "mid/experiment/tree_file.hpp"

#include "mid/base/error.hpp"
#include "mid/base/text.hpp"
#include "mid/model/model.hpp"
#include "mid/model/tree/tree_text.hpp"
#include "mid/report/svg.hpp"
#include "mid/report/tree_drawing.hpp"

namespace mid {

std::string tree_file(const Outcome& outcome, const std::string& format) {
  if (outcome.result.spec.value("model", Json::object()).value("kind", "") != "tree")
    throw Error("export", Message("refusal.export_no_tree"));
  if (format == "json") return outcome.model;
  if (format == "svg") {
    if (!outcome.tree) throw Error("export", Message("refusal.export_svg"));
    return drawing_svg(arrange_tree(*outcome.tree));
  }
  const Tree tree = std::get<Tree>(model_from_bytes("tree", outcome.model, "the run's model"));
  if (format == "dot") return printable_lines(tree_dot(tree));
  if (format == "txt") return printable_lines(tree_text(tree));
  throw Error("export",
              Message("refusal.must_be").with("allowed", either_of({"dot", "svg", "txt", "json"})).with("found", shown(Json(format))));
}

}  // namespace mid
