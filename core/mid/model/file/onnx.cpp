#include "mid/model/file/onnx.hpp"

#include <cstring>
#include <exception>

namespace {
/// A field of another wire type than the format has for it.
struct WrongWireType : std::exception {};
inline void expect_wire_type(bool good) {
  if (!good) throw WrongWireType();
}
}  // namespace
// A stranger's file must not end the program: what protozero asserts is thrown.
#define protozero_assert(x) expect_wire_type(x)
#include <protozero/pbf_reader.hpp>

#include "mid/base/error.hpp"
#include "mid/base/param.hpp"
#include "mid/model/file/short_floats.hpp"
#include "mid/model/file/tensor_file.hpp"

// Field numbers: onnx.proto and onnx-ml.proto of ONNX 1.12; later versions only add to them.

namespace mid {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;

constexpr std::size_t kMostNodes = 20'000, kMostTensorSides = 8, kMostNames = 100'000;
constexpr std::int64_t kLongestSide = 1 << 28;

std::string text_of_view(protozero::data_view view) { return {view.data(), view.size()}; }

/// A repeated field of whole numbers comes packed or one by one.
void read_wholes(pbf_reader& in, std::vector<std::int64_t>& out) {
  if (in.wire_type() != pbf_wire_type::length_delimited) return out.push_back(in.get_int64());
  for (const std::int64_t v : in.get_packed_int64()) out.push_back(v);
}
/// The same of fixed numbers, not aligned in the file.
template <class Stored>
void read_fixed(pbf_reader& in, std::vector<double>& out) {
  if (in.wire_type() != pbf_wire_type::length_delimited) {
    if constexpr (sizeof(Stored) == sizeof(float))
      out.push_back(in.get_float());
    else
      out.push_back(in.get_double());
    return;
  }
  const protozero::data_view view = in.get_view();
  if (view.size() % sizeof(Stored) != 0) throw protozero::end_of_buffer_exception();
  for (std::size_t at = 0; at < view.size(); at += sizeof(Stored)) {
    Stored v;
    std::memcpy(&v, view.data() + at, sizeof v);
    out.push_back(v);
  }
}

struct OnnxType {
  std::int64_t number;
  const char* name;
  std::size_t bytes;  ///< 0: cannot be read here
  bool whole;
};
constexpr OnnxType kTypes[] = {{1, "FLOAT", 4, false},         {2, "UINT8", 1, true},
                               {3, "INT8", 1, true},           {4, "UINT16", 2, true},
                               {5, "INT16", 2, true},          {6, "INT32", 4, true},
                               {7, "INT64", 8, true},          {8, "STRING", 0, false},
                               {9, "BOOL", 1, true},           {10, "FLOAT16", 2, false},
                               {11, "DOUBLE", 8, false},       {12, "UINT32", 4, true},
                               {13, "UINT64", 8, true},        {14, "COMPLEX64", 0, false},
                               {15, "COMPLEX128", 0, false},   {16, "BFLOAT16", 2, false},
                               {17, "FLOAT8E4M3FN", 0, false}, {18, "FLOAT8E4M3FNUZ", 0, false},
                               {19, "FLOAT8E5M2", 0, false},   {20, "FLOAT8E5M2FNUZ", 0, false},
                               {21, "UINT4", 0, true},         {22, "INT4", 0, true},
                               {23, "FLOAT4E2M1", 0, false}};

template <class Stored>
double number_at(const char* bytes) {
  Stored v;
  std::memcpy(&v, bytes, sizeof v);
  return static_cast<double>(v);
}

double raw_number(std::int64_t type, const char* bytes) {
  switch (type) {
    case 1: return number_at<float>(bytes);
    case 2:
    case 9: return number_at<std::uint8_t>(bytes);
    case 3: return number_at<std::int8_t>(bytes);
    case 4: return number_at<std::uint16_t>(bytes);
    case 5: return number_at<std::int16_t>(bytes);
    case 6: return number_at<std::int32_t>(bytes);
    case 7: return number_at<std::int64_t>(bytes);
    case 10: return half_number(static_cast<std::uint16_t>(number_at<std::uint16_t>(bytes)));
    case 11: return number_at<double>(bytes);
    case 12: return number_at<std::uint32_t>(bytes);
    case 13: return number_at<std::uint64_t>(bytes);
    default: return brain_number(static_cast<std::uint16_t>(number_at<std::uint16_t>(bytes)));
  }
}

class OnnxReader {
 public:
  explicit OnnxReader(std::string file) : file_(std::move(file)) {}

