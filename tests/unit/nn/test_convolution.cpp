// Convolutions and pools: golden numbers, differences, and what a stride, a padding and a tie do.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <functional>
#include <limits>

#include "mid/base/philox.hpp"
#include "mid/nn/convolution.hpp"
#include "mid/nn/device.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;

namespace {

using Numbers = std::vector<double>;

Matrix row(const Numbers& numbers) {
  Matrix m(1, static_cast<Eigen::Index>(numbers.size()));
  for (std::size_t i = 0; i < numbers.size(); ++i) m(0, static_cast<Eigen::Index>(i)) = static_cast<float>(numbers[i]);
  return m;
}
Matrix column(const Numbers& numbers) { return row(numbers).transpose(); }

/// What a Program without inputs computes.
std::vector<Matrix> values(const Program& program, const std::vector<Var>& vars) {
  auto run = cpu_device()->compile(program);
  run->run();
  std::vector<Matrix> out(vars.size());
  for (std::size_t i = 0; i < vars.size(); ++i) REQUIRE(run->read(vars[i], out[i]));
  return out;
}

void require_close(const Matrix& found, const Numbers& wanted, double tolerance = 1e-5) {
  REQUIRE(found.size() == static_cast<Eigen::Index>(wanted.size()));
  for (std::size_t i = 0; i < wanted.size(); ++i)
    REQUIRE_THAT(found.data()[i], WithinAbs(wanted[i], tolerance * (1 + std::abs(wanted[i]))));
}

const Numbers kSobel{1, 0, -1, 2, 0, -2, 1, 0, -1};
const Numbers kNine{1, 2, 3, 4, 5, 6, 7, 8, 9};
constexpr PictureShape kThree{3, 3, 1};

/// The convolution written as its definition says, in double precision: row-major pictures, channels last.
MatrixD reference(const MatrixD& x, const PictureShape& in, const PictureWindow& w, const MatrixD& weight, const MatrixD& bias) {
  const PictureShape out = windowed(in, w);
  const int filters = static_cast<int>(weight.cols());
  MatrixD y = MatrixD::Zero(x.rows(), out.places() * filters);
  for (Eigen::Index r = 0; r < x.rows(); ++r)
    for (int py = 0; py < out.height; ++py)
      for (int px = 0; px < out.width; ++px)
        for (int f = 0; f < filters; ++f) {
          double sum = bias(0, f);
          for (int v = 0; v < w.height; ++v)
            for (int u = 0; u < w.width; ++u)
              for (int c = 0; c < in.channels; ++c) {
                const int yy = py * w.stride_y + v - w.top, xx = px * w.stride_x + u - w.left;
                if (yy < 0 || yy >= in.height || xx < 0 || xx >= in.width) continue;
                sum += weight((v * w.width + u) * in.channels + c, f) * x(r, (yy * in.width + xx) * in.channels + c);
              }
          y(r, (py * out.width + px) * filters + f) = sum;
        }
  return y;
}

MatrixD some(int rows, int cols, std::uint64_t name) {
  Random draw(Stream{23, name});
  MatrixD out(rows, cols);
  for (Eigen::Index i = 0; i < out.size(); ++i) out.data()[i] = static_cast<float>(2 * draw.uniform() - 1);
  return out;
}

}  // namespace

TEST_CASE("golden 1: a convolution with padding and with a stride, and its derivatives", "[convolution]") {
  Program p;
  const Var x = p.constant(row(kNine)), w = p.constant(column(kSobel)), b = p.constant(row({.5}));
  const ConvolutionVars plain = record_convolution(p, x, kThree, square_window(3, 1, 1), w, b);
  const ConvolutionVars strided = record_convolution(p, x, kThree, square_window(3, 2, 1), w, b);
  CHECK(strided.size == PictureShape{2, 2, 1});
  const auto gradient = p.gradient(p.sum(p.mul(strided.pictures, p.constant(row({1, 2, 3, 4})))), std::vector<Var>{x, w, b});
  const auto v = values(p, {plain.pictures, strided.pictures, gradient[0], gradient[1], gradient[2]});
  require_close(v[0], {-8.5, -5.5, 9.5, -19.5, -7.5, 20.5, -20.5, -5.5, 21.5});
  require_close(v[1], {-8.5, 9.5, -20.5, 21.5});
  require_close(v[2], {0, 2, 0, 0, 2, 0, 0, 2, 0});
  require_close(v[3], {20, 36, 15, 36, 64, 26, 10, 16, 5});
  require_close(v[4], {10});
}

