/**
 * Progress and log on standard error: one rewritten line with a bar and the time left on a terminal, a plain line every
 * few seconds elsewhere (batch systems, files), nothing with `quiet`.
 */
export interface Reporter {
  /** A sentence for the log. */
  say(text: string): void;
  /** A warning: always shown, also with `quiet`. */
  warn(text: string): void;
  /** Progress of the stage at hand. */
  progress(stage: string, done: number, total: number): void;
  /** Ends the line of the stage at hand. */
  endStage(): void;
}

export interface ReporterOptions {
  /** No progress and no log, only warnings. Default false. */
  readonly quiet?: boolean;
  /** Default standard error. */
  readonly stream?: NodeJS.WriteStream;
  /** Milliseconds between plain lines without a terminal. Default 5000. */
  readonly interval?: number;
}

/** Seconds in words: '42 s', '3 min 05 s', '1 h 02 min'. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 10 ? seconds.toFixed(1) : whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

export function createReporter({ quiet = false, stream = process.stderr, interval = 5000 }: ReporterOptions = {}): Reporter {
  let stage = '';
  let started = 0;
  let lastShown = 0;
  let open = false;
  const clear = (): void => {
    if (open) stream.write('\r\x1b[K');
    open = false;
  };
  return {
    say(text) {
      if (quiet) return;
      clear();
      stream.write(`${text}\n`);
    },
    warn(text) {
      clear();
      stream.write(`warning: ${text}\n`);
    },
    progress(name, done, total) {
      if (quiet) return;
      const now = performance.now();
      if (name !== stage) {
        stage = name;
        started = now;
        // A stage shorter than the interval needs no line of its own in a plain log.
        lastShown = stream.isTTY ? 0 : now;
      }
      if (now - lastShown < (stream.isTTY ? 100 : interval)) return;
      lastShown = now;
      const fraction = total > 0 ? done / total : 1;
      const elapsed = (now - started) / 1000;
      const left = fraction > 0 ? ` · ${duration((elapsed * (1 - fraction)) / fraction)} left` : '';
      if (stream.isTTY) {
        const bar = '█'.repeat(Math.round(20 * fraction)).padEnd(20, '░');
        stream.write(`\r\x1b[K${name} ${bar} ${Math.floor(100 * fraction)} %${left}`);
        open = true;
      } else {
        stream.write(`${name}: ${done} of ${total} (${Math.floor(100 * fraction)} %)${left}\n`);
      }
    },
    endStage() {
      clear();
      stage = '';
    },
  };
}
