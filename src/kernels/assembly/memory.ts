// The caller lays out its arrays itself, from `heapStart` on, and grows the memory when it needs more.

/** First free byte of the linear memory, 16-byte aligned. */
export function heapStart(): usize {
  return (__heap_base + 15) & ~15;
}
