/** The table of the bench as text. */
import os from 'node:os';
import { median } from './harness.mjs';

/** Three digits, thousands apart: '0.0123', '4.56', '12 300'. */
function figure(value) {
  if (value < 1000) return value < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(3)));
  return String(Number(value.toPrecision(3))).replace(/\B(?=(\d{3})+$)/g, ' ');
}

const memory = (bytes) => (bytes === null ? '' : bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(2)} GB`);
const secondsOf = (rounds) => rounds.map(({ seconds }) => seconds);
const peakOf = (rounds) => (rounds?.[0]?.peak ? Math.max(...rounds.map(({ peak }) => peak)) : null);

/** How many times as fast as the peer, round by round, so that what else the machine did falls on both; the median. */
const ratio = (ours, theirs) => median(ours.map(({ seconds }, i) => theirs[i].seconds / seconds));

/** (largest − smallest)/median of the seconds [%]. */
function spread(rounds) {
  const seconds = secondsOf(rounds);
  return seconds.length < 2 ? '–' : String(Math.round((100 * (Math.max(...seconds) - Math.min(...seconds))) / median(seconds)));
}

/**
 * A row: `what`, `rounds` of `inTurns`, the `peer`'s name (null: nobody does the same), and either seconds or, with `amount`
 * and `unit`, so many things a second.
 */
function cells({ what, rounds: { ours, peer: theirs }, peer, amount, unit }) {
  const value = (rounds) => (amount === undefined ? median(secondsOf(rounds)) : amount / median(secondsOf(rounds)));
  return [
    what, figure(value(ours)), theirs ? figure(value(theirs)) : peer ? 'peer not installed' : '–', unit ?? 's',
    theirs ? figure(ratio(ours, theirs)) : '',
    theirs ? `${spread(ours)} / ${spread(theirs)}` : spread(ours),
    memory(peakOf(ours)), memory(peakOf(theirs)), peer ?? '',
  ];
}

const heads = ['', 'ours', 'peer', 'unit', 'ratio', 'spread %', 'memory', "peer's", 'peer'];
/** Columns that are words stand on the left. */
const words = [0, 3, 8];

/** A paragraph in lines of that width at most, the first further left. */
function wrapped(paragraph, width) {
  const lines = [' '];
  for (const word of paragraph.split(' ')) {
    if (lines.at(-1).length + 1 + word.length > width) lines.push('     ');
    lines.push(`${lines.pop()} ${word}`);
  }
  return lines;
}

/** The rows as aligned text, with their notes below. */
export function tableText(rows) {
  const lines = [heads, ...rows.map(cells)];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const text = lines.map((line) => line.map((cell, column) => (words.includes(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ').trimEnd());
  const width = widths.reduce((a, b) => a + b + 2, -2);
  const notes = rows.filter(({ note }) => note).flatMap(({ what, note }) => wrapped(`${what}: ${note}.`, width));
  return [text[0], '─'.repeat(width), ...text.slice(1), '', 'Notes', ...notes].join('\n');
}

/** What the figures depend on. */
export function machineText({ numpy, scipy, astropy }) {
  const named = (name, version) => `${name} ${version ?? 'not installed'}`;
  return [
    `machine: ${os.cpus().length} cores, ${os.cpus()[0]?.model ?? os.arch()}, ${memory(os.totalmem())}, load ${os.loadavg()[0].toFixed(1)} before the start`,
    `Node ${process.versions.node} (V8 ${process.versions.v8}); peers: ${named('numpy', numpy)}, ${named('scipy', scipy)}, ${named('astropy', astropy)}, one BLAS thread`,
  ].join('\n');
}
