#include "mid/model/file/tensor_file.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/param.hpp"
#include "mid/model/file/short_floats.hpp"

namespace mid {

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian; swap bytes here");

namespace {

constexpr std::size_t kLengthBytes = 8, kAlignment = 8, kMostSides = 8;
constexpr std::int64_t kMostSide = 1 << 28;
constexpr std::size_t kLargestHeader = kLargestSpec;  // the format allows 100 MB, which would take a gigabyte once read

/// Bytes of a number of that type; 0 of one that is not known.
std::uint64_t size_of(const std::string& dtype) {
  static const std::map<std::string, std::uint64_t> kSizes{{"F64", 8}, {"F32", 4}, {"F16", 2}, {"BF16", 2}, {"I64", 8},
                                                           {"U64", 8}, {"I32", 4}, {"U32", 4}, {"I16", 2},  {"U16", 2},
                                                           {"I8", 1},  {"U8", 1},  {"BOOL", 1}};
  const auto found = kSizes.find(dtype);
  return found == kSizes.end() ? 0 : found->second;
}

template <class Stored>
Stored at(std::string_view bytes, Eigen::Index i) {
  Stored value;
  std::memcpy(&value, bytes.data() + static_cast<std::size_t>(i) * sizeof value, sizeof value);
  return value;
}

}  // namespace

std::string shown_shape(const std::vector<std::int64_t>& shape) { return Json(shape).dump(); }

TensorFile::TensorFile(std::string_view bytes, std::string file) : file_(std::move(file)) {
  if (bytes.size() < kLengthBytes) fail(Message("refusal.safetensors_short").with("found", std::to_string(bytes.size())));
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > bytes.size() - kLengthBytes)
    fail(Message("refusal.safetensors_cut").with("wanted", std::to_string(length)).with("found", std::to_string(bytes.size())));
  if (length > kLargestHeader)
    fail(Message("refusal.safetensors_header").with("found", shown_size(length)).with("most", shown_size(kLargestHeader)));
  data_ = bytes.substr(kLengthBytes + length);
  const Json header =
      parse_json(bytes.substr(kLengthBytes, length), file_ + ": its header", kLargestHeader, Message("refusal.part.hint_safetensors"));
  if (!header.is_object()) fail(Message("refusal.safetensors_object"));
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__")
      read_metadata(entry);
    else
      tensors_[name] = tensor(name, entry);
  }
  check_layout();
}

void TensorFile::fail(const Message& problem) const { throw Error(file_, problem); }
void TensorFile::fail(const std::string& tensor, const Message& problem) const {
  throw Error(file_, Message("refusal.tensor").with("tensor", shown(tensor)).with("problem", problem));
}

std::string TensorFile::text(const std::string& key, const std::string& otherwise) const {
  const auto found = metadata_.find(key);
  return found == metadata_.end() ? otherwise : found->second;
}

Json TensorFile::json(const std::string& key) const {
  return parse_json(text(key, "null"), file_ + ": its metadata " + shown(key), kLargestHeader);
}

void TensorFile::read_metadata(const Json& entry) {
  if (!entry.is_object()) fail(Message("refusal.metadata_object"));
  for (const auto& [key, value] : entry.items()) {
    if (!value.is_string()) fail(Message("refusal.metadata_text").with("key", shown(key)).with("found", shown(value)));
    value.get_to(metadata_[key]);
  }
}

StoredTensor TensorFile::tensor(const std::string& name, const Json& entry) const {
  StoredTensor t;
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets"))
    fail(name, Message("refusal.tensor_object"));
  if (!entry["dtype"].is_string()) fail(name, Message("refusal.tensor_dtype_text").with("found", shown(entry["dtype"])));
  entry["dtype"].get_to(t.dtype);
  const Json &shape = entry["shape"], &offsets = entry["data_offsets"];
  if (!shape.is_array() || shape.size() > kMostSides)
    fail(name, Message("refusal.tensor_most_sides").with("most", std::to_string(kMostSides)).with("found", shown(shape)));
  std::uint64_t bytes = size_of(t.dtype);
  for (const Json& side : shape) {
    if (!side.is_number_unsigned() || side.get<std::uint64_t>() < 1 || side.get<std::uint64_t>() > kMostSide)
      fail(name, Message("refusal.tensor_side").with("most", std::to_string(kMostSide)).with("found", shown(shape)));
    t.shape.push_back(side.get<std::int64_t>());
    if (bytes > data_.size()) continue;  // too large already; more of it could overflow
    bytes *= side.get<std::uint64_t>();
  }
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned())
    fail(name, Message("refusal.tensor_offsets").with("found", shown(offsets)));
  const auto begin = offsets[0].get<std::uint64_t>(), end = offsets[1].get<std::uint64_t>();
  if (begin > end || end > data_.size())
    fail(name, Message("refusal.tensor_outside").with("size", std::to_string(data_.size())).with("found", shown(offsets)));
  if (bytes > 0 && end - begin != bytes)
    fail(name,
         Message("refusal.tensor_bytes")
             .with("shape", shown_shape(t.shape))
             .with("dtype", t.dtype)
             .with("wanted", bytes > data_.size() ? Message("refusal.part.more_bytes") : counted(static_cast<long long>(bytes), "byte"))
             .with("found", std::to_string(end - begin)));
  t.bytes = data_.substr(begin, end - begin);
  return t;
}

