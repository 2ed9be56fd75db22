// The operations gather and gather_sum: a thread makes a number, its summands in the table's order. Bindings a, table, y and p come before it.

struct Shape { rows: u32, cols: u32, of_row: u32, summands: u32 }

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) w: vec3<u32>, @builtin(num_workgroups) n: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let i = (w.y * n.x + w.x) * 256u + t;
  if (i >= p.rows * p.cols) { return; }
  let from_ = (i / p.cols) * p.of_row;
  let entry = (i % p.cols) * p.summands;
  var total = 0.0;
  for (var q = 0u; q < p.summands; q = q + 1u) {
    let column = table[entry + q];
    if (column >= 0) { total = total + a[from_ + u32(column)]; }
  }
  y[i] = total;
}
