#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
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

/// What was packed cannot be what it is read as: its file was damaged. What it holds has to be computed again.
class Damaged : public Failure {
 public:
  Damaged() : Failure(Message("refusal.state_damaged")) {}
};

/// Reads what Packer wrote, in the same order. Throws Damaged when the bytes end early or a count asks for more than is left.
/// What a value means is known to the reader alone: it checks indices and shapes by get_index(), get_same() and expect().
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}
  /// Throws Damaged unless `sound`.
  static void expect(bool sound) {
    if (!sound) throw Damaged();
  }
  template <class T>
    requires std::is_arithmetic_v<T>
  void get(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      std::uint8_t byte = 0;
      copy(&byte, 1);
      expect(byte <= 1);
      value = byte == 1;
    } else {
      copy(&value, sizeof value);
    }
  }
  /// A whole number from `low` up to, but not including, `end`.
  template <class T>
    requires std::is_integral_v<T>
  void get_index(T& value, std::type_identity_t<T> low, std::type_identity_t<T> end) {
    get(value);
    expect(value >= low && value < end);
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
    constexpr std::int64_t kMost = 1ll << 31, kRows = D::RowsAtCompileTime, kCols = D::ColsAtCompileTime;
    const auto left = static_cast<std::int64_t>(bytes_.size() / sizeof(typename D::Scalar));
    expect(rows >= 0 && cols >= 0 && rows < kMost && cols < kMost && (cols == 0 || rows <= left / cols));
    expect((kRows == Eigen::Dynamic || rows == kRows) && (kCols == Eigen::Dynamic || cols == kCols));
    m.resize(rows, cols);
    copy(m.data(), static_cast<std::size_t>(m.size()) * sizeof(typename D::Scalar));
  }
  template <class T>
    requires requires(T& value, Unpacker& unpacker) { value.unpack(unpacker); }
  void get(T& value) {
    value.unpack(*this);
  }
  /// A matrix of the shape that `m` has.
  template <class D>
  void get_same(Eigen::PlainObjectBase<D>& m) {
    const auto rows = m.rows(), cols = m.cols();
    get(m);
    expect(m.rows() == rows && m.cols() == cols);
  }
  /// How many of something follow, each of at least `size` bytes.
  std::size_t count(std::size_t size) {
    std::uint64_t n = 0;
    get(n);
    expect(n <= bytes_.size() / size);
    return static_cast<std::size_t>(n);
  }
  bool at_end() const { return bytes_.empty(); }

 private:
  void copy(void* to, std::size_t n) {
    expect(n <= bytes_.size());
    if (n) std::memcpy(to, bytes_.data(), n);
    bytes_.remove_prefix(n);
  }
  std::string_view bytes_;
};

/// Bytes that need not be text, in what lists its members (members.hpp): there a std::string is refused unless it is UTF-8.
struct Blob : std::string {
  Blob() = default;
  Blob(std::string bytes) : std::string(std::move(bytes)) {}
  void pack(Packer& out) const { out.add(static_cast<const std::string&>(*this)); }
  void unpack(Unpacker& in) { in.get(static_cast<std::string&>(*this)); }
};

}  // namespace mid
