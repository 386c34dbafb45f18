/** Edits (insert, delete, replace, swap neighbours) between two words: Damerau–Levenshtein, optimal string alignment. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** The known word that a mistyped one most likely meant: a known word that contains it, or the one with the fewest edits. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  const scored = known.map((candidate) => {
    const own = candidate.toLowerCase();
    const contains = own.includes(wanted) || wanted.includes(own);
    return { candidate, score: editDistance(wanted, own) - (contains ? 100 : 0) };
  });
  scored.sort((a, b) => a.score - b.score);
  return scored[0]?.candidate;
}
