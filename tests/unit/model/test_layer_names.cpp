// State dicts as people export them: each is read as the network that it is, or refused with a sentence of its own.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>

#include "../data/check_error.hpp"
#include "mid/model/file/safetensors.hpp"

using namespace mid;

namespace {

struct Entry {
  std::string name;
  std::vector<int> shape;
  std::string dtype = "F32";
};

/// A file of these tensors; every one holds .25, .5, .75, ...
std::string file_of(const std::vector<Entry>& entries, const Json& metadata = {{"activation", "relu"}}) {
  Json header = {{"__metadata__", metadata}};
  std::string data;
  for (const Entry& e : entries) {
    std::size_t n = 1;
    for (const int side : e.shape) n *= static_cast<std::size_t>(side);
    const std::size_t begin = data.size();
    for (std::size_t i = 0; i < n; ++i) {
      const float value = .25f * static_cast<float>(i + 1);
      const double wide = value;
      std::uint32_t bits = 0;
      std::memcpy(&bits, &value, 4);
      const std::uint16_t brain = static_cast<std::uint16_t>(bits >> 16);
      const int exponent = static_cast<int>(bits >> 23 & 255) - 127 + 15;
      const std::uint16_t half = static_cast<std::uint16_t>(exponent << 10 | (bits >> 13 & 1023));
      if (e.dtype == "F32")
        data.append(reinterpret_cast<const char*>(&value), 4);
      else if (e.dtype == "BF16")
        data.append(reinterpret_cast<const char*>(&brain), 2);
      else if (e.dtype == "F16")
        data.append(reinterpret_cast<const char*>(&half), 2);
      else
        data.append(reinterpret_cast<const char*>(&wide), 8);
    }
    header[e.name] = {{"dtype", e.dtype}, {"shape", e.shape}, {"data_offsets", {begin, data.size()}}};
  }
  const std::string text = header.dump();
  const std::uint64_t length = text.size();
  std::string out(8, '\0');
  std::memcpy(out.data(), &length, 8);
  return out + text + data;
}

/// Layers 4 -> 3 -> 2 -> 1 of these names, with weights and biases.
std::vector<Entry> layers(const std::vector<std::string>& names, const std::string& dtype = "F32") {
  std::vector<Entry> out;
  int inputs = 4;
  for (const std::string& name : names) {
    out.push_back({name + ".weight", {inputs - 1, inputs}, dtype});
    out.push_back({name + ".bias", {inputs - 1}, dtype});
    --inputs;
  }
  return out;
}

std::vector<Entry> with(std::vector<Entry> entries, const std::vector<Entry>& more) {
  entries.insert(entries.end(), more.begin(), more.end());
  return entries;
}

Network read(const std::string& bytes, std::vector<std::string>* remarks = nullptr) {
  std::vector<Message> messages;
  Network net = network_from_safetensors(bytes, "m.safetensors", nullptr, &messages);
  if (remarks) *remarks = sentences_in("en", messages);
  return net;
}

void refused(const std::vector<Entry>& entries, const std::string& words) {
  CHECK(check_error([&] { read(file_of(entries)); }, words) == "m.safetensors");
}

const std::vector<std::string> kOwn{"hidden.0", "hidden.1", "head"};

}  // namespace

TEST_CASE("the same network by whatever names", "[safetensors]") {
  const std::string own = to_safetensors(read(file_of(layers(kOwn))), Json());
  for (const std::vector<std::string>& names :
       std::vector<std::vector<std::string>>{{"0", "2", "4"},                                // nn.Sequential
                                             {"net.0", "net.2", "net.5"},                    // the same in a module, with a dropout
                                             {"model.net.0", "model.net.2", "model.net.4"},  // Lightning
                                             {"module.0", "module.2", "module.4"},           // DataParallel
                                             {"module.hidden.0", "module.hidden.1", "module.head"},
                                             {"_orig_mod.module.net.0", "_orig_mod.module.net.2", "_orig_mod.module.net.10"},  // 10 after 2
                                             {"state_dict.fc1", "state_dict.fc2", "state_dict.fc3"},  // a whole checkpoint
                                             {"fc1", "fc2", "fc3"},
                                             {"fc1", "fc2", "out"},
                                             {"layers.0.linear", "layers.1.linear", "layers.2.linear"},
                                             {"encoder.0", "encoder.2", "classifier"},  // by shape: "classifier" is not first
                                             {"input_layer", "hidden", "output"},
                                             {"z", "y", "x"},
                                             {"backbone.fc1", "backbone.fc2", "backbone.classifier.0"}}) {
    INFO(names[0]);
    std::vector<std::string> remarks;
    CHECK(to_safetensors(read(file_of(layers(names)), &remarks), Json()) == own);
    const bool ours = names[0].find("hidden.0") != std::string::npos;
    CHECK(remarks.size() == (ours ? 0u : 1u));
    if (!ours) CHECK(remarks.at(0).starts_with("its layers were taken in the order "));
  }
}

