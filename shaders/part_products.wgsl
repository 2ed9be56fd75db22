// The operation part_products: a thread makes a number. Bindings a, b, y and p come before it.

struct Shape {
  rows: u32, cols: u32, depth: u32, parts: u32,
  part_a: u32, part_b: u32, spare0: u32, spare1: u32,
  row_a: u32, step_a: u32, column_b: u32, step_b: u32,
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) w: vec3<u32>, @builtin(num_workgroups) n: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let i = (w.y * n.x + w.x) * 256u + t;
  if (i >= p.parts * p.rows * p.cols) { return; }
  let part = i / (p.rows * p.cols);
  let from_a = part * p.part_a + (i / p.cols % p.rows) * p.row_a;
  let from_b = part * p.part_b + (i % p.cols) * p.column_b;
  var total = 0.0;
  for (var k = 0u; k < p.depth; k = k + 1u) { total = total + a[from_a + k * p.step_a] * b[from_b + k * p.step_b]; }
  y[i] = total;
}
