const pattern = /^([+-]?)(\d{1,3})(?:[:hd°]\s*|\s+)(\d{1,2})(?:[:m'′]\s*|\s+)(\d{1,2}(?:\.\d*)?)[s"″]?$/;

/**
 * An angle written as '05:04:12.3', '05h04m12.3s', '-53 21 40' or in plain degrees [deg]; NaN when it is none.
 * @param hours true where sexagesimal numbers count hours, as for the right ascension
 */
export function parseAngle(text: string, hours: boolean): number {
  const trimmed = text.trim();
  const parts = pattern.exec(trimmed);
  if (!parts) return trimmed === '' ? NaN : Number(trimmed);
  const value = Number(parts[2]) + Number(parts[3]) / 60 + Number(parts[4]) / 3600;
  return (parts[1] === '-' ? -1 : 1) * value * (hours ? 15 : 1);
}
