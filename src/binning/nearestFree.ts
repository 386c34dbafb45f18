/** Which cells of a rectangle are still free, with the nearest one to any place found without looking at all of them. */
export interface NearestFree {
  remove(cell: number): void;
  /** The free cell nearest to (x, y), the lowest of several; −1 when none is left. */
  nearest(x: number, y: number): number;
}

/** A pyramid of counts: each level halves the one below, and squares that are empty or too far are not opened. */
export function createNearestFree(free: Uint8Array, width: number): NearestFree {
  const levels = [{ counts: Int32Array.from(free), width, height: free.length / width }];
  for (let level = levels[0]!; level.width > 1 || level.height > 1;) {
    const above = { width: (level.width + 1) >> 1, height: (level.height + 1) >> 1 };
    const counts = new Int32Array(above.width * above.height);
    for (let i = 0; i < level.counts.length; i++) {
      const x = i % level.width;
      counts[((i - x) / level.width >> 1) * above.width + (x >> 1)]! += level.counts[i]!;
    }
    levels.push(level = { counts, ...above });
  }
  let best = -1;
  let bestDistance = 0;
  const open = (depth: number, left: number, bottom: number, x: number, y: number) => {
    const level = levels[depth]!;
    if (left >= level.width || bottom >= level.height || level.counts[bottom * level.width + left] === 0) return;
    const last = (1 << depth) - 1;
    const dx = Math.max((left << depth) - x, x - (left << depth) - last, 0);
    const dy = Math.max((bottom << depth) - y, y - (bottom << depth) - last, 0);
    const distance = dx * dx + dy * dy;
    if (distance > bestDistance) return;
    if (depth === 0) {
      const cell = bottom * width + left;
      if (distance < bestDistance || cell < best) {
        best = cell;
        bestDistance = distance;
      }
      return;
    }
    // The quarter that holds the place first.
    const half = 1 << (depth - 1);
    const nearX = x >= (left << depth) + half ? 1 : 0;
    const nearY = y >= (bottom << depth) + half ? 1 : 0;
    for (let quarter = 0; quarter < 4; quarter++) {
      open(depth - 1, 2 * left + (nearX ^ (quarter & 1)), 2 * bottom + (nearY ^ (quarter >> 1)), x, y);
    }
  };
  return {
    remove(cell) {
      let x = cell % width;
      let y = (cell - x) / width;
      for (const level of levels) {
        level.counts[y * level.width + x]!--;
        x >>= 1;
        y >>= 1;
      }
    },
    nearest(x, y) {
      best = -1;
      bestDistance = Number.POSITIVE_INFINITY;
      open(levels.length - 1, 0, 0, x, y);
      return best;
    },
  };
}
