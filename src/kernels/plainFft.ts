/** Complex transform of interleaved values, kernel e^{−iωx}: split by the smallest factor of the length (Cooley & Tukey 1965). */
function transform(values: Float64Array): Float64Array {
  const n = values.length / 2;
  if (n === 1) return values;
  const radix = [2, 3, 5].find((prime) => n % prime === 0) ?? n;
  const m = n / radix;
  const parts = Array.from({ length: radix }, (_, r) => {
    const part = new Float64Array(2 * m);
    for (let i = 0; i < m; i++) part.set(values.subarray(2 * (i * radix + r), 2 * (i * radix + r) + 2), 2 * i);
    return transform(part);
  });
  const out = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    parts.forEach((part, r) => {
      const angle = (-2 * Math.PI * ((k * r) % n)) / n;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const [re, im] = [part[2 * (k % m)]!, part[2 * (k % m) + 1]!];
      out[2 * k]! += re * c - im * s;
      out[2 * k + 1]! += re * s + im * c;
    });
  }
  return out;
}

/** The plain twin of `rfft`: n real values → n/2 + 1 complex ones. */
export function rfftPlain(input: Float64Array, output: Float64Array): void {
  const complex = new Float64Array(2 * input.length);
  input.forEach((value, i) => { complex[2 * i] = value; });
  output.set(transform(complex).subarray(0, output.length));
}

/** The plain twin of `irfft`: n/2 + 1 complex values → n real ones, with 1/n. */
export function irfftPlain(input: Float64Array, output: Float64Array): void {
  const n = output.length;
  const complex = new Float64Array(2 * n);
  // The conjugate of the whole spectrum: its transform is the conjugate of the inverse, which is real.
  for (let k = 0; 2 * k <= n; k++) {
    const im = k === 0 || 2 * k === n ? 0 : input[2 * k + 1]!;
    complex[2 * k] = input[2 * k]!;
    complex[2 * k + 1] = -im;
    if (k > 0 && 2 * k < n) complex.set([input[2 * k]!, im], 2 * (n - k));
  }
  const back = transform(complex);
  for (let i = 0; i < n; i++) output[i] = back[2 * i]! / n;
}
