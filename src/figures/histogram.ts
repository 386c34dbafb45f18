/** Counts between ascending, equally spaced edges; the last interval has its upper edge. */
export function histogram(values: ArrayLike<number>, edges: Float64Array): Float64Array {
  const n = edges.length - 1;
  const counts = new Float64Array(n);
  const [low, high] = [edges[0]!, edges[n]!];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= low && value <= high) counts[Math.min(n - 1, Math.floor(((value - low) / (high - low)) * n))]! += 1;
  }
  return counts;
}
