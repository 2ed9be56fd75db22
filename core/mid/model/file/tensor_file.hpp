#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/json.hpp"
#include "mid/base/matrix.hpp"
#include "mid/base/message.hpp"

namespace mid {

/// One tensor of a safetensors file.
struct StoredTensor {
  std::string dtype;                ///< "F32"
  std::vector<std::int64_t> shape;  ///< empty of a single number
  std::string_view bytes;
};

/// A safetensors file (https://github.com/huggingface/safetensors) taken apart: what lies where, whatever it means.
class TensorFile {
 public:
  /// `bytes` must outlive this. Throws Error naming `file` for what breaks the format's rules: a header that is none or names a
  /// tensor twice, tensors that overlap, leave gaps or have another size than their shape takes.
  TensorFile(std::string_view bytes, std::string file);

  const std::map<std::string, StoredTensor>& tensors() const { return tensors_; }
  bool has(const std::string& name) const { return tensors_.contains(name); }

  /// A text of __metadata__; `otherwise` where it has none of that name.
  std::string text(const std::string& key, const std::string& otherwise) const;
  bool has_text(const std::string& key) const { return metadata_.contains(key); }
  /// The same where the text is JSON; null where absent.
  Json json(const std::string& key) const;

  /// The numbers of a tensor of one or two sides, one side as a row, exactly: F16, BF16, F32 and F64 are all doubles. Throws Error
  /// for other types, other shapes and numbers that are not finite.
  MatrixD numbers(const std::string& name) const;

  const std::string& file() const { return file_; }
  /// Throws Error naming the file; of a tensor, `problem` is what is wrong with it ("refusal.tensor_...").
  [[noreturn]] void fail(const Message& problem) const;
  [[noreturn]] void fail(const std::string& tensor, const Message& problem) const;

 private:
  void read_metadata(const Json& entry);
  StoredTensor tensor(const std::string& name, const Json& entry) const;
  void check_layout() const;

  std::string file_;
  std::string_view data_;
  std::map<std::string, StoredTensor> tensors_;
  std::map<std::string, std::string> metadata_;
};

/// Writes one.
class TensorWriter {
 public:
  /// A matrix as [rows, cols], or with `row` as [cols]; float as F32, double as F64.
  void add(const std::string& name, const Matrix& value, bool row) {
    add(name, "F32", value.data(), sizeof(float), value.rows(), value.cols(), row);
  }
  void add(const std::string& name, const MatrixD& value, bool row) {
    add(name, "F64", value.data(), sizeof(double), value.rows(), value.cols(), row);
  }
  /// Bytes as they are, as U8.
  void add_bytes(const std::string& name, std::string_view bytes);
  void describe(const std::string& key, const std::string& text) { header_["__metadata__"][key] = text; }
  std::string take() const;

 private:
  void add(const std::string& name, const char* dtype, const void* numbers, std::size_t size, Eigen::Index rows, Eigen::Index cols,
           bool row);
  nlohmann::ordered_json header_ = nlohmann::ordered_json::object();
  std::string data_;
};

/// "[8,11]".
std::string shown_shape(const std::vector<std::int64_t>& shape);

}  // namespace mid
