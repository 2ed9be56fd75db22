#pragma once
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Arrays as NumPy's files have them. Numbers are little-endian, row after row.
namespace mid::cli {

using NpyShape = std::vector<std::size_t>;

/// One array (NPY format 1.0). `type` is NumPy's: "<f8", "|S9".
std::string npy(std::string_view type, const NpyShape& shape, std::string_view bytes);

template <class T>
constexpr std::string_view npy_type() {
  if constexpr (std::same_as<T, double>)
    return "<f8";
  else if constexpr (std::same_as<T, float>)
    return "<f4";
  else if constexpr (std::same_as<T, std::int32_t>)
    return "<i4";
  else {
    static_assert(std::same_as<T, std::uint8_t>);
    return "|u1";
  }
}
template <class T>
std::string npy_of(const T* values, const NpyShape& shape) {
  std::size_t n = 1;
  for (const std::size_t length : shape) n *= length;
  return npy(npy_type<T>(), shape, {reinterpret_cast<const char*>(values), n * sizeof(T)});
}
template <class T>
std::string npy_of(const std::vector<T>& values) {
  return npy_of(values.data(), {values.size()});
}

/// Several arrays by their names in one file, as numpy.load reads them: a zip archive whose members are not packed. It holds no times, so
/// that equal arrays give equal bytes.
class Npz {
 public:
  /// `name` is what numpy.load calls it; `array` what npy() made.
  void add(const std::string& name, const std::string& array);
  bool empty() const { return members_ == 0; }
  /// The whole file. Throws Failure where it is larger than such an archive can be (4 GiB).
  std::string bytes() const;

 private:
  std::string content_, directory_;
  std::uint16_t members_ = 0;
};

}  // namespace mid::cli
