// Functions to a few units in the last place, and with what is not a number coming out as such. WGSL promises less: its log
// may be off by 2^-21 near 1, its exp by |x| units, its sin by 2^-11, and it may assume that nothing is infinite.
// Polynomials: Cephes mathematical library (Moshier), single precision.

fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }

fn exp_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  if (!(x > -87.0 && x < 88.0)) { return exp(x); }
  let n = floor(x * 1.44269504 + 0.5);
  let r = (x - n * 0.693359375) + n * 2.12194440e-4;
  let tail = ((((1.9875691500e-4 * r + 1.3981999507e-3) * r + 8.3334519073e-3) * r + 4.1665795894e-2) * r + 1.6666665459e-1) * r + 5.0000001201e-1;
  return (tail * r * r + r + 1.0) * bitcast<f32>(u32(i32(n) + 127) << 23u);
}

// ln(1 + m) for m in -.293 .. .4143.
fn log_near_one(m: f32) -> f32 {
  let z = m * m;
  var y = (((7.0376836292e-2 * m - 1.1514610310e-1) * m + 1.1676998740e-1) * m - 1.2420140846e-1) * m + 1.4249322787e-1;
  y = (((y * m - 1.6668057665e-1) * m + 2.0000714765e-1) * m - 2.4999993993e-1) * m + 3.3333331174e-1;
  return m + (y * m * z - 0.5 * z);
}

fn log_of(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  if (is_nan(x)) { return x; }
  if (bits > 0x80000000u) { return bitcast<f32>(bits | 0x7fc00000u); }  // negative: not a number
  if (bits < 0x00800000u || bits >= 0x7f800000u) { return log(x); }    // 0, denormal, infinite
  var e = f32(i32(bits >> 23u) - 126);
  var m = bitcast<f32>((bits & 0x007fffffu) | 0x3f000000u);
  if (m < 0.70710678) {
    e = e - 1.0;
    m = m + m - 1.0;
  } else {
    m = m - 1.0;
  }
  return (log_near_one(m) - e * 2.12194440e-4) + e * 0.693359375;
}

// ln(1 + u) for u in 0 .. 1.
fn log1p_of(u: f32) -> f32 {
  if (u < 0.4142) { return log_near_one(u); }
  return (log_near_one(0.5 * (u - 1.0)) - 2.12194440e-4) + 0.693359375;
}

fn tanh_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  let size = abs(x);
  if (size < 0.625) {
    let z = x * x;
    return ((((-5.70498872745e-3 * z + 2.06390887954e-2) * z - 5.37397155531e-2) * z + 1.33314422036e-1) * z - 3.33332819422e-1) * z * x + x;
  }
  let far = 1.0 - 2.0 / (exp_of(2.0 * min(size, 20.0)) + 1.0);
  return select(far, -far, x < 0.0);
}