TEST_CASE("layers of equal width go by their numbers, not by their letters", "[safetensors]") {
  for (const char* front : {"", "net.", "fc"}) {
    std::vector<Entry> entries;
    std::string wanted;
    for (const char* number : {"8", "9", "10"}) {
      const std::string name = std::string(front) + number;
      entries.push_back({name + ".weight", {4, 4}}), entries.push_back({name + ".bias", {4}});
      wanted += (wanted.empty() ? "" : ", ") + ("\"" + (name.starts_with("net.") ? number : name) + "\"");
    }
    std::vector<std::string> remarks;
    read(file_of(entries), &remarks);
    REQUIRE(remarks.size() == 1);
    CHECK(remarks[0] == "its layers were taken in the order " + wanted + ", the last as the answer");
  }
}

TEST_CASE("Keras' kernels are turned round", "[safetensors]") {
  std::vector<std::string> remarks;
  const Network net =
      read(file_of({{"dense/kernel:0", {4, 3}}, {"dense/bias:0", {3}}, {"dense_1/kernel:0", {3, 1}}, {"dense_1/bias:0", {1}}}), &remarks);
  REQUIRE(net.hidden.size() == 1);
  CHECK(net.hidden[0].weight.value.rows() == 4);  // in x out, as they lay in the file
  CHECK(net.hidden[0].weight.value(0, 1) == .5f);
  CHECK(net.hidden[0].weight.value(1, 0) == 1.f);
  CHECK(remarks.back() == "its kernels were taken as stored inputs x outputs");
}

TEST_CASE("16 and 64 bits become 32, and what that changes is said", "[safetensors]") {
  const std::string own = to_safetensors(read(file_of(layers(kOwn))), Json());
  for (const char* dtype : {"F16", "BF16", "F64"}) {
    std::vector<std::string> remarks;
    CHECK(to_safetensors(read(file_of(layers(kOwn, dtype)), &remarks), Json()) == own);
    REQUIRE(remarks.size() == 1);
    CHECK(remarks[0] == std::string("its numbers are ") + dtype + " and were taken as F32, which changes none of them");
  }
  const auto one = [](double value) {
    std::string bytes = file_of({{"weight", {1, 1}, "F64"}, {"bias", {1}, "F64"}});
    std::memcpy(bytes.data() + bytes.size() - 16, &value, 8);
    return bytes;
  };
  std::vector<std::string> remarks;
  CHECK(read(one(.1), &remarks).head.weight.value(0, 0) == .1f);
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0] == "its numbers are F64 and were taken as F32, which changes them by up to 1e-08 of themselves");
  CHECK(check_error([&] { read(one(1e60)); }, "holds a number too large for 32 bits, 1e+60") == "m.safetensors");
}

TEST_CASE("16 bits, bit by bit", "[safetensors]") {
  const auto of = [](const char* dtype, std::uint16_t bits) {
    std::string bytes = file_of({{"weight", {1, 1}, dtype}, {"bias", {1}, dtype}});
    std::memcpy(bytes.data() + bytes.size() - 4, &bits, 2);
    return bytes;
  };
  const auto weight = [&](const char* dtype, std::uint16_t bits) { return read(of(dtype, bits)).head.weight.value(0, 0); };
  CHECK(weight("F16", 0x0001) == std::ldexp(1.f, -24));  // the smallest
  CHECK(weight("F16", 0x83ff) == -std::ldexp(1023.f, -24));
  CHECK(weight("F16", 0x0400) == std::ldexp(1.f, -14));
  CHECK(weight("F16", 0x3c00) == 1.f);
  CHECK(weight("F16", 0x3555) == .333251953125f);
  CHECK(weight("F16", 0x7bff) == 65504.f);
  CHECK(weight("BF16", 0xbf80) == -1.f);
  CHECK(weight("BF16", 0x0001) == std::ldexp(1.f, -133));
  CHECK(weight("BF16", 0x7f7f) == std::ldexp(255.f, 120));
  for (const std::uint16_t bits : {0x7c00, 0xfc00, 0x7e01})
    CHECK(check_error([&] { read(of("F16", bits)); }, "must hold finite numbers") == "m.safetensors");
  for (const std::uint16_t bits : {0x7f80, 0xff80, 0x7fc0})
    CHECK(check_error([&] { read(of("BF16", bits)); }, "must hold finite numbers") == "m.safetensors");
}

