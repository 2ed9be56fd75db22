// Standard normals by the same Philox4x32-10 as core/mid/base/philox: whole numbers are equal bit by bit, the Box-Muller after
// them within 2e-6 (the processor computes it in double precision). A thread makes one block of four. Bindings y and p come
// before it.

struct Shape {
  count: u32,      // numbers wanted
  skip: u32,       // of the first block, numbers that are not wanted
  block: vec2<u32>,   // number of the first block, low and high half
  name: vec2<u32>,    // the stream's name: upper half of Philox's counter
  seed: vec2<u32>,    // Philox's key
}

fn high_of_product(x: u32, y: u32) -> u32 {
  let low = (x & 0xffffu) * (y & 0xffffu);
  let left = (x >> 16u) * (y & 0xffffu) + (low >> 16u);
  let right = (x & 0xffffu) * (y >> 16u) + (left & 0xffffu);
  return (x >> 16u) * (y >> 16u) + (left >> 16u) + (right >> 16u);
}

fn philox(counter: vec4<u32>, seed: vec2<u32>) -> vec4<u32> {
  var c = counter;
  var k = seed;
  for (var round = 0; round < 10; round = round + 1) {
    c = vec4<u32>(high_of_product(0xCD9E8D57u, c.z) ^ c.y ^ k.x, 0xCD9E8D57u * c.z,
                  high_of_product(0xD2511F53u, c.x) ^ c.w ^ k.y, 0xD2511F53u * c.x);
    k = k + vec2<u32>(0x9E3779B9u, 0xBB67AE85u);
  }
  return c;
}

// -ln((a + 1/2) / 2^32), as exact near 1 as near 0.
fn minus_log(a: u32) -> f32 {
  if (a >= 0x80000000u) {
    let off = (f32(0xffffffffu - a) + 0.5) * 2.3283064365386963e-10;
    if (off < 0.25) { return -log_near_one(-off); }
    return -log_of(1.0 - off);
  }
  return -log_of((f32(a) + 0.5) * 2.3283064365386963e-10);
}

// Cosine and sine of 2 pi (b + 1/2) / 2^32: whole quarters by the highest bits, the rest from -45 to 45 degrees.
fn direction(b: u32) -> vec2<f32> {
  let turned = b + 0x20000000u;
  let x = (f32(i32(turned & 0x3fffffffu) - 0x20000000) + 0.5) * 1.4629180792671596e-9;
  let z = x * x;
  let sine = ((-1.9515295891e-4 * z + 8.3321608736e-3) * z - 1.6666654611e-1) * z * x + x;
  let cosine = ((2.443315711809948e-5 * z - 1.388731625493765e-3) * z + 4.166664568298827e-2) * z * z - 0.5 * z + 1.0;
  switch (turned >> 30u) {
    case 0u: { return vec2<f32>(cosine, sine); }
    case 1u: { return vec2<f32>(-sine, cosine); }
    case 2u: { return vec2<f32>(-cosine, -sine); }
    default: { return vec2<f32>(sine, -cosine); }
  }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) w: vec3<u32>, @builtin(num_workgroups) n: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let i = (w.y * n.x + w.x) * 64u + t;
  if (i * 4u >= p.count + p.skip) { return; }
  let low = p.block.x + i;
  let high = p.block.y + select(0u, 1u, low < i);
  let words = philox(vec4<u32>(low, high, p.name.x, p.name.y), p.seed);
  let first = sqrt(2.0 * minus_log(words.x)) * direction(words.y);
  let second = sqrt(2.0 * minus_log(words.z)) * direction(words.w);
  let four = vec4<f32>(first, second);
  for (var j = 0u; j < 4u; j = j + 1u) {
    let at = i * 4u + j;
    if (at >= p.skip && at - p.skip < p.count) { y[at - p.skip] = OUTPUT; }
  }
}
