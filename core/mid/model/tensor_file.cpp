#include "mid/model/tensor_file.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/param.hpp"

namespace mid {

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian; swap bytes here");

namespace {

constexpr std::size_t kLengthBytes = 8, kAlignment = 8, kMostSides = 8;
constexpr std::int64_t kMostSide = 1 << 28;
constexpr std::size_t kLargestHeader = kLargestSpec;  // the format allows 100 MB, which would take a gigabyte once read

/// Bytes of a number of that type; 0 of one that is not known.
std::uint64_t size_of(const std::string& dtype) {
  static const std::map<std::string, std::uint64_t> kSizes{{"F64", 8}, {"F32", 4}, {"F16", 2},     {"BF16", 2},    {"I64", 8}, {"U64", 8}, {"I32", 4},
                                                           {"U32", 4}, {"I16", 2}, {"U16", 2},     {"I8", 1},      {"U8", 1},  {"BOOL", 1}};
  const auto found = kSizes.find(dtype);
  return found == kSizes.end() ? 0 : found->second;
}

/// IEEE 754 binary16.
double half(std::uint16_t bits) {
  constexpr int kFraction = 10, kBias = 15, kTop = 31;
  const int exponent = bits >> kFraction & kTop, fraction = bits & ((1 << kFraction) - 1);
  const double sign = bits >> 15 ? -1 : 1;
  if (exponent == kTop) return fraction ? std::nan("") : sign * HUGE_VAL;
  return sign * (exponent == 0 ? std::ldexp(fraction, 1 - kBias - kFraction) : std::ldexp(fraction + (1 << kFraction), exponent - kBias - kFraction));
}

/// The upper half of a float.
double brain(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

template <class Stored>
Stored at(std::string_view bytes, Eigen::Index i) {
  Stored value;
  std::memcpy(&value, bytes.data() + static_cast<std::size_t>(i) * sizeof value, sizeof value);
  return value;
}

}  // namespace

std::string shown_shape(const std::vector<std::int64_t>& shape) { return Json(shape).dump(); }

TensorFile::TensorFile(std::string_view bytes, std::string file) : file_(std::move(file)) {
  if (bytes.size() < kLengthBytes) fail("is no safetensors file: it has " + std::to_string(bytes.size()) + " bytes, at least 10 are needed");
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > bytes.size() - kLengthBytes)
    fail("is no safetensors file, or cut short: its header should have " + std::to_string(length) + " bytes, the file has " + std::to_string(bytes.size()));
  if (length > kLargestHeader) fail("has a header of " + shown_size(length) + ", more than the " + shown_size(kLargestHeader) + " that are read; leave out metadata");
  data_ = bytes.substr(kLengthBytes + length);
  const Json header = parse_json(bytes.substr(kLengthBytes, length), file_ + ": its header", kLargestHeader, "; a safetensors file begins with a JSON object");
  if (!header.is_object()) fail("is no safetensors file: its header is no JSON object");
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") read_metadata(entry);
    else tensors_[name] = tensor(name, entry);
  }
  check_layout();
}

void TensorFile::fail(const std::string& problem) const { throw Error(file_, problem); }
void TensorFile::fail(const std::string& tensor, const std::string& problem) const {
  throw Error(file_, "holds tensor " + shown(tensor) + ", which " + problem);
}

std::string TensorFile::text(const std::string& key, const std::string& otherwise) const {
  const auto found = metadata_.find(key);
  return found == metadata_.end() ? otherwise : found->second;
}

Json TensorFile::json(const std::string& key) const { return parse_json(text(key, "null"), file_ + ": its metadata " + shown(key), kLargestHeader); }

void TensorFile::read_metadata(const Json& entry) {
  if (!entry.is_object()) fail("has a __metadata__ that is no object of texts");
  for (const auto& [key, value] : entry.items()) {
    if (!value.is_string()) fail("has metadata " + shown(key) + " that must be text, found " + shown(value));
    value.get_to(metadata_[key]);
  }
}

