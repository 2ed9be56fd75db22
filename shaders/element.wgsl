// One function for each operation of the families element and update in core/mid/nn/ops.def, named op_NAME. An argument s is
// the node's scalar. native/gpu/kernels puts them into fused kernels; a test compares this list with ops.def.

fn op_add(a: f32, b: f32) -> f32 { return a + b; }
fn op_sub(a: f32, b: f32) -> f32 { return a - b; }
fn op_mul(a: f32, b: f32) -> f32 { return a * b; }
fn op_div(a: f32, b: f32) -> f32 { return a / b; }
fn op_scale(a: f32, s: f32) -> f32 { return a * s; }
fn op_shift(a: f32, s: f32) -> f32 { return a + s; }
fn op_exp(a: f32) -> f32 { return exp_of(a); }
fn op_log(a: f32) -> f32 { return log_of(a); }
fn op_sqrt(a: f32) -> f32 { return sqrt(a); }
fn op_softplus(a: f32) -> f32 {
  if (is_nan(a)) { return a; }
  return max(a, 0.0) + log1p_of(exp_of(-abs(a)));
}
fn op_log_softplus(a: f32) -> f32 {
  if (a < -15.0) { return a; }
  return log_of(op_softplus(a));
}
fn op_sigmoid(a: f32) -> f32 { return 1.0 / (1.0 + exp_of(-a)); }
fn op_tanh(a: f32) -> f32 { return tanh_of(a); }
fn op_leaky_relu(a: f32, s: f32) -> f32 {
  if (a > 0.0 || is_nan(a)) { return a; }
  if (s == 0.0) { return 0.0; }  // not 0 * a: a may be infinite
  return a * s;
}
fn op_step(a: f32, s: f32) -> f32 { return select(s, 1.0, a > 0.0); }

// What an optimiser remembers of a weight.
struct Weight { value: f32, first: f32, second: f32 }

// u: weight decay, kept, kept of squares, 1 / (1 - kept^t), 1 / sqrt(1 - kept of squares^t).
fn op_adam(w: Weight, gradient: f32, rate: f32, u: array<f32, 5>) -> Weight {
  let g = gradient + u[0] * w.value;
  let first = w.first * u[1] + g * (1.0 - u[1]);
  let second = w.second * u[2] + g * g * (1.0 - u[2]);
  return Weight(w.value - rate * u[3] * first / (sqrt(second) * u[4] + 1e-8), first, second);
}

// u: weight decay, momentum.
fn op_sgd(w: Weight, gradient: f32, rate: f32, u: array<f32, 5>) -> Weight {
  let velocity = u[1] * w.first + (gradient + u[0] * w.value);
  return Weight(w.value - rate * velocity, velocity, w.second);
}
