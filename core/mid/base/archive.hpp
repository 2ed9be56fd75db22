#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "mid/base/error.hpp"
#include "mid/base/matrix.hpp"

namespace mid {

/// Packs plain values, strings, vectors of plain values, Eigen matrices and what packs itself into bytes: save points and the stage
/// cache. Host byte order: the bytes stay on one machine and one build.
class Packer {
 public:
  template <class T>
    requires std::is_arithmetic_v<T>
  void add(const T& value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void add(const std::string& text) {
    add(static_cast<std::uint64_t>(text.size()));
    bytes_ += text;
  }
  template <class T>
    requires std::is_arithmetic_v<T>
  void add(const std::vector<T>& values) {
    add(static_cast<std::uint64_t>(values.size()));
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  template <class D>
  void add(const Eigen::PlainObjectBase<D>& m) {
    add(static_cast<std::int64_t>(m.rows()));
    add(static_cast<std::int64_t>(m.cols()));
    bytes_.append(reinterpret_cast<const char*>(m.data()), static_cast<std::size_t>(m.size()) * sizeof(typename D::Scalar));
  }
  /// What packs itself: `void pack(Packer&) const`, and `void unpack(Unpacker&)` for the way back.
  template <class T>
    requires requires(const T& value, Packer& packer) { value.pack(packer); }
  void add(const T& value) {
    value.pack(*this);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads what Packer wrote, in the same order. Throws Failure when the bytes end early.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}
  template <class T>
    requires std::is_arithmetic_v<T>
  void get(T& value) {
    copy(&value, sizeof value);
  }
  void get(std::string& text) {
    text.resize(count(1));
    copy(text.data(), text.size());
  }
  template <class T>
    requires std::is_arithmetic_v<T>
  void get(std::vector<T>& values) {
    values.resize(count(sizeof(T)));
    copy(values.data(), values.size() * sizeof(T));
  }
  template <class D>
  void get(Eigen::PlainObjectBase<D>& m) {
    std::int64_t rows = 0, cols = 0;
    get(rows);
    get(cols);
    const auto most = static_cast<std::int64_t>(bytes_.size() / sizeof(typename D::Scalar));
    if (rows < 0 || cols < 0 || (cols > 0 && rows > most / cols)) damaged();
    m.resize(rows, cols);
    copy(m.data(), static_cast<std::size_t>(m.size()) * sizeof(typename D::Scalar));
  }
  template <class T>
    requires requires(T& value, Unpacker& unpacker) { value.unpack(unpacker); }
  void get(T& value) {
    value.unpack(*this);
  }
  bool at_end() const { return bytes_.empty(); }

 private:
  [[noreturn]] static void damaged() { throw Failure("a saved state is damaged; clear the cache with `mid cache clear`"); }
  std::size_t count(std::size_t size) {
    std::uint64_t n = 0;
    get(n);
    if (n > bytes_.size() / size) damaged();
    return static_cast<std::size_t>(n);
  }
  void copy(void* to, std::size_t n) {
    if (n > bytes_.size()) damaged();
    if (n) std::memcpy(to, bytes_.data(), n);
    bytes_.remove_prefix(n);
  }
  std::string_view bytes_;
};

}  // namespace mid
