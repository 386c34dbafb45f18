/** Lets what waits in the event loop run: signals, timers, the terminal. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