TEST_CASE("golden 2 to 4: the second derivative that a gradient penalty needs", "[convolution]") {
  struct Case {
    Numbers x, w;
    PictureShape in;
    int kernel, padding;
    bool curved;
    Numbers y, g;
    double s;
    Numbers ds_dw, ds_dx;
  };
  Numbers four;
  for (int i = 1; i <= 16; ++i) four.push_back(i);
  four[5] = 9, four[10] = 3;
  Numbers tenths;
  for (int i = 1; i <= 9; ++i) tenths.push_back(.1 * i);
  const std::vector<Case> cases{{{1, 2, 0, 0, 1, 3, 2, 0, 1},
                                 {1, -1, 0, 2},
                                 kThree,
                                 2,
                                 0,
                                 false,
                                 {1, 8, -1, 0},
                                 {1, 0, -1, .2, 2, 1.8, 0, .4, .4},
                                 4.8,
                                 {1.44, -.24, 2.28, 3.96},
                                 Numbers(9, 0)},
                                {four,
                                 {0, 1, 0, 1, -5, 1, 0, 1, 0},
                                 {4, 4, 1},
                                 3,
                                 0,
                                 false,
                                 {-21, -12, -15, 29},
                                 {0, .2, .2, 0, .2, -.6, .2, .2, .2, .2, -4.6, 1, 0, .2, 1, 0},
                                 11.92,
                                 {-.52, .16, .28, .16, -4.64, .16, .28, .16, -.52},
                                 Numbers(16, 0)},
                                {tenths, kSobel, kThree, 3, 1, true, {}, {}, 11.5510078, {6.002615, 1.161615, .673350}, {}}};
  for (const Case& c : cases) {
    Program p;
    const Var x = p.constant(row(c.x)), w = p.constant(column(c.w)), b = p.full(1, 1, 0);
    const Var y = record_convolution(p, x, c.in, square_window(c.kernel, 1, c.padding), w, b).pictures;
    const Var d = p.sum(c.curved ? p.softplus(y) : p.leaky_relu(y, .2f));
    const Var g = p.gradient(d, std::vector<Var>{x})[0];
    const Var s = p.scale(p.sum(p.mul(g, g)), .5f);
    const auto second = p.gradient(s, std::vector<Var>{w, x});
    const auto v = values(p, {y, g, s, second[0], second[1], d});
    if (!c.curved) require_close(v[0], c.y), require_close(v[1], c.g), require_close(v[4], c.ds_dx);
    require_close(v[2], {c.s}, 1e-6);
    if (c.curved) {
      require_close(v[5], {7.4132794}, 1e-6);
      require_close(v[3].topRows(3), c.ds_dw, 1e-6);
      CHECK_THAT(v[4](0, 4), WithinAbs(7.815661, 1e-5));
    } else {
      require_close(v[3], c.ds_dw);
    }
  }
}

