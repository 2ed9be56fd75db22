// The operation inverse: one workgroup works out the whole matrix, by Gauss and Jordan in place. Bindings a, y and p come before it.

struct Shape { rows: u32, cols: u32 }

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) t: u32) {
  let n = p.rows;
  for (var i = t; i < n * n; i = i + 64u) { y[i] = a[i]; }
  storageBarrier();
  for (var k = 0u; k < n; k = k + 1u) {
    let pivot = 1.0 / y[k * n + k];
    storageBarrier();
    for (var c = t; c < n; c = c + 64u) { y[k * n + c] = select(y[k * n + c] * pivot, pivot, c == k); }
    storageBarrier();
    for (var r = t; r < n; r = r + 64u) {
      if (r == k) { continue; }
      let factor = y[r * n + k];
      y[r * n + k] = 0.0;
      for (var c = 0u; c < n; c = c + 1u) { y[r * n + c] = y[r * n + c] - factor * y[k * n + c]; }
    }
    storageBarrier();
  }
}
