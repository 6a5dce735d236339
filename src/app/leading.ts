import type { App } from './app.ts'

/** How often a process asks whether it leads, in milliseconds: so long at most two of them believe it. */
const LOOK = 1_000

/** What a process leads with. */
export interface Leading extends Pick<App, 'claims' | 'clock'> {
  /** What all processes of the store that would do it try to claim. */
  readonly name: string
  failed(what: string, error: unknown): void
}

/**
 * Does what exactly one process of a store is to do, whenever this is the one, until `stop` is aborted: it has a claim, which it loses when it gives no sign of life for its term.
 * The work is told to stop when another process has the claim; what both have done until then must be harmless by its own keys. While the store is away
 * nobody else can have it, and the work goes on.
 */
export async function whileLeading(
  { claims, clock, name, failed }: Leading,
  stop: AbortSignal,
  work: (stop: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!stop.aborted) {
    const claim = await claims.claim(name).catch((error: unknown) => failed(name, error))
    try {
      if (claim !== undefined && (await claim.renew().catch(() => false))) {
        const term = new AbortController()
        const done = work(AbortSignal.any([stop, term.signal])).catch((error: unknown) => failed(name, error))
        const over = done.then(() => term.abort())
        while (!stop.aborted && !term.signal.aborted) {
          await clock.sleep(LOOK, AbortSignal.any([stop, term.signal])).catch(() => undefined)
          if (!(await claim.renew().catch(() => true))) term.abort()
        }
        await over
      }
    } finally {
      // Its own term ends it where the store is away.
      await claim?.release().catch(() => undefined)
    }
    await clock.sleep(LOOK, stop).catch(() => undefined)
  }
}
