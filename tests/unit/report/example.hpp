#pragma once
#include "mid/report/result.hpp"

/// A result like that of story 1 at beta .1, with invented figures.
inline mid::Result example_result() {
  mid::Result r;
  r.id = "1f3a9c0e27b4d5a6";
  r.spec = mid::Json::parse(R"({"version":1,"data":{"name":"london-faces","private":40},
    "model":{"kind":"network","hidden":[128],"bottleneck":32},"train":{"optimizer":"adam"},
    "defense":{"kind":"mid","beta":0.1},"release":{"kind":"none"},"attack":{"kind":"ridge_inversion","repeats":1},"seed":1})");
  r.utility["accuracy"] = {.955, 1.0 / 40, .84, .985, 40, "proportion"};
  r.utility["nll"] = {1.04, 3.689, .81, 1.3, 40, "nats"};
  r.privacy["line_up"] = {.47, .1, .36, .585, 40, "proportion"};
  r.privacy["advantage"] = {.37, 0.0, .26, .485, 40, "proportion"};
  r.privacy["correlation"] = {.42, 0.0, .35, .49, 40, ""};
  r.privacy["psnr"] = {19.4, 18.3, 18.9, 19.9, 40, "dB"};
  r.privacy["ssim"] = {.52, .47, .5, .54, 40, ""};
  r.information["kl_bound"] = {24.2, {}, 22.8, 25.7, 80, "nats"};
  r.timing = {.31, .12};
  return r;
}
