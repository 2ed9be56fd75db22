#include "mid/attack/picture_space.hpp"

#include "mid/data/pictures.hpp"

namespace mid {

PictureSpace PictureSpace::pixels(Matrix mean, const Dataset& open) {
  PictureSpace space;
  space.start_ = std::move(mean);
  space.height_ = open.input_height, space.width_ = open.input_width, space.factor_ = open.height / open.input_height;
  return space;
}

PictureSpace PictureSpace::components(PcaPrior prior, const Dataset& open) {
  PictureSpace space;
  space.height_ = open.input_height, space.width_ = open.input_width, space.factor_ = open.height / open.input_height;
  // One sd of a component moves the picture by one sd; reducing a picture is linear, so components are reduced once.
  for (Eigen::Index c = 0; c < prior.components.rows(); ++c) prior.components.row(c) *= static_cast<float>(prior.sd[c]);
  Components part;
  part.input = reduced(prior.components, open.height, open.width, space.factor_);
  part.mean = reduced(prior.mean, open.height, open.width, space.factor_);
  space.start_ = Matrix::Zero(1, prior.components.rows());
  part.drawn = std::move(prior);
  space.kind_ = std::move(part);
  return space;
}

Var PictureSpace::record_input(Program& program, Var code) const {
  if (const auto* part = std::get_if<Components>(&kind_))
    return program.dense(code, program.constant(part->input), program.constant(part->mean));
  return code;
}

void PictureSpace::keep_inside(Matrix& code) const {
  if (std::holds_alternative<Pixels>(kind_)) code = code.cwiseMax(0.f).cwiseMin(1.f);
}

Matrix PictureSpace::draw(MatrixRef code) const {
  if (const auto* part = std::get_if<Components>(&kind_)) return part->drawn.picture(code).cwiseMax(0.f).cwiseMin(1.f);
  return enlarged(code, height_, width_, factor_);
}

}  // namespace mid
