// Networks as files: what was written comes back, another program's file is read, and hostile ones are refused by name.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>
#include <limits>

#include "../matrices.hpp"
#include "mid/base/file.hpp"
#include "mid/model/file/safetensors.hpp"

using namespace mid;

namespace {

Network example(bool stochastic, int bottleneck, int classes = 3) {
  NetworkSpec spec;
  spec.hidden = {4, 5};
  spec.activation = "tanh";
  spec.bottleneck = bottleneck;
  Network net = make_network(spec, stochastic, 6, classes, Stream{1, 0});
  net.input_mean.setConstant(.25f), net.input_sd.setConstant(3);
  return net;
}

/// A file from a header text and data bytes.
std::string file_of(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  std::string out(8, '\0');
  std::memcpy(out.data(), &length, 8);
  return out + header + data;
}

struct Parts {
  Json header;
  std::string data;
  std::string joined() const { return file_of(header.dump(), data); }
};

Parts parts(const std::string& bytes) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  return {Json::parse(bytes.substr(8, length)), bytes.substr(8 + length)};
}

std::string refusal(const std::string& bytes) {
  try {
    network_from_safetensors(bytes, "m.safetensors");
  } catch (const Error& e) {
    CHECK(e.field().starts_with("m.safetensors"));
    return e.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a network with convolutions comes back from its file bit by bit, or is refused by name", "[safetensors][convolution]") {
  NetworkSpec spec;
  spec.convolutions = {{.filters = 2, .kernel = 3, .stride = 1, .padding = 1, .pool = 2}, {.filters = 3, .kernel = 2}};
  spec.hidden = {4}, spec.bottleneck = 2;
  Network net = make_network(spec, true, 30, 3, Stream{1, 0}, {6, 5, 1});
  const std::string bytes = to_safetensors(net, Json{{"a", 1}});
  Network back = network_from_safetensors(bytes, "m.safetensors");
  REQUIRE(back.convolutions.size() == 2);
  CHECK(back.convolutions[1].in == PictureShape{3, 2, 2});
  CHECK(back.convolutions[0].shape.pool == 2);
  CHECK(back.stochastic);
  const auto all = net.parameters(), read = back.parameters();
  REQUIRE(all.size() == read.size());
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i]->value == read[i]->value);
  CHECK(to_safetensors(back, Json{{"a", 1}}) == bytes);

  const auto with = [&](const std::function<void(Json&)>& change) {
    Parts p = parts(bytes);
    Json told = Json::parse(p.header["__metadata__"]["convolutions"].get<std::string>());
    change(told);
    p.header["__metadata__"]["convolutions"] = told.dump();
    return refusal(p.joined());
  };
  CHECK(with([](Json& j) { j["layers"][0]["filters"] = 3; }).find("convolution.0.weight") != std::string::npos);
  CHECK(with([](Json& j) { j["layers"][0]["kernel"] = 2; }).find("convolution.0.weight") != std::string::npos);
  CHECK(with([](Json& j) { j["layers"].erase(1); }).find("convolution") != std::string::npos);
  CHECK(with([](Json& j) { j["layers"][1]["kernel"] = 60; }).find("convolutions.layers[1].kernel") != std::string::npos);
  CHECK(with([](Json& j) { j["height"] = 0; }).find("convolutions.height") != std::string::npos);
  CHECK(with([](Json& j) { j["height"] = 4096, j["width"] = 4096; }).find("convolutions.layers[0]") != std::string::npos);
  CHECK(with([](Json& j) { j = "none"; }).find("convolutions") != std::string::npos);
}

