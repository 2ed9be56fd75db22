// What matmul.wgsl defines, for shapes that the tiles cover exactly: nothing is checked, and where four numbers lie side by side
// they are one vector. native/gpu/kernels fills in FOUR_A, FOUR_B and the bias.

struct Shape { rows: u32, cols: u32, depth: u32 }

fn four_a(r: u32, k: u32) -> vec4<f32> { return FOUR_A; }
fn four_b(k: u32, q: u32) -> vec4<f32> { return FOUR_B; }
fn store4(r: u32, q: u32, sum: vec4<f32>) { c[(r * p.cols + q) / 4u] = sum BIAS; }