TEST_CASE("a convolution is what its definition says, for strides, uneven windows and many channels", "[convolution]") {
  struct Case {
    PictureShape in;
    PictureWindow w;
    int filters;
  };
  for (const Case& c : {Case{{5, 4, 2}, square_window(3, 2, 1), 4}, Case{{6, 5, 3}, {2, 3, 1, 2, 1, 0, 0, 2}, 2},
                        Case{{4, 4, 1}, square_window(5, 1, 2), 3}, Case{{3, 7, 2}, {3, 1, 3, 3, 0, 0, 0, 0}, 1}}) {
    const PictureShape out = windowed(c.in, c.w);
    const MatrixD x = some(3, c.in.numbers(), 1), w = some(c.w.height * c.w.width * c.in.channels, c.filters, 2), b = some(1, c.filters, 3);
    Program p;
    const Var xv = p.constant(x.cast<float>()), wv = p.constant(w.cast<float>()), bv = p.constant(b.cast<float>());
    const ConvolutionVars v = record_convolution(p, xv, c.in, c.w, wv, bv);
    const MatrixD exact = reference(x, c.in, c.w, w, b);
    CHECK(v.size == PictureShape{out.height, out.width, c.filters});
    // The derivative of a sum of curved numbers, against differences of the definition.
    const auto gradient = p.gradient(p.sum(p.softplus(v.pictures)), std::vector<Var>{xv, wv, bv});
    const auto found = values(p, {v.pictures, gradient[0], gradient[1], gradient[2]});
    require_close(found[0], Numbers(exact.data(), exact.data() + exact.size()));
    const auto scalar = [&](const std::vector<MatrixD>& at) {
      return reference(at[0], c.in, c.w, at[1], at[2]).unaryExpr([](double a) { return std::log1p(std::exp(a)); }).sum();
    };
    for (std::size_t i = 0; i < 3; ++i) {
      std::vector<MatrixD> at{x, w, b};
      Numbers difference;
      for (Eigen::Index j = 0; j < at[i].size(); ++j) {
        const double was = at[i].data()[j];
        at[i].data()[j] = was + 1e-5;
        const double above = scalar(at);
        at[i].data()[j] = was - 1e-5;
        difference.push_back((above - scalar(at)) / 2e-5);
        at[i].data()[j] = was;
      }
      require_close(found[i + 1], difference);
    }
  }
}

TEST_CASE("golden: pools and their derivatives", "[convolution]") {
  constexpr PictureShape in{4, 4, 1};
  Program p;
  const Var x = p.constant(row({1, 3, 2, 0, 3, 3, 1, 5, 0, 1, 1, 1, 2, 2, 1, 1}));
  const Var most = record_max_pool(p, x, in, square_window(2, 2)), mean = record_average_pool(p, x, in, square_window(2, 2));
  const auto gradient = p.gradient(p.sum(p.mul(most, p.constant(row({1, 2, 3, 4})))), std::vector<Var>{x});
  const auto v = values(p, {most, mean, gradient[0], record_global_average(p, x, in)});
  require_close(v[0], {3, 5, 2, 1});
  require_close(v[1], {2.5, 2, 1.25, 1});
  require_close(v[2], {0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 4, 0, 3, 0, 0, 0});
  require_close(v[3], {27 / 16.});
}

TEST_CASE("padding never wins a max pool, and counts in a mean only where it is asked to", "[convolution]") {
  constexpr PictureShape in{2, 2, 2};
  Program p;
  const Var x = p.constant(row({-1, -10, -2, -20, -3, -30, -4, -40}));
  const PictureWindow w = square_window(3, 1, 1);
  const Var most = record_max_pool(p, x, in, w);
  const auto v = values(p, {most, record_average_pool(p, x, in, w), record_average_pool(p, x, in, w, false),
                            p.gradient(p.sum(most), std::vector<Var>{x})[0], record_global_average(p, x, in)});
  require_close(v[0], {-1, -10, -1, -10, -1, -10, -1, -10});
  require_close(v[1], {-10 / 9., -100 / 9., -10 / 9., -100 / 9., -10 / 9., -100 / 9., -10 / 9., -100 / 9.});
  require_close(v[2], {-2.5, -25, -2.5, -25, -2.5, -25, -2.5, -25});
  require_close(v[3], {4, 4, 0, 0, 0, 0, 0, 0});
  require_close(v[4], {-2.5, -25});
}

TEST_CASE("pictures of other programs change the order of their numbers and back", "[convolution]") {
  constexpr PictureShape in{2, 3, 2};
  Program p;
  Numbers first;
  for (int i = 0; i < in.numbers(); ++i) first.push_back(i);
  const Var last = record_channels_last(p, p.constant(row(first)), in);
  const auto v = values(p, {last, record_channels_first(p, last, in)});
  require_close(v[0], {0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11});
  require_close(v[1], first);
}

TEST_CASE("a window that does not fit gives no picture", "[convolution]") {
  CHECK(windowed({4, 4, 1}, square_window(5)).places() == 0);
  CHECK(windowed({4, 4, 1}, square_window(5, 1, 1)) == PictureShape{2, 2, 1});
  CHECK(windowed({28, 28, 3}, square_window(2, 2)) == PictureShape{14, 14, 3});
}
