#pragma once
#include "mid/model/model.hpp"
#include "mid/nn/device.hpp"
#include "small_data.hpp"

namespace mid::fuzz {

/// A model from a file: read, written and read again, asked about a few records; and, if it is one for the small table, attacked.
inline void load_model(const std::string& kind, const std::string& bytes, const std::string& attack) {
  constexpr Eigen::Index kRecords = 3;
  const bool read = kind == kBlackBox || reads([&] {
                      const Model model = model_from_bytes(kind, bytes, "the file");
                      (void)model_from_bytes(kind, model_bytes(model, Json::object()), "its own bytes");
                      const std::unique_ptr<Device> device = cpu_device();
                      Context context{*device, Stream{1}};
                      Activations inside;
                      Matrix records(kRecords, inputs_of(model));
                      for (Eigen::Index i = 0; i < records.size(); ++i) records.data()[i] = static_cast<float>(i % 4);
                      finish(pre_noise_output(context, model, std::move(records), inside));
                    });
  if (!read) return;
  Json spec = small_spec(attack == "map_inference" ? "linear" : kind, attack);
  spec["model"]["kind"] = kind;
  spec["model"]["file"] = folder().write("model", bytes);
  Session session;
  run(session, spec);
}

}  // namespace mid::fuzz
