import { setTimeout as pause } from 'node:timers/promises'

/** Waits in real time until something holds. Throws when it does not within so many milliseconds. */
export async function soon(
  holds: () => boolean | Promise<boolean>,
  within = 20_000,
  what: string | (() => string) = 'that',
): Promise<void> {
  for (const end = performance.now() + within; !(await holds()); await pause(20)) {
    if (performance.now() > end) throw new Error(`it did not come to ${typeof what === 'string' ? what : what()}`)
  }
}
