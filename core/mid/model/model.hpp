/// @file
/// @ingroup train
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "mid/model/linear/linear.hpp"
#include "mid/model/network/network.hpp"
#include "mid/model/outside/outside.hpp"
#include "mid/model/tree/tree.hpp"

namespace mid {

/// A trained model: a closed set of kinds, named as "model.kind" of a specification.
using Model = std::variant<Network, Linear, Tree, BlackBox>;

/// "network", "linear", "tree" or "black_box".
std::string kind_of(const Model& model);
/// Numbers that it takes of a record; 0: a black box, which says nothing of that.
int inputs_of(const Model& model);
/// Classes that it tells apart; 0: it predicts a number.
int classes_of(const Model& model);
/// Whether asking twice may give two answers.
bool is_noisy(const Model& model);

/// What a model computes for rows of (not normalised) inputs before its own noise is drawn: of a network its code
/// (activations()), of a regression the number (rows x 1) and its noise's sd, of a tree the confidences (rows x classes),
/// of a black box what it answers, confidences or a number: `draw` numbers its answers where asking again gives another.
/// Rows are worked on in blocks with a tick after each.
Task pre_noise_output(Context& context, const Model& model, Matrix inputs, Activations& out, std::uint64_t draw = 0);
/// Throws Failure unless all numbers of an answer, or of what goes into one, are finite.
void check_answers(const Matrix& answers);

/// Takes away all that the model learnt: weights 0, or a root alone that has counted nobody; a black box holds nothing here.
void set_to_zero(Model& model);

/// A trained model as bytes that model_from_bytes() reads: safetensors, or of a tree JSON; of a black box none. `spec` goes with it.
std::string model_bytes(const Model& model, const Json& spec);
/// Also reads files of other programs, safetensors and ONNX. Throws Error naming `where` for anything else. What had to be assumed of
/// another program's file is added to `remarks`, if given.
Model model_from_bytes(const std::string& kind, const std::string& bytes, const std::string& where,
                       std::vector<Message>* remarks = nullptr);

}  // namespace mid