TEST_CASE("a network comes back from its file bit by bit", "[safetensors]") {
  for (auto [stochastic, bottleneck, classes] : {std::tuple{true, 3, 3}, {false, 3, 2}, {false, 0, 3}, {true, 1, 2}}) {
    Network net = example(stochastic, bottleneck, classes);
    net.code_mean = Matrix::Constant(1, net.code_size(), .25f), net.code_sd = Matrix::Constant(1, net.code_size(), 1.5f);
    if (stochastic)
      net.class_mean.value = Matrix::Random(classes, net.code_size());
    else
      net.purifier = Purifier{make_layer(classes, 2, Stream{4}), make_layer(2, classes, Stream{5})};
    const Json spec = {{"version", 1}, {"seed", 7}};
    const std::string bytes = to_safetensors(net, spec);
    Json read_spec;
    Network back = network_from_safetensors(bytes, "m.safetensors", &read_spec);
    CHECK(read_spec == spec);
    CHECK(back.activation == "tanh");
    CHECK(back.stochastic == stochastic);
    CHECK(back.classes == classes);
    CHECK(back.code_size() == net.code_size());
    if (bottleneck > 0) CHECK(back.code_size() == bottleneck);
    CHECK(back.code_mean == net.code_mean);
    CHECK(back.code_sd == net.code_sd);
    CHECK(back.input_mean == net.input_mean);
    CHECK(back.input_sd == net.input_sd);
    const auto a = net.parameters(), b = back.parameters();
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i]->value == b[i]->value);
    if (!stochastic) {
      const Matrix code = Matrix::Random(5, net.code_size());
      REQUIRE(back.purifier.has_value());
      CHECK(logits_of(back, code) == logits_of(net, code));
      CHECK(logits_of(back, code) != unpurified_logits_of(back, code));
    }
    CHECK(to_safetensors(back, spec) == bytes);
  }
}

TEST_CASE("noise of a fixed size comes back, and its bottleneck gives means alone", "[safetensors]") {
  NetworkSpec spec;
  spec.hidden = {4}, spec.bottleneck = 3;
  const Network net = make_network(spec, true, 6, 3, Stream{1, 0}, {}, .25);
  const std::string bytes = to_safetensors(net, Json::object());
  const Network back = network_from_safetensors(bytes, "m.safetensors");
  CHECK(back.stochastic);
  CHECK(back.noise_sd == net.noise_sd);
  CHECK(back.bottleneck->weight.value == net.bottleneck->weight.value);
  CHECK(to_safetensors(back, Json::object()) == bytes);
  Network both = make_network(spec, true, 6, 3, Stream{1, 0});
  both.noise_sd = net.noise_sd;
  CHECK(refusal(to_safetensors(both, Json::object())).find("must take the 6 numbers that the bottleneck gives") != std::string::npos);
  both = net;
  both.noise_sd(0, 1) = -1;
  CHECK(refusal(to_safetensors(both, Json::object())).find("must not hold numbers below 0, found -1") != std::string::npos);
  both.noise_sd = Matrix::Ones(1, 2);
  CHECK(refusal(to_safetensors(both, Json::object())) != "accepted");
}

TEST_CASE("class means and purifiers of the wrong size are refused", "[safetensors]") {
  Network net = example(true, 3);
  net.class_mean.value = Matrix::Ones(net.classes + 1, 3);
  CHECK(refusal(to_safetensors(net, Json::object())).find("must have a row for each of the 3 classes, found 4") != std::string::npos);
  net.class_mean.value.resize(0, 0);
  net.purifier = Purifier{make_layer(3, 2, Stream{4}), make_layer(2, 4, Stream{5})};
  CHECK(refusal(to_safetensors(net, Json::object())).find("must give a number for each of the 3 classes, found 4") != std::string::npos);
}

TEST_CASE("the file follows the format's rules", "[safetensors]") {
  const std::string bytes = to_safetensors(example(true, 3), Json::object());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  CHECK(length % 8 == 0);  // the data are aligned
  CHECK(bytes[8] == '{');
  const Parts p = parts(bytes);
  CHECK(p.header["hidden.0.weight"]["shape"] == Json::array({4, 6}));  // outputs x inputs, as nn.Linear
  CHECK(p.header["hidden.0.bias"]["shape"] == Json::array({4}));
  CHECK(p.header["bottleneck.weight"]["shape"] == Json::array({6, 5}));
  CHECK(p.header["input.mean"]["dtype"] == "F32");
  for (const auto& [key, value] : p.header["__metadata__"].items()) CHECK(value.is_string());
  std::size_t covered = 0;
  for (const auto& [name, entry] : p.header.items())
    if (name != "__metadata__") covered += entry["data_offsets"][1].get<std::size_t>() - entry["data_offsets"][0].get<std::size_t>();
  CHECK(covered == p.data.size());
}