StoredTensor TensorFile::tensor(const std::string& name, const Json& entry) const {
  StoredTensor t;
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets"))
    fail(name, "must be an object with dtype, shape and data_offsets");
  if (!entry["dtype"].is_string()) fail(name, "must have a dtype such as \"F32\", found " + shown(entry["dtype"]));
  entry["dtype"].get_to(t.dtype);
  const Json &shape = entry["shape"], &offsets = entry["data_offsets"];
  if (!shape.is_array() || shape.size() > kMostSides) fail(name, "must have a shape of at most " + std::to_string(kMostSides) + " sides, found " + shown(shape));
  std::uint64_t bytes = size_of(t.dtype);
  for (const Json& side : shape) {
    if (!side.is_number_unsigned() || side.get<std::uint64_t>() < 1 || side.get<std::uint64_t>() > kMostSide)
      fail(name, "must have sides of 1 to " + std::to_string(kMostSide) + ", found " + shown(shape));
    t.shape.push_back(side.get<std::int64_t>());
    if (bytes > data_.size()) continue;  // too large already; more of it could overflow
    bytes *= side.get<std::uint64_t>();
  }
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned())
    fail(name, "must have two data_offsets, found " + shown(offsets));
  const auto begin = offsets[0].get<std::uint64_t>(), end = offsets[1].get<std::uint64_t>();
  if (begin > end || end > data_.size())
    fail(name, "must lie within the file's " + std::to_string(data_.size()) + " bytes of data, found offsets " + shown(offsets));
  if (bytes > 0 && end - begin != bytes)
    fail(name, "of shape " + shown_shape(t.shape) + " and dtype " + t.dtype + " needs " + (bytes > data_.size() ? "more bytes than the file has" : std::to_string(bytes) + " bytes") +
                   ", found " + std::to_string(end - begin));
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
      fail(name, std::string(begin < covered ? "overlaps" : "leaves a gap after") + " the tensor before it: it begins at byte " +
                     std::to_string(begin) + " of the data, wanted is " + std::to_string(covered));
    covered = begin + tensors_.at(name).bytes.size();
  }
  if (covered != data_.size()) fail("has " + std::to_string(data_.size()) + " bytes of data, its tensors take " + std::to_string(covered));
}

MatrixD TensorFile::numbers(const std::string& name) const {
  const StoredTensor& t = tensors_.at(name);
  if (t.shape.size() > 2) fail(name, "must have a shape of 1 or 2 sides, found " + shown_shape(t.shape));
  MatrixD out(t.shape.size() == 2 ? t.shape[0] : 1, t.shape.empty() ? 1 : t.shape.back());
  const auto fill = [&](auto number) {
    for (Eigen::Index i = 0; i < out.size(); ++i) out.data()[i] = number(i);
  };
  if (t.dtype == "F64") fill([&](Eigen::Index i) { return at<double>(t.bytes, i); });
  else if (t.dtype == "F32") fill([&](Eigen::Index i) { return static_cast<double>(at<float>(t.bytes, i)); });
  else if (t.dtype == "F16") fill([&](Eigen::Index i) { return half(at<std::uint16_t>(t.bytes, i)); });
  else if (t.dtype == "BF16") fill([&](Eigen::Index i) { return brain(at<std::uint16_t>(t.bytes, i)); });
  else fail(name, "must have dtype F16, BF16, F32 or F64, found " + shown(t.dtype) + "; save the weights as 32-bit numbers");
  if (!out.allFinite()) fail(name, "must hold finite numbers, found one that is infinite or not a number");
  return out;
}

void TensorWriter::add(const std::string& name, const char* dtype, const void* numbers, std::size_t size, Eigen::Index rows, Eigen::Index cols, bool row) {
  const auto begin = data_.size();
  data_.append(static_cast<const char*>(numbers), static_cast<std::size_t>(rows * cols) * size);
  const auto list = [](auto... n) { return nlohmann::ordered_json::array({n...}); };
  const auto shape = row ? list(cols) : list(rows, cols);
  header_[name] = {{"dtype", dtype}, {"shape", shape}, {"data_offsets", list(begin, data_.size())}};
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
