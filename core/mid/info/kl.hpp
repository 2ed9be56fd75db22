#pragma once
#include "mid/base/matrix.hpp"

namespace mid {

/// What a code tells about its record at most, in nats: KL(N(mu, diag sigma^2) || N(0, I)), exact, in double precision.
/// Its mean over records is an upper bound of the mutual information of record and code, and so of record and answer.
/// Source: Alemi et al., ICLR 2017; method.md sections 4 and 4.1 (Numerics).

/// sigma of a raw output: softplus(raw - 5).
double sigma_of_raw(double raw);
/// ln sigma of a raw output; below raw = -10 that is raw - 5. Never ln 0.
double log_sigma_of_raw(double raw);

/// One unit: (mu^2 + sigma^2 - 1) / 2 - ln sigma. sigma > 0; a sigma of 0 gives infinity.
double kl_of_unit(double mu, double sigma);
/// One unit from its raw output: finite wherever mu and raw are.
double kl_of_raw(double mu, double raw);
/// Derivative of kl_of_raw by raw (mu plays no part): (sigma - 1 / sigma) sigmoid(raw - 5); below raw = -10 sigma sigmoid(raw - 5) - 1.
double kl_by_raw(double raw);

/// Each row's KL, summed over its units. mu and sigma are rows x k; no units: 0.
VectorXd kl_of_rows(MatrixRef mu, MatrixRef sigma);

}  // namespace mid