TEST_CASE("what may be missing", "[safetensors]") {
  std::vector<std::string> remarks;
  const Network net = read(file_of({{"0.weight", {3, 4}}, {"2.weight", {1, 3}}, {"2.bias", {1}}}, Json::object()), &remarks);
  CHECK(net.hidden[0].bias.value == Matrix::Zero(1, 3));
  CHECK(net.head.bias.value(0, 0) == .25f);
  REQUIRE(remarks.size() == 3);
  CHECK(remarks[1] == "its metadata names no activation, so relu was assumed");
  CHECK(remarks[2] == "it has no hidden.0.bias, taken as 0");
  remarks.clear();
  CHECK(read(file_of({{"weight", {3, 4}}, {"bias", {3}}}, Json::object()), &remarks).classes == 3);  // no layer that bends anything
  CHECK(remarks.empty());
}

TEST_CASE("two outputs become one logit, the second minus the first", "[safetensors]") {
  std::vector<std::string> remarks;
  const Network net = read(file_of({{"0.weight", {3, 4}}, {"0.bias", {3}}, {"2.weight", {2, 3}}, {"2.bias", {2}}}), &remarks);
  CHECK(net.classes == 2);
  CHECK(net.outputs() == 1);
  CHECK(net.head.weight.value == Matrix::Constant(3, 1, .75f));  // 1, 1.25, 1.5 minus .25, .5, .75
  CHECK(net.head.bias.value(0, 0) == .25f);
  CHECK(remarks.back().starts_with("its two outputs became one, the second minus the first"));
}

TEST_CASE("a batch normalisation enters the layer before whose activation it stands, or the layer that it precedes", "[safetensors]") {
  const auto norm = [](const std::string& name, int size) {
    return std::vector<Entry>{{name + ".weight", {size}},
                              {name + ".bias", {size}},
                              {name + ".running_mean", {size}},
                              {name + ".running_var", {size}},
                              {name + ".num_batches_tracked", {}, "I64"}};
  };
  // All rows are .25, .5, .75: scale x / sqrt(x + epsilon), shift x - x scale.
  const auto scale = [](double x, double epsilon) { return x / std::sqrt(x + epsilon); };
  const auto near = [](double found, double wanted) { return std::abs(found - wanted) < 1e-6; };
  for (const auto& [names, called] : {std::pair{std::vector<std::string>{"0", "3", "5"}, std::string("1")},
                                      {{"net.0", "net.3", "net.5"}, "net.1"},
                                      {{"fc1", "fc2", "fc3"}, "bn1"}}) {
    INFO(called);
    std::vector<std::string> remarks;
    const Network net = read(file_of(with(layers(names), norm(called, 3))), &remarks);
    REQUIRE(net.hidden.size() == 2);
    for (int j = 0; j < 3; ++j) {
      CHECK(near(net.hidden[0].weight.value(1, j), .25 * (4 * j + 2) * scale(.25 * (j + 1), 1e-5)));
      CHECK(near(net.hidden[0].bias.value(0, j), .25 * (j + 1)));  // the bias is the mean, so the shift alone is left
    }
    CHECK(remarks[0].find("was folded into the layer") != std::string::npos);
    CHECK(remarks[0].find("before that layer") != std::string::npos);
  }
  const auto behind = [&](const Network& net, double epsilon) {
    REQUIRE(net.hidden.size() == 2);
    double shift = .25;
    for (int k = 0; k < 3; ++k) {
      const double x = .25 * (k + 1), s = scale(x, epsilon);
      CHECK(near(net.hidden[1].weight.value(k, 0), x * s));
      shift += x * (x - x * s);
    }
    CHECK(near(net.hidden[1].bias.value(0, 0), shift));
  };
  behind(read(file_of(with(layers({"0", "3", "5"}), norm("2", 3)))), 1e-5);
  behind(read(file_of(with(layers({"fc1", "fc2", "fc3"}), norm("bn1", 3)),
                      {{"activation", "relu"}, {"batch_norm", "after_activation"}, {"batch_norm_epsilon", "0.001"}})),
         1e-3);
  // A layer that left its bias to the normalisation.
  std::vector<Entry> bare = layers({"0", "3", "5"});
  std::erase_if(bare, [](const Entry& e) { return e.name == "0.bias"; });
  std::vector<std::string> remarks;
  const Network net = read(file_of(with(bare, norm("1", 3))), &remarks);
  CHECK(near(net.hidden[0].bias.value(0, 0), .25 - .25 * scale(.25, 1e-5)));
  for (const std::string& remark : remarks) CHECK(remark.find("it has no") == std::string::npos);
  CHECK(check_error([&] { read(file_of(with(layers({"fc1", "fc2", "fc3"}), norm("bn1", 3)), {{"batch_norm", "somewhere"}})); },
                    "before_activation or after_activation") == "m.safetensors");
}

