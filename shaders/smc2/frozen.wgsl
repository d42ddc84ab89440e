// The numbers that stay fixed within an iteration; places in population.wgsl. Kernels that read them bind the buffer read-only under the same name.

@group(0) @binding(1) var<storage, read_write> frozen: array<f32>;
