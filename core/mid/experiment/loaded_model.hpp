#pragma once
#include <memory>
#include <string>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/data/dataset.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/model/file/brought_inputs.hpp"
#include "mid/model/model.hpp"

namespace mid {

/// Whether the specification names a model trained elsewhere: a file (model.file), or one that only answers (model.command, model.url).
bool has_loaded_model(const Spec& spec);
/// SHA-256 of that file's bytes, of a command those of its words that are files, for keys of the stage cache; empty without one.
/// Throws Error naming the field.
std::string loaded_model_digest(const Spec& spec);
/// The way to what only answers in the bytes of an ONNX file called `name`: trees, or a network that predicts a number; fitted to the data
/// by the names of its inputs. `inputs`, `remarks` and errors as in fitted_model().
ChannelMaker answers_of_file(const std::string& bytes, const std::string& name, const std::vector<BroughtInput>& inputs, const Data& data,
                             std::vector<Message>& remarks);
/// Opens the way to a model that only answers; `box` looks at `outside`. Adds a warning: its answers are nothing that the
/// specification can bring back. Throws Error naming model.command or model.url.
void open_black_box(const Context& context, const Spec& spec, const Data& data, std::unique_ptr<Outside>& outside, BlackBox& box,
                    std::vector<Message>& warnings);
/// The model of that kind in the bytes of a file called `name`, its inputs and classes fitted to the data's by their names (match_names).
/// `inputs`: what the specification says of them (model.inputs). What had to be assumed is added to `remarks`, a part of a sentence each.
/// Throws Error naming `name` for what is no such model, and model.file for one that is not for this data.
Model fitted_model(const std::string& kind, const std::string& bytes, const std::string& name, const std::vector<BroughtInput>& inputs,
                   const Data& data, std::vector<Message>& remarks);
/// Reads it and fits its inputs and classes to the data's by their names (match_names). What had to be assumed is added to
/// `warnings`, a message each. Throws Error naming model.file when it is not a model of model.kind, or not one for this data.
Model read_loaded_model(const Spec& spec, const Data& data, std::vector<Message>& warnings);
/// Asks it about all records (a black box, whose answers are checked as they come, about the test records). Throws Error naming model.file
/// when an answer is infinite or not a number. Adds a warning when it does worse on the test records than its baseline (without release and
/// noise; the interval's better end is beyond it), in how often it is right or in how sure it is of the truth, with what may be the reason.
Task examine_loaded_model(Context& context, const Spec& spec, const Data& data, const Model& model, std::vector<Message>& warnings);

}  // namespace mid
