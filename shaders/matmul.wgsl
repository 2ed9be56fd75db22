// The operations matmul and dense, c = op(a) op(b) (+ the row bias): what the three sizes of tile share. native/gpu/kernels
// writes the bindings a, b, c, bias and p before it, and fills in where number (row r, depth k) of op(a) lies, (k, column q) of
// op(b), and the bias; the three are text because transposing is known when the kernel is made.

struct Shape { rows: u32, cols: u32, depth: u32 }

fn at_a(r: u32, k: u32) -> f32 {
  if (r >= p.rows || k >= p.depth) { return 0.0; }
  return a[PLACE_A];
}

fn at_b(k: u32, q: u32) -> f32 {
  if (k >= p.depth || q >= p.cols) { return 0.0; }
  return b[PLACE_B];
}

fn store(r: u32, q: u32, sum: f32) {
  if (r < p.rows && q < p.cols) { c[r * p.cols + q] = sum BIAS; }
}

fn store4(r: u32, q: u32, sum: vec4<f32>) {
  store(r, q, sum.x);
  store(r, q + 1u, sum.y);
  store(r, q + 2u, sum.z);
  store(r, q + 3u, sum.w);
}

// Four numbers of a panel in workgroup memory, at rows (columns) from r (q) on.
fn four_a(r: u32, k: u32) -> vec4<f32> { return vec4<f32>(at_a(r, k), at_a(r + 1u, k), at_a(r + 2u, k), at_a(r + 3u, k)); }
fn four_b(k: u32, q: u32) -> vec4<f32> { return vec4<f32>(at_b(k, q), at_b(k, q + 1u), at_b(k, q + 2u), at_b(k, q + 3u)); }
