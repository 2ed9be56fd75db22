// Fills an input with chosen rows of a matrix. Bindings from_, row, y and p come before it.

struct Shape { rows: u32, cols: u32 }

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) w: vec3<u32>, @builtin(num_workgroups) n: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let i = (w.y * n.x + w.x) * 256u + t;
  if (i >= p.rows * p.cols) { return; }
  y[i] = from_[row[i / p.cols] * p.cols + i % p.cols];
}
