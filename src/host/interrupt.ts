/** What a user or a batch system sends to stop a run. */
const signals = ['SIGINT', 'SIGTERM'] as const;

export type StopSignal = (typeof signals)[number];

/**
 * Runs work that a SIGINT or SIGTERM may stop: the first one aborts the signal that the work is given, so that it ends at its next resting place; a second one
 * ends the process at once, as it would without this.
 */
export async function interruptible<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const handlers = signals.map((name) => {
    const handler = (): void => {
      process.removeListener(name, handler);
      controller.abort(name);
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  try {
    return await work(controller.signal);
  } finally {
    for (const [name, handler] of handlers) process.removeListener(name, handler);
  }
}
