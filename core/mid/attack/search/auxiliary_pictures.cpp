#include "mid/attack/search/auxiliary_pictures.hpp"

#include "mid/base/stage_cache.hpp"
#include "mid/data/pictures.hpp"

namespace mid {

Task OwnPictures::load(const Dataset& auxiliary, Matrix& out) const {
  out = with_shifts(auxiliary.pictures, auxiliary.height, auxiliary.width, shifts);
  count_work(2. * static_cast<double>(out.size()));
  co_await Tick{};
  if (!mirror) co_return;
  const Matrix flipped = mirrored(out, auxiliary.height, auxiliary.width);
  Matrix both(2 * out.rows(), out.cols());
  co_await Tick{};
  both << out, flipped;
  count_work(4. * static_cast<double>(both.size()));
  out = std::move(both);
  co_await Tick{};
}

std::vector<int> OwnPictures::rows(int records, bool moved, bool mirrored) const {
  const int places = shifts == 0 ? 1 : kShiftCopies;
  std::vector<int> out;
  for (int copy = 0; copy < places * (mirror ? 2 : 1); ++copy)
    if ((moved || copy % places == 0) && (mirrored || copy < places))
      for (int record = 0; record < records; ++record) out.push_back(copy * records + record);
  return out;
}

Task learn_components(Context& context, const Knowledge& knowledge, OwnPictures own, int components, const Matrix& pictures,
                      PcaPrior& out) {
  const Json depends_on{{"auxiliary", knowledge.fingerprint}, {"components", components}, {"shifts", own.shifts}, {"mirror", own.mirror}};
  const std::string key = StageCache::key("pca", depends_on);
  const bool kept = context.cache && context.cache->load(key, [&](Unpacker& in) {
    PcaPrior read;
    in.get(read.mean), in.get(read.components), in.get(read.sd);
    Unpacker::expect(read.mean.rows() == 1 && read.mean.cols() == pictures.cols() && read.components.cols() == pictures.cols() &&
                     read.sd.size() == read.components.rows());
    out = std::move(read);
  });
  if (kept) co_return;
  co_await fit_pca(context, pictures, components, context.random.sub("pca"), out);
  if (!context.cache) co_return;
  Packer bytes;
  bytes.add(out.mean), bytes.add(out.components), bytes.add(out.sd);
  context.cache->put(key, bytes.take());
}

Task learn_generator(Context& context, const Knowledge& knowledge, OwnPictures own, PictureConvolutions by, std::string kind, int code,
                     int rounds, Matrix inputs, PictureGenerator& out) {
  Json depends_on{{"auxiliary", knowledge.fingerprint},
                  {"numbers", code},
                  {"rounds", rounds},
                  {"shifts", own.shifts},
                  {"mirror", own.mirror},
                  {"pixels", inputs.cols()},
                  {"device", context.device.name()}};
  for (const ConvolutionSpec& c : by.layers) depends_on["convolutions"].push_back({c.filters, c.kernel, c.stride, c.padding, c.pool});
  const std::string key = StageCache::key(kind, depends_on);
  const bool kept = context.cache && context.cache->load(key, [&](Unpacker& in) {
    PictureGenerator read;
    in.get(read);
    const auto joins = [](const Perceptron& p, Eigen::Index from, Eigen::Index to) {
      return !p.layers.empty() && p.inputs() == from && p.outputs() == to;
    };
    Unpacker::expect(joins(read.generator, code, inputs.cols()));
    Unpacker::expect(kind == "vae" ? read.critic.layers.empty() : joins(read.critic, inputs.cols(), 1));
    out = std::move(read);
  });
  if (kept) co_return;
  if (kind == "vae") {
    VaeSpec spec;
    spec.code = code, spec.epochs = rounds, spec.by = std::move(by);
    context.progress.begin("learning to draw", rounds, "round");
    co_await train_vae(context, "vae", spec, inputs, out);
  } else {
    WganSpec spec;
    spec.code = code, spec.steps = rounds, spec.by = std::move(by);
    context.progress.begin("learning to draw", rounds, "step");
    co_await train_wgan(context, "wgan_gp", spec, inputs, out);
  }
  if (!context.cache) co_return;
  Packer bytes;
  bytes.add(out);
  context.cache->put(key, bytes.take());
}

}  // namespace mid