  OnnxGraph model(std::string_view bytes) {
    pbf_reader in(bytes.data(), bytes.size());
    bool graph = false;
    while (in.next()) switch (in.tag()) {
        case 2: out_.producer = in.get_string(); break;
        case 7: {
          if (graph) fail(Message("refusal.onnx_broken"));
          graph = true;
          pbf_reader g = in.get_message();
          read_graph(g);
          break;
        }
        case 8: {
          pbf_reader o = in.get_message();
          read_opset(o);
          break;
        }
        case 14: {
          pbf_reader m = in.get_message();
          std::string key, value;
          while (m.next()) {
            if (m.tag() == 1)
              key = m.get_string();
            else if (m.tag() == 2)
              value = m.get_string();
            else
              m.skip();
          }
          out_.metadata[key] = value;
          break;
        }
        case 25: fail(Message("refusal.onnx_functions"));
        default: in.skip();
      }
    if (!graph) fail(Message("refusal.onnx_no_graph"));
    std::erase_if(out_.inputs, [&](const OnnxValue& v) { return out_.constants.contains(v.name); });
    return std::move(out_);
  }

  [[noreturn]] void fail(const Message& problem) const { throw Error(file_, problem); }

 private:
  [[noreturn]] void fail(const std::string& tensor, const Message& problem) const {
    throw Error(file_, Message("refusal.tensor").with("tensor", shown(tensor)).with("problem", problem));
  }

  void read_opset(pbf_reader& in) {
    std::string domain;
    std::int64_t version = 0;
    while (in.next()) switch (in.tag()) {
        case 1: domain = in.get_string(); break;
        case 2: version = in.get_int64(); break;
        default: in.skip();
      }
    if (domain.empty() || domain == "ai.onnx") out_.opset = version;
  }

  void read_graph(pbf_reader& in) {
    while (in.next()) switch (in.tag()) {
        case 1: {
          if (out_.nodes.size() == kMostNodes) fail(Message("refusal.onnx_most_nodes").with("most", std::to_string(kMostNodes)));
          pbf_reader n = in.get_message();
          out_.nodes.push_back(read_node(n));
          break;
        }
        case 5: {
          pbf_reader t = in.get_message();
          std::string name;
          OnnxTensor tensor = read_tensor(t, name);
          if (!out_.constants.emplace(name, std::move(tensor)).second) fail(name, Message("refusal.onnx_twice"));
          break;
        }
        case 11:
        case 12: {
          std::vector<OnnxValue>& list = in.tag() == 11 ? out_.inputs : out_.outputs;
          pbf_reader v = in.get_message();
          if (list.size() == kMostNames) fail(Message("refusal.onnx_broken"));
          list.push_back(read_value(v));
          break;
        }
        case 14: fail(Message("refusal.onnx_quantised").with("what", "quantization_annotation"));
        case 15: fail(Message("refusal.onnx_sparse"));
        default: in.skip();
      }
  }

  OnnxNode read_node(pbf_reader& in) {
    OnnxNode node;
    while (in.next()) switch (in.tag()) {
        case 1: node.inputs.push_back(in.get_string()); break;
        case 2: node.outputs.push_back(in.get_string()); break;
        case 3: node.name = in.get_string(); break;
        case 4: node.op = in.get_string(); break;
        case 5: {
          pbf_reader a = in.get_message();
          read_attribute(a, node);
          break;
        }
        case 7: node.domain = in.get_string(); break;
        default: in.skip();
      }
    if (node.domain == "ai.onnx") node.domain.clear();
    return node;
  }

  void read_attribute(pbf_reader& in, OnnxNode& node) {
    OnnxAttribute a;
    std::string name;
    while (in.next()) switch (in.tag()) {
        case 1: name = in.get_string(); break;
        case 2: a.number = in.get_float(); break;
        case 3: a.whole = in.get_int64(); break;
        case 4: a.text = text_of_view(in.get_view()); break;
        case 5: {
          pbf_reader t = in.get_message();
          std::string unused;
          a.tensors.assign(1, read_tensor(t, unused));
          break;
        }
        case 6:
        case 11: in.skip(), a.graph = true; break;
        case 7: read_fixed<float>(in, a.numbers); break;
        case 8: read_wholes(in, a.wholes); break;
        case 9: a.texts.push_back(text_of_view(in.get_view())); break;
        default: in.skip();
      }
    node.attributes[name] = std::move(a);
  }

  OnnxValue read_value(pbf_reader& in) {
    OnnxValue value;
    while (in.next()) switch (in.tag()) {
        case 1: value.name = in.get_string(); break;
        case 2: {
          pbf_reader type = in.get_message();
          while (type.next()) {
            if (type.tag() != 1) {
              type.skip();
              continue;
            }
            pbf_reader tensor = type.get_message();
            while (tensor.next()) {
              if (tensor.tag() != 2) {
                tensor.skip();
                continue;
              }
              value.shaped = true;
              pbf_reader shape = tensor.get_message();
              read_shape(shape, value);
            }
          }
          break;
        }
        default: in.skip();
      }
    return value;
  }

  static void read_shape(pbf_reader& in, OnnxValue& value) {
    while (in.next()) {
      if (in.tag() != 1) {
        in.skip();
        continue;
      }
      pbf_reader side = in.get_message();
      std::int64_t size = -1;
      while (side.next()) {
        if (side.tag() == 1)
          size = side.get_int64();
        else
          side.skip();
      }
      if (value.shape.size() < kMostTensorSides + 1) value.shape.push_back(size > 0 && size <= kLongestSide ? size : -1);
    }
  }

