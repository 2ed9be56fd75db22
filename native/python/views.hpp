#pragma once
#include <pybind11/numpy.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "mid/base/members.hpp"

namespace mid::python {

namespace py = pybind11;

/// Text as Python has it; bytes that are no UTF-8 are replaced.
inline py::object text_object(std::string_view text) {
  return py::reinterpret_steal<py::object>(PyUnicode_DecodeUTF8(text.data(), static_cast<py::ssize_t>(text.size()), "replace"));
}

/// Numbers in C++ memory as an array of NumPy, row after row, not copied: `owner` is what keeps them, for as long as the array lives.
template <class T>
py::array view_of(std::vector<py::ssize_t> shape, const T* numbers, const py::object& owner) {
  return py::array_t<T>(std::move(shape), numbers, owner);
}
template <class T>
py::array view_of(const std::vector<T>& numbers, const py::object& owner) {
  return view_of<T>({static_cast<py::ssize_t>(numbers.size())}, numbers.data(), owner);
}
template <members::Matrices M>
py::array view_of(const M& numbers, const py::object& owner) {
  if constexpr (M::ColsAtCompileTime == 1)
    return view_of<typename M::Scalar>({numbers.rows()}, numbers.data(), owner);
  else {
    static_assert(M::IsRowMajor);
    return view_of<typename M::Scalar>({numbers.rows(), numbers.cols()}, numbers.data(), owner);
  }
}

/// A value of those that list their members (base/members.hpp): a dict by their names, numbers in lists and matrices as views.
/// None: empty, or a member that is left out.
template <class T>
py::object object_of(const T& value, const py::object& owner) {
  if constexpr (Listed<T>) {
    py::dict out;
    T::each_member(value, [&](const char* name, const auto& member, bool there = true) {
      out[name] = there ? object_of(member, owner) : py::object(py::none());
    });
    return out;
  } else if constexpr (members::is_optional<T>) {
    return value ? object_of(*value, owner) : py::object(py::none());
  } else if constexpr (members::Matrices<T>) {
    return view_of(value, owner);
  } else if constexpr (members::is_list<T>) {
    if constexpr (std::is_arithmetic_v<typename T::value_type>) {
      return view_of(value, owner);
    } else {
      py::list out;
      for (const auto& one : value) out.append(object_of(one, owner));
      return out;
    }
  } else if constexpr (std::is_arithmetic_v<T>) {
    return py::cast(value);
  } else {
    return text_object(value);
  }
}

/// A handle that keeps `value` as long as any view of it lives.
template <class T>
py::capsule owner_of(std::unique_ptr<T> value) {
  py::capsule owner(value.get(), [](void* kept) { delete static_cast<T*>(kept); });
  (void)value.release();
  return owner;
}

}  // namespace mid::python