TEST_CASE("a file of another program is read: no metadata, no normalisation", "[safetensors][golden]") {
  const auto folder = std::filesystem::path(__FILE__).parent_path() / "../../golden";
  Json spec = 1;
  Network net = network_from_safetensors(read_file(folder / "small.safetensors"), "small.safetensors", &spec);
  CHECK(spec.is_null());
  CHECK(!net.stochastic);
  CHECK(net.activation == "relu");
  CHECK(net.classes == 3);
  CHECK(net.input_sd == Matrix::Ones(1, 3));
  const Json g = Json::parse(read_file(folder / "nn.json"))["safetensors"];
  const auto device = cpu_device();
  Context context{*device, Stream{1, 0}};
  Activations found;
  finish(activations(context, net, matrix(g["x"]), found));
  CHECK((found.mu - matrix(g["z"])).cwiseAbs().maxCoeff() < 1e-6);
  CHECK((logits_of(net, found.mu) - matrix(g["logits"])).cwiseAbs().maxCoeff() < 1e-6);
}

TEST_CASE("a file that is none, or cut short, is refused", "[safetensors]") {
  CHECK(refusal("") == "m.safetensors is no safetensors file: it has 0 bytes, at least 10 are needed");
  CHECK(refusal("abc").find("has 3 bytes") != std::string::npos);
  CHECK(refusal(std::string(8, '\xff')).find("its header should have 18446744073709551615 bytes") != std::string::npos);
  CHECK(refusal(file_of("{", "")).find("its header is not JSON: it breaks at line 1") != std::string::npos);
  CHECK(refusal(file_of("[]", "")).find("its header is no JSON object") != std::string::npos);
  CHECK(refusal(file_of("{\"\xff\": 1}", "")).find("its header is not JSON") != std::string::npos);
  CHECK(refusal(file_of(std::string(200000, '['), "")).find("its header is nested more than 64 levels deep") != std::string::npos);
  const std::string deep = std::string(200000, '[') + std::string(200000, ']');
  CHECK(refusal(file_of(R"({"a":{"dtype":)" + deep + R"(,"shape":[1],"data_offsets":[0,4]}})", "1234")).find("nested more than 64") !=
        std::string::npos);
  CHECK(refusal(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                        "1234"))
            .find("its header has the key \"a\" twice in one object") != std::string::npos);
  CHECK(refusal(file_of("{}", "")).find("lacks the tensor head.weight; it holds none") != std::string::npos);
  const std::string whole = to_safetensors(example(true, 3), Json::object());
  for (std::size_t size = 0; size < whole.size(); size += 7) CHECK(refusal(whole.substr(0, size)) != "accepted");
  CHECK(refusal(whole + "x").find("bytes of data, its tensors take") != std::string::npos);
  CHECK(refusal(whole) == "accepted");
}

