#include "mid/attack/search/picture_space.hpp"

#include <algorithm>

#include "mid/data/pictures.hpp"

namespace mid {

PictureSpace PictureSpace::pixels(Matrix mean, const Dataset& auxiliary) {
  PictureSpace space;
  space.start_ = std::move(mean);
  space.height_ = auxiliary.input_height, space.width_ = auxiliary.input_width, space.factor_ = auxiliary.height / auxiliary.input_height;
  return space;
}

PictureSpace PictureSpace::components(PcaPrior prior, const Dataset& auxiliary) {
  PictureSpace space;
  space.height_ = auxiliary.input_height, space.width_ = auxiliary.input_width, space.factor_ = auxiliary.height / auxiliary.input_height;
  // One sd of a component moves the picture by one sd; reducing a picture is linear, so components are reduced once.
  for (Eigen::Index c = 0; c < prior.components.rows(); ++c) prior.components.row(c) *= static_cast<float>(prior.sd[c]);
  Components part;
  part.input = reduced(prior.components, auxiliary.height, auxiliary.width, space.factor_);
  part.mean = reduced(prior.mean, auxiliary.height, auxiliary.width, space.factor_);
  space.start_ = Matrix::Zero(1, prior.components.rows());
  part.drawn = std::move(prior);
  space.kind_ = std::move(part);
  return space;
}

PictureSpace PictureSpace::generated(PictureGenerator generator, const Dataset& auxiliary) {
  PictureSpace space;
  space.height_ = auxiliary.input_height, space.width_ = auxiliary.input_width, space.factor_ = auxiliary.height / auxiliary.input_height;
  space.start_ = Matrix::Zero(1, generator.generator.inputs());
  space.kind_ = std::move(generator);
  return space;
}

bool PictureSpace::has_critic() const {
  const auto* part = std::get_if<PictureGenerator>(&kind_);
  return part && !part->critic.layers.empty();
}

Var PictureSpace::record_critic(Program& program, Var input) const {
  return std::get<PictureGenerator>(kind_).critic.record_fixed(program, input);
}

Var PictureSpace::record_input(Program& program, Var code) const {
  if (const auto* part = std::get_if<Components>(&kind_))
    return program.dense(code, program.constant(part->input), program.constant(part->mean));
  if (const auto* part = std::get_if<PictureGenerator>(&kind_)) return part->generator.record_fixed(program, code);
  return code;
}

void PictureSpace::keep_inside(Matrix& code) const {
  if (std::holds_alternative<Pixels>(kind_)) code = code.cwiseMax(0.f).cwiseMin(1.f);
}

Task PictureSpace::inputs(Context& context, Matrix code, Matrix& out) const {
  if (const auto* part = std::get_if<Components>(&kind_)) {
    out.resize(code.rows(), part->input.cols());
    constexpr Eigen::Index kBlock = 64;
    for (Eigen::Index first = 0; first < code.rows(); first += kBlock) {
      const Eigen::Index n = std::min(kBlock, code.rows() - first);
      out.middleRows(first, n) = ((code.middleRows(first, n) * part->input).rowwise() + part->mean.row(0)).cwiseMax(0.f).cwiseMin(1.f);
      if (tick_due(2. * static_cast<double>(n * part->input.size()))) co_await Tick{};
    }
    co_return;
  }
  if (const auto* part = std::get_if<PictureGenerator>(&kind_)) {
    co_await part->pictures(context, std::move(code), out);
    co_return;
  }
  out = code.cwiseMax(0.f).cwiseMin(1.f);
}

Task PictureSpace::draw(Context& context, Matrix code, Matrix& out) const {
  if (const auto* part = std::get_if<Components>(&kind_)) {
    out = part->drawn.picture(code).cwiseMax(0.f).cwiseMin(1.f);
    co_return;
  }
  Matrix small = code;
  if (const auto* part = std::get_if<PictureGenerator>(&kind_)) co_await part->pictures(context, code, small);
  out = enlarged(small, height_, width_, factor_);
}

Task learn_space(Context& context, const Knowledge& knowledge, PriorSpec spec, Json& notes, PictureSpace& out) {
  const Dataset& auxiliary = knowledge.auxiliary;
  if (!spec.convolutions.empty() && spec.prior != "vae" && spec.prior != "wgan_gp")
    throw Error("attack.convolutions", Message("refusal.prior_convolutions").with("prior", spec.prior));
  const OwnPictures made{spec.shifts, spec.mirror};
  Matrix pictures;
  co_await made.load(auxiliary, pictures);
  notes["auxiliary_pictures"] = pictures.rows();
  if (spec.prior == "pca") {
    PcaPrior prior;
    co_await learn_components(context, knowledge, made, spec.components, pictures, prior);
    notes["components"] = prior.components.rows();
    out = PictureSpace::components(std::move(prior), auxiliary);
    co_return;
  }
  const Matrix inputs = reduced(pictures, auxiliary.height, auxiliary.width, auxiliary.height / auxiliary.input_height);
  co_await Tick{};
  if (spec.prior == "pixels") {
    out = PictureSpace::pixels(inputs.colwise().mean(), auxiliary);
    co_return;
  }
  const PictureConvolutions by{{auxiliary.input_height, auxiliary.input_width}, spec.convolutions};
  PictureGenerator generator;
  co_await learn_generator(context, knowledge, made, by, spec.prior, spec.code, spec.prior == "vae" ? spec.epochs : spec.generator_steps,
                           inputs, generator);
  out = PictureSpace::generated(std::move(generator), auxiliary);
}

}  // namespace mid
