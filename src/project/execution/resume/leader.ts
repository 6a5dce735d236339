import type { Claim } from '../../../change/record/store/claims.ts'
import type { App } from '../../app/app.ts'

// How often a process asks whether it leads, in milliseconds: so long at most two of them believe it.
const LOOK = 1_000

export interface LeaderOptions extends Pick<App, 'claims' | 'clock'> {
  readonly name: string
  failed(what: string, error: unknown): void
}

/** Does what exactly one process of a store is to do, whenever this is the one, until `stop` is aborted: it has a claim, which it loses when it gives no sign of life for its term. */
export async function whileLeading(
  { claims, clock, name, failed }: LeaderOptions,
  stop: AbortSignal,
  work: (stop: AbortSignal) => Promise<void>,
): Promise<void> {
  let isAway = false
  while (!stop.aborted) {
    try {
      if (!(await claims.isClaimed(name))) {
        const claim = await claims.claim(name)
        try {
          // Two may have looked at the same moment.
          if (await claim.renew()) await lead(claim)
        } finally {
          // Where the store is away its term ends it.
          await claim.release().catch(() => undefined)
        }
      }
      isAway = false
    } catch (error) {
      if (!isAway) failed(name, error)
      isAway = true
    }
    await clock.sleep(LOOK, stop).catch(() => undefined)
  }

  async function lead(claim: Claim) {
    const term = new AbortController()
    const either = AbortSignal.any([stop, term.signal])
    const done = work(either).finally(() => term.abort())
    while (!either.aborted) {
      await clock.sleep(LOOK, either).catch(() => undefined)
      if (!either.aborted && !(await claim.renew().catch(() => true))) term.abort()
    }
    await done
  }
}