TEST_CASE("hostile tensors are refused with the tensor's name", "[safetensors]") {
  const std::string whole = to_safetensors(example(true, 3), Json::object());
  const auto with = [&](const char* path, Json value) {
    Parts p = parts(whole);
    p.header[Json::json_pointer(path)] = std::move(value);
    return refusal(p.joined());
  };
  const auto says = [](const std::string& text, const std::string& part) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
  };
  const Json old = parts(whole).header["head.weight"];
  const auto begin = old["data_offsets"][0].get<std::uint64_t>(), end = old["data_offsets"][1].get<std::uint64_t>();
  says(with("/head.weight/dtype", "F16"),
       "m.safetensors holds tensor \"head.weight\", which of shape [3,3] and dtype F16 needs 18 bytes, found 36");
  says(with("/head.weight/dtype", "I32"), "which must have dtype F16, BF16, F32 or F64, found \"I32\"");
  says(with("/head.weight/dtype", "F8_E4M3"), "which must have dtype F16, BF16, F32 or F64, found \"F8_E4M3\"");
  says(with("/head.weight/dtype", 3), "must have a dtype such as");
  says(with("/head.weight", 3), "must be an object with dtype, shape and data_offsets");
  says(with("/head.weight/shape", "3x3"), "must have a shape of at most 8 sides");
  says(with("/head.weight/shape", Json::array({3, 1, 3})), "of a convolution");
  says(with("/head.weight/shape", Json::array({3, -3})), "must have sides of 1 to");
  says(with("/head.weight/shape", Json::array({0, 3})), "must have sides of 1 to");
  says(with("/head.weight/shape", Json::array({3, 3.5})), "must have sides of 1 to");
  says(with("/head.weight/shape", Json::array({4294967296, 4294967296})), "must have sides of 1 to");
  says(with("/head.weight/shape", Json::array({268435456, 268435456})), "needs more bytes than the file has");
  says(with("/head.weight/shape", Json::array({1, 9})),
       "must take the 6 numbers that the bottleneck gives, or half of them if it is stochastic, found 9");
  says(with("/head.bias/shape", Json::array({3, 1})), "must have the shape [3], found [3,1]");
  says(with("/hidden.1.weight/shape", Json::array({4, 5})),
       "has the shape [4,5] beside a bias of 5, so it is stored inputs x outputs; transpose it");
  says(with("/head.weight/data_offsets", Json::array({begin})), "must have two data_offsets");
  says(with("/head.weight/data_offsets", Json::array({end, begin})), "must lie within the file's");
  says(with("/head.weight/data_offsets", Json::array({18446744073709551612ull, 18446744073709551615ull})), "must lie within");
  says(with("/head.weight/data_offsets", Json::array({begin, end - 4})), "needs 36 bytes, found 32");
  says(with("/head.weight/data_offsets", Json::array({begin - 4, end - 4})), "overlaps the tensor before it");
  says(with("/head.bias/data_offsets", Json::array({0, 12})), "overlaps the tensor before it");
  says(with("/__metadata__", "text"), "has a __metadata__ that is no object");
  says(with("/__metadata__/activation", 3), "has metadata \"activation\" that must be text");
  says(with("/__metadata__/activation", "gelu"), "must be relu, leaky_relu or tanh, found \"gelu\"");
  says(with("/__metadata__/stochastic", "false"), "but its bottleneck gives 6 numbers and its head takes 3");

  Parts renamed = parts(whole);
  renamed.header["head.wait"] = renamed.header["head.weight"];
  renamed.header.erase("head.weight");
  says(refusal(renamed.joined()), "lacks the tensor head.weight");
  Parts gap = parts(whole);
  gap.header.erase("input.mean");
  says(refusal(gap.joined()), "leaves a gap after the tensor before it");
  Parts more = parts(whole);
  more.header["hidden.7.weight"] = {{"dtype", "F32"}, {"shape", {1}}, {"data_offsets", {more.data.size(), more.data.size() + 4}}};
  more.data += "1234";
  says(refusal(more.joined()), "has hidden.7 and no hidden.2; hidden layers are numbered 0, 1, 2");
  more.header["epoch"] = more.header["hidden.7.weight"];
  more.header.erase("hidden.7.weight");
  says(refusal(more.joined()), "holds tensor \"epoch\", which is not part of a network");
}

TEST_CASE("numbers that are not finite, or a spread of 0, are refused with the tensor's name", "[safetensors]") {
  Network nan = example(true, 3);
  nan.hidden[1].weight.value(0, 0) = std::numeric_limits<float>::quiet_NaN();
  CHECK(refusal(to_safetensors(nan, Json())) ==
        "m.safetensors holds tensor \"hidden.1.weight\", which must hold finite numbers, found one that is infinite or not a number");
  Network flat = example(true, 3);
  flat.input_sd(0, 2) = 0;
  CHECK(refusal(to_safetensors(flat, Json())).find("\"input.sd\", which must hold numbers above 0, found 0") != std::string::npos);
}

TEST_CASE("no single damaged byte of the header crashes the reader", "[safetensors]") {
  const std::string whole = to_safetensors(example(true, 1, 2), Json::object());
  std::uint64_t length = 0;
  std::memcpy(&length, whole.data(), 8);
  for (std::size_t at = 0; at < 8 + length; ++at)
    for (char byte : {'\0', '9', '"', '[', '\xff'}) {
      std::string damaged = whole;
      damaged[at] = byte;
      refusal(damaged);  // an answer or a sentence; the sanitizers watch
    }
}