/// The format's rule: the tensors cover the data without gap or overlap.
void TensorFile::check_layout() const {
  std::vector<std::pair<std::size_t, std::string>> order;
  for (const auto& [name, t] : tensors_) order.emplace_back(t.bytes.data() - data_.data(), name);
  std::sort(order.begin(), order.end());
  std::size_t covered = 0;
  for (const auto& [begin, name] : order) {
    if (begin != covered)
      fail(name, Message(begin < covered ? "refusal.tensor_overlaps" : "refusal.tensor_gap")
                     .with("found", std::to_string(begin))
                     .with("wanted", std::to_string(covered)));
    covered = begin + tensors_.at(name).bytes.size();
  }
  if (covered != data_.size())
    fail(Message("refusal.safetensors_data").with("found", std::to_string(data_.size())).with("taken", std::to_string(covered)));
}

MatrixD TensorFile::numbers(const std::string& name) const {
  const StoredTensor& t = tensors_.at(name);
  if (t.shape.size() > 2) fail(name, Message("refusal.tensor_two_sides").with("found", shown_shape(t.shape)));
  MatrixD out(t.shape.size() == 2 ? t.shape[0] : 1, t.shape.empty() ? 1 : t.shape.back());
  const auto fill = [&](auto number) {
    for (Eigen::Index i = 0; i < out.size(); ++i) out.data()[i] = number(i);
  };
  if (t.dtype == "F64")
    fill([&](Eigen::Index i) { return at<double>(t.bytes, i); });
  else if (t.dtype == "F32")
    fill([&](Eigen::Index i) { return static_cast<double>(at<float>(t.bytes, i)); });
  else if (t.dtype == "F16")
    fill([&](Eigen::Index i) { return half_number(at<std::uint16_t>(t.bytes, i)); });
  else if (t.dtype == "BF16")
    fill([&](Eigen::Index i) { return brain_number(at<std::uint16_t>(t.bytes, i)); });
  else
    fail(name, Message("refusal.tensor_dtype").with("found", shown(t.dtype)));
  if (!out.allFinite()) fail(name, Message("refusal.tensor_finite"));
  return out;
}

void TensorWriter::add(const std::string& name, const char* dtype, const void* numbers, std::size_t size, Eigen::Index rows,
                       Eigen::Index cols, bool row) {
  const auto begin = data_.size();
  data_.append(static_cast<const char*>(numbers), static_cast<std::size_t>(rows * cols) * size);
  const auto list = [](auto... n) { return nlohmann::ordered_json::array({n...}); };
  const auto shape = row ? list(cols) : list(rows, cols);
  header_[name] = {{"dtype", dtype}, {"shape", shape}, {"data_offsets", list(begin, data_.size())}};
}

void TensorWriter::add_bytes(const std::string& name, std::string_view bytes) {
  const auto begin = data_.size();
  data_ += bytes;
  header_[name] = {{"dtype", "U8"},
                   {"shape", nlohmann::ordered_json::array({bytes.size()})},
                   {"data_offsets", nlohmann::ordered_json::array({begin, data_.size()})}};
}

std::string TensorWriter::take() const {
  std::string text = header_.dump();
  while (text.size() % kAlignment) text += ' ';
  const std::uint64_t length = text.size();
  std::string out(kLengthBytes, '\0');
  std::memcpy(out.data(), &length, kLengthBytes);
  return out + text + data_;
}

}  // namespace mid
