import { foldAll } from '../engine/fold.ts'
import type { ExecutionState } from '../engine/state.ts'
import { liveSwitches } from '../engine/suspend.ts'
import type { JournalEvent } from '../journal/event.ts'
import { EosflowError } from '../model/error.ts'
import type { App } from './app.ts'
import type { Caller } from './caller.ts'
import type { Console } from './console.ts'
import { run, takeUpOpen } from './execution.ts'
import { isDue } from './is-due.ts'
import { requireResumable } from './policy/entry.ts'
import { endStopped, unheardStop } from './stopping.ts'
import { askToRest } from './suspending.ts'
import { sinceTaken, suspensionOf } from './suspension.ts'

/**
 * What became of an execution that was to be driven: it has ended; it rests, since it waits for somebody; it is left to a person; or another
 * process drives it.
 */
export type Driven = 'ended' | 'rests' | 'for-a-person' | 'elsewhere'

/** An execution as it is on record. */
interface OnRecord {
  readonly state: ExecutionState
  readonly events: readonly JournalEvent[]
}

/**
 * Drives an execution until it ends or rests, as whoever has asked for it. What there is to do is on record alone: whoever is asked twice, late,
 * or while another process drives it does nothing. What is written while it comes to rest is heard before this ends. Throws as a run does, and
 * as the policy where the one who has asked for it may not go on with it.
 */
export async function drive(app: App, console: Console, id: string): Promise<Driven> {
  for (;;) {
    const found = await onRecord(app, id)
    const driven = await drivenOnce(app, console, found)
    if (driven !== 'rests' || console.suspend?.aborted === true) return driven
    // Somebody may have answered between the last look of the run and its rest: a word that came before this look wakes nobody else.
    const now = await onRecord(app, id)
    if (now.state.seq === found.state.seq || (await toDo(app, now)) === 'nothing') return driven
  }
}

async function onRecord({ store }: App, id: string): Promise<OnRecord> {
  const events = await store.read(id)
  return { events, state: foldAll(id, events) }
}

/** What there is to do with an execution that no process runs. A stop comes before a word to rest, and only a person goes on behind that. */
async function toDo(app: App, { state, events }: OnRecord): Promise<'stop' | 'go-on' | 'nothing'> {
  if ((await unheardStop(app, state.id, events)) !== undefined) return 'stop'
  if ((await suspensionOf(app, state, events)) !== undefined) return 'nothing'
  return (await isDue(app, state, events, app.clock.now())) ? 'go-on' : 'nothing'
}

async function drivenOnce(app: App, console: Console, found: OnRecord): Promise<Driven> {
  const { state, events } = found
  const { id, requester } = state
  if (state.status === 'ended') return 'ended'
  if (await app.claims.isClaimed(id)) return 'elsewhere'
  if (requester === undefined) return 'for-a-person'
  const caller: Caller = { ...console, principal: requester }
  try {
    switch (await toDo(app, found)) {
      case 'nothing':
        return 'rests'
      case 'stop':
        return endOf(await endStopped(app, caller, id))
      case 'go-on': {
        await requireResumable(app, caller, state)
        const isLive = liveSwitches(state).length > 0
        // What is live goes on in any case, and the word to rest is given again behind that: a taking up ends it.
        const rest = isLive ? await app.store.suspendRequest(id, sinceTaken(events)) : undefined
        const taken = await takeUpOpen(app, caller, id, { newest: state.seq, unlessAsked: !isLive })
        if (taken.status === 'ended') return 'ended'
        if (rest !== undefined) await askToRest(app, caller, id, { reason: `${rest.reason} (asked by ${rest.actor})` })
        return endOf(await run(app, caller, taken, { detach: true, passing: true }))
      }
    }
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'busy' && (await isElsewhere(app, found))) return 'elsewhere'
    throw error
  }
}

function endOf({ status }: ExecutionState): Driven {
  return status === 'ended' ? 'ended' : 'rests'
}

/** Whether another process goes on with it, or has written to it meanwhile: that one, or the next activation, sees what is there. */
async function isElsewhere(app: App, { state }: OnRecord): Promise<boolean> {
  if (await app.claims.isClaimed(state.id)) return true
  return (await app.store.read(state.id)).at(-1)?.seq !== state.seq
}
