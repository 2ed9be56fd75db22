#include "exceptions.hpp"

#include "mid/base/error.hpp"
#include "mid/base/text.hpp"
#include "views.hpp"

namespace mid::python {
namespace {

PyObject *error = nullptr, *failure = nullptr;  // for as long as the process lives

PyObject* new_exception(py::module_& module, const char* name, const char* words, PyObject* base, const char* attribute) {
  py::dict members;
  members[attribute] = "";
  const std::string full = std::string("midlab.") + name;
  PyObject* made = PyErr_NewExceptionWithDoc(full.c_str(), words, base, members.ptr());
  if (!made) throw py::error_already_set();
  module.attr(name) = py::handle(made);
  return made;
}

void set(PyObject* kind, const char* attribute, const std::string& value, const std::string& sentence) {
  py::object made = py::handle(kind)(text_object(printable(sentence)));
  made.attr(attribute) = text_object(printable(value));
  PyErr_SetObject(kind, made.ptr());
}

}  // namespace

void add_exceptions(py::module_& module) {
  error =
      new_exception(module, "Error", "Bad input; one sentence says which field, what was found and what is allowed. `field` is its path.",
                    PyExc_ValueError, "field");
  failure = new_exception(module, "Failure", "Work that could not be finished. `stage` says in which part of the run.", PyExc_RuntimeError,
                          "stage");
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const mid::Error& e) {
      set(error, "field", e.field(), e.what());
    } catch (const mid::Failure& e) {
      set(failure, "stage", "", e.what());
    }
  });
}

void raise_error(const std::string& field, const std::string& sentence) {
  set(error, "field", field, sentence);
  throw py::error_already_set();
}

void raise_failure(const std::string& stage, const std::string& sentence) {
  set(failure, "stage", stage, sentence);
  throw py::error_already_set();
}

}  // namespace mid::python
