#pragma once
#include "matrices.hpp"
#include "mid/model/prior/generator.hpp"

namespace mid {

/// A perceptron of golden weights and biases in turn.
inline Perceptron perceptron(const Json& layers, float slope, bool sigmoid) {
  Perceptron out;
  out.slope = slope, out.sigmoid = sigmoid;
  for (std::size_t i = 0; i < layers.size(); i += 2) {
    DenseLayer layer;
    layer.weight.value = matrix(layers[i]), layer.bias.value = matrix(layers[i + 1]);
    out.layers.push_back(std::move(layer));
  }
  return out;
}

}  // namespace mid