  OnnxTensor read_tensor(pbf_reader& in, std::string& name) {
    OnnxTensor t;
    std::int64_t type = 0;
    protozero::data_view raw;
    bool is_raw = false, outside = false;
    std::vector<std::int64_t> wholes;
    while (in.next()) switch (in.tag()) {
        case 1: read_wholes(in, t.shape); break;
        case 2: type = in.get_int32(); break;
        case 4: read_fixed<float>(in, t.numbers); break;
        case 5:
        case 7:
        case 11: read_wholes(in, wholes); break;
        case 8: name = in.get_string(); break;
        case 9: raw = in.get_view(), is_raw = true; break;
        case 10: read_fixed<double>(in, t.numbers); break;
        case 13: in.skip(), outside = true; break;
        case 14: outside = in.get_int32() == 1 || outside; break;
        default: in.skip();
      }
    if (outside) fail(name, Message("refusal.onnx_external"));
    finish(t, type, is_raw ? std::string_view(raw.data(), raw.size()) : std::string_view(), is_raw, wholes, name);
    return t;
  }

  void finish(OnnxTensor& t, std::int64_t type, std::string_view raw, bool is_raw, const std::vector<std::int64_t>& wholes,
              const std::string& name) const {
    const OnnxType* known = nullptr;
    for (const OnnxType& k : kTypes)
      if (k.number == type) known = &k;
    if (constexpr std::int64_t kText = 8; type == kText) {  // names of classes; who computes with it finds no number
      t = {{0}, {}, false, "STRING"};
      return;
    }
    if (!known || known->bytes == 0)
      fail(name, Message("refusal.onnx_dtype").with("found", known ? std::string(known->name) : std::to_string(type)));
    t.whole = known->whole, t.dtype = known->name;
    if (t.shape.size() > kMostTensorSides) fail(name, Message("refusal.onnx_shape").with("shape", shown_shape(t.shape)));
    std::int64_t count = 1;
    for (const std::int64_t side : t.shape) {
      if (side < 0 || side > kLongestSide || (side > 0 && count > kLongestSide / side))
        fail(name, Message("refusal.onnx_shape").with("shape", shown_shape(t.shape)));
      count *= side;
    }
    if (is_raw) {
      if (raw.size() != static_cast<std::size_t>(count) * known->bytes)
        fail(name, Message("refusal.onnx_count")
                       .with("shape", shown_shape(t.shape))
                       .with("wanted", std::to_string(static_cast<std::size_t>(count) * known->bytes))
                       .with("found", std::to_string(raw.size())));
      t.numbers.resize(static_cast<std::size_t>(count));
      for (std::size_t i = 0; i < t.numbers.size(); ++i) t.numbers[i] = raw_number(type, raw.data() + i * known->bytes);
      return;
    }
    if (t.numbers.empty())
      for (const std::int64_t v : wholes)
        t.numbers.push_back(type == 10   ? half_number(static_cast<std::uint16_t>(v))
                            : type == 16 ? brain_number(static_cast<std::uint16_t>(v))
                                         : static_cast<double>(v));
    if (t.numbers.size() != static_cast<std::size_t>(count))
      fail(name, Message("refusal.onnx_count")
                     .with("shape", shown_shape(t.shape))
                     .with("wanted", std::to_string(count))
                     .with("found", std::to_string(t.numbers.size())));
  }

  std::string file_;
  OnnxGraph out_;
};

}  // namespace

std::int64_t OnnxNode::whole(const std::string& attribute, std::int64_t otherwise) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? otherwise : found->second.whole;
}
double OnnxNode::number(const std::string& attribute, double otherwise) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? otherwise : found->second.number;
}
std::string OnnxNode::text(const std::string& attribute, const std::string& otherwise) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? otherwise : found->second.text;
}
std::vector<std::int64_t> OnnxNode::wholes(const std::string& attribute) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? std::vector<std::int64_t>{} : found->second.wholes;
}
std::vector<double> OnnxNode::numbers(const std::string& attribute) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? std::vector<double>{} : found->second.numbers;
}

bool looks_like_onnx(std::string_view bytes) {
  // A model begins with its ir_version, a small number under the tag 8. In a safetensors file that byte may be a header's length, of
  // which the upper bytes are 0 and after which an object opens.
  constexpr std::size_t kLength = 8;
  if (bytes.size() < 2 || bytes[0] != 8 || bytes[1] < 1 || bytes[1] > 64) return false;
  return !(bytes.size() > kLength && bytes[kLength] == '{' && bytes.substr(4, 4) == std::string_view("\0\0\0\0", 4));
}

OnnxGraph read_onnx(std::string_view bytes, const std::string& file) {
  OnnxReader reader(file);
  try {
    return reader.model(bytes);
  } catch (const protozero::exception&) {
    reader.fail(Message("refusal.onnx_broken"));
  } catch (const WrongWireType&) {
    reader.fail(Message("refusal.onnx_broken"));
  }
}

}  // namespace mid
