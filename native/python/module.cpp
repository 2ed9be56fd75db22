// import midlab._core: what the package midlab (midlab/*.py) is made of. JSON goes in and out as text.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "exceptions.hpp"
#include "mid/base/user_folders.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/report/text.hpp"
#include "mid/sweep/sweep.hpp"
#include "mid/version.hpp"
#include "records_view.hpp"
#include "runner.hpp"
#include "views.hpp"

namespace mid::python {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;  // path, value as JSON

py::object written(const Json& json) { return text_object(json.dump(-1, ' ', false, Json::error_handler_t::replace)); }

/// The specification that is named ("preset:NAME" or a file) or given as JSON, with some fields set; not checked yet.
py::object specification(const std::string& name, const std::optional<std::string>& text, const Fields& set) {
  Json spec = text ? parse_spec(*text, "the specification") : named_spec(name);
  if (!spec.is_object()) throw Error("the specification", "must be an object, found " + spec.dump());
  for (const auto& [path, value] : set) set_field(spec, path, parse_spec(value, path));
  return written(spec);
}

SweepPlan plan(const std::string& spec, const Fields& vary, int seeds) {
  std::vector<Vary> fields;
  for (const auto& [path, values] : vary) fields.push_back({path, parse_spec(values, path).get<std::vector<Json>>()});
  return plan_sweep(parse_spec(spec, "the specification"), fields, seeds);
}

/// A run of it: {"varied": {PATH: value}, "seed", "id", "spec", "refused"}.
py::object planned_at(const SweepPlan& plan, std::size_t place) {
  if (place >= plan.size()) throw py::index_error();
  const SweepRun run = plan.run(place);
  Json varied = Json::object();
  for (std::size_t v = 0; v < plan.runs.paths.size(); ++v) varied[plan.runs.paths[v]] = plan.runs.combinations[run.combination][v];
  return written({{"varied", varied}, {"seed", run.seed}, {"id", run.id}, {"spec", run.spec}, {"refused", run.refused}});
}

}  // namespace
}  // namespace mid::python

PYBIND11_MODULE(_core, module) {
  using namespace mid;
  using namespace mid::python;
  add_exceptions(module);
  module.attr("version") = std::string(kVersion);
  module.attr("largest_seed") = kLargestSeed;
  module.def("cache_folder", [] { return user_cache_folder().string(); });
  module.def("catalogue", [] { return written(Session::catalogue()); });
  module.def("schema", [] { return written(spec_schema()); });
  module.def("presets", [] { return preset_names(); });
  module.def("specification", &specification, py::arg("name"), py::arg("text"), py::arg("set"));
  py::class_<SweepPlan>(module, "Plan")
      .def(py::init(&plan), py::arg("spec"), py::arg("vary"), py::arg("seeds"))
      .def("__len__", &SweepPlan::size)
      .def_property_readonly("held", &SweepPlan::is_held)
      .def("run", &planned_at, py::arg("place"));
  module.def("records", &records_of, py::arg("spec"));
  module.def(
      "result_text",
      [](const std::string& json) { return text_object(result_text(Result::from_json(parse_json(json, "the result", kLargestJson)))); },
      py::arg("result"));
  py::class_<Runner::Run>(module, "Run")
      .def_property_readonly("json", [](const Runner::Run& run) { return text_object(run.json); })
      .def_readonly("sheet", &Runner::Run::sheet)
      .def_readonly("beliefs", &Runner::Run::beliefs)
      .def_readonly("tree", &Runner::Run::tree)
      .def_readonly("model", &Runner::Run::model);
  py::class_<Runner>(module, "Runner")
      .def(py::init<const std::string&, const std::string&, int, py::object>(), py::arg("cache"), py::arg("device"), py::arg("threads"),
           py::arg("predict"))
      .def("run", &Runner::run, py::arg("spec"), py::arg("progress"), py::arg("planned"), py::arg("all_victims") = false)
      .def("notes", &Runner::notes);
}
