import type { Ledger } from '../../../change/engine/ledger.ts'
import { deviceEnds } from '../../../change/engine/outcome.ts'
import { BARRIERS } from '../../../change/record/event/sites-event.ts'
import type { App } from '../../app/app.ts'
import { askToStop } from '../../history/requests/stop-asked.ts'
import { Looks } from '../../history/sites/looks.ts'
import { partsOf, type SiteExecution } from '../../history/sites/parts.ts'
import type { Caller } from '../../identity/caller.ts'

/** So long parts that were let save may take for that before they are stopped, in milliseconds: they are taken over within a minute. */
const LONGEST_SAVE = 300_000

/** Puts on record how those parts ended that have, each once. Gives all parts. */
export async function recordEnds(app: App, ledger: Ledger): Promise<readonly SiteExecution[]> {
  const parts = await partsOf(app, ledger.state)
  for (const { site, execution, state } of parts) {
    if (state.status !== 'ended' || ledger.state.sites.ended.includes(execution)) continue
    await ledger.append({
      type: 'SiteEnded',
      site,
      child: execution,
      outcome: state.outcome ?? 'unknown',
      devices: deviceEnds(state),
    })
  }
  return parts
}

/**
 * Lets no part past a barrier any more, has all of them stop and put back what they have changed, and waits for the end of each, which goes on
 * record. It may be done again. Where all were let save some have, and no stop takes that back: the others are left to save as well, for a time.
 */
export async function endEachSite(app: App, caller: Caller, ledger: Ledger, signal: AbortSignal): Promise<void> {
  const why = ledger.state.compensation?.error.message ?? 'stopped'
  const open = BARRIERS.find((barrier) => ledger.state.sites.decided[barrier] === undefined)
  if (open !== undefined) {
    await ledger.append({ type: 'BarrierDecided', barrier: open, decision: 'refused', reason: why })
  }
  const isSaving = ledger.state.sites.decided.save?.decision === 'released'
  const stopsAt = app.clock.monotonic() + (isSaving ? LONGEST_SAVE : 0)
  const looks = new Looks(app.clock)
  for (;;) {
    signal.throwIfAborted()
    const parts = await recordEnds(app, ledger)
    // One that has not begun never will: only this execution begins it, and it is ending.
    const running = parts.filter(({ state }) => state.status === 'running' || state.status === 'compensating')
    if (running.length === 0) return
    // Who has taken one up behind the word to stop has not heard it: it is said again.
    const unasked = running.filter(({ state, asked }) => state.status === 'running' && asked === undefined)
    if (unasked.length > 0 && app.clock.monotonic() >= stopsAt) {
      const reason = `the change over several sites, ${ledger.state.id}, is put back: ${why}`
      await askToStop(
        app,
        caller,
        unasked.map(({ execution }) => execution),
        { reason },
      )
    }
    await looks.pause(parts, signal)
  }
}
