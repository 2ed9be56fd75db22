#include "records_view.hpp"

#include "mid/experiment/dataset_cache.hpp"
#include "mid/experiment/records.hpp"
#include "mid/experiment/spec.hpp"
#include "views.hpp"

namespace mid::python {
namespace {

struct KeptRecords {
  DatasetCache datasets;
  std::vector<std::int32_t> row;
};

}  // namespace

py::dict records_of(const std::string& text) {
  const Spec spec = check_spec(parse_spec(text, "the specification"));
  auto kept = std::make_unique<KeptRecords>();
  const Data* data = nullptr;
  Json about;
  std::vector<std::string> parts;
  {
    const py::gil_scoped_release unlocked;
    data = &kept->datasets.data(spec);
    about = describe_records(spec, *data);
    parts = parts_of_rows(*data);
    for (int row = 0; row < data->set.rows(); ++row) kept->row.push_back(number_in_file(data->set, row));
  }
  about["spec"] = spec.json();
  const std::vector<std::int32_t>& row = kept->row;
  const Dataset& set = data->set;
  const Split& split = data->split;
  const py::object owner = owner_of(std::move(kept));
  py::dict out;
  out["about"] = text_object(about.dump(-1, ' ', false, Json::error_handler_t::replace));
  out["inputs"] = view_of(set.inputs, owner);
  out["target"] = set.classes.empty() ? view_of(set.target, owner) : view_of(set.label, owner);
  out["pictures"] = py::none();
  if (set.pictures.size() > 0) out["pictures"] = view_of<float>({set.pictures.rows(), set.height, set.width}, set.pictures.data(), owner);
  out["secret"] = set.secret ? py::object(view_of(set.secret->of_row, owner)) : py::object(py::none());
  out["row"] = view_of(row, owner);
  out["part"] = object_of(parts, owner);
  for (const auto& [name, rows] :
       {std::pair{"train", &split.train}, {"test", &split.test}, {"attacked", &split.attacked}, {"auxiliary", &split.auxiliary}})
    out[name] = view_of(*rows, owner);
  return out;
}

}  // namespace mid::python