TEST_CASE("what is no chain of dense layers is refused, each with its sentence", "[safetensors]") {
  refused(with(layers(kOwn), {{"bn1.weight", {3}},
                              {"bn1.bias", {3}},
                              {"bn1.running_mean", {3}},
                              {"bn1.running_var", {3}},
                              {"bn1.num_batches_tracked", {}, "I64"}}),
          "\"bn1.running_mean\", which belongs to a batch normalisation whose place the names do not tell");
  refused(with(layers({"0", "2", "4"}), {{"1.num_batches_tracked", {}, "I64"}}), "lacks the tensor 1.running_mean");
  refused(with(layers({"0", "2", "4"}), {{"1.running_mean", {3}}, {"1.running_var", {4}}}),
          "one row as long as its running_mean, found the shape [4]");
  refused(with(layers({"0", "2", "4"}), {{"norm.weight", {3}}, {"norm.bias", {3}}}),
          "\"norm.weight\", which has the shape [3] of a normalisation");
  refused({{"conv1.weight", {8, 1, 3, 3}}, {"conv1.bias", {8}}, {"fc.weight", {2, 8}}, {"fc.bias", {2}}},
          "which has the shape [8,1,3,3] of a convolution");
  refused({{"lstm.weight_ih_l0", {8, 4}}, {"fc.weight", {2, 8}}}, "belongs to a recurrent layer");
  refused(with(layers({"fc1", "fc2", "fc3"}), {{"embedding.weight", {4, 4}}}), "\"embedding.weight\", which belongs to an embedding");
  refused({{"attn.in_proj_weight", {8, 4}}, {"fc.weight", {2, 8}}}, "belongs to an attention layer");
  refused({{"0.weight_g", {3, 1}}, {"0.weight_v", {3, 4}}, {"0.bias", {3}}}, "belongs to a weight normalisation");
  refused({{"hidden.0.weight", {4, 3}}, {"hidden.0.bias", {3}}, {"head.weight", {1, 3}}, {"head.bias", {1}}},
          "has the shape [4,3] beside a bias of 3, so it is stored inputs x outputs");
  refused({{"0.weight", {4, 3}}, {"0.bias", {3}}}, "so it is stored inputs x outputs; transpose it");
  refused({{"hidden.0.weight", {3, 4}},
           {"hidden.0.bias", {3}},
           {"hidden.2.weight", {2, 3}},
           {"hidden.2.bias", {2}},
           {"head.weight", {1, 2}},
           {"head.bias", {1}}},
          "has hidden.2 and no hidden.1; hidden layers are numbered 0, 1, 2");
  refused(layers({"fc1", "fc3", "fc4"}), "has the layers fc1 and fc3 and none between them");
  refused({{"0.weight", {3, 4}}, {"0.bias", {3}}, {"2.weight", {1, 5}}, {"2.bias", {1}}},
          "has layers that do not fit one another: \"0\" 4 to 3, \"2\" 5 to 1");
  refused({{"a.weight", {4, 4}}, {"a.bias", {4}}, {"b.weight", {4, 4}}, {"b.bias", {4}}},
          "has layers that fit one another in several orders: \"a\", \"b\"; call them hidden.0");
  refused(with(layers({"0", "2", "4"}), {{"epoch", {}, "I64"}}), "\"epoch\", which is not part of a network; wanted are");
  refused(with(layers({"0", "2", "4"}), {{"6.bias", {1}}}), "\"6.bias\", which is a bias without a weight beside it");
  refused({{"dense/kernel:0", {4, 3}}, {"dense.kernel", {4, 3}}}, "has the same name as tensor");
  refused({{"0.weight", {3, 4}, "I64"}, {"0.bias", {3}}}, "must have dtype F16, BF16, F32 or F64, found \"I64\"");
  for (const bool own : {true, false}) {
    std::vector<Entry> deep;
    for (int i = 0; i < 10; ++i) {
      const std::string name = !own ? std::to_string(2 * i) : i == 9 ? "head" : "hidden." + std::to_string(i);
      deep.push_back({name + ".weight", {4, 4}}), deep.push_back({name + ".bias", {4}});
    }
    refused(deep, "has 9 hidden layers, and a network of midlab's has at most 8");
  }
}
