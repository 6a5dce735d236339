import { foldAll, readState } from '../../../change/engine/fold.ts'
import { startedTimers } from '../../../change/engine/running-timers.ts'
import { unsettled } from '../../../change/engine/undo.ts'
import { type AllowedAct, requireAllowed } from '../../access/policy/authority.ts'
import { aboutExecution, requireResumable } from '../../access/policy/entry.ts'
import type { App } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { judgingApp } from '../../history/bundle/app-for.ts'
import { executionNamed } from '../../history/executions/execution-named.ts'
import { isLeftAlone } from '../../history/executions/left-alone-executions.ts'
import { requireNotRestored } from '../../history/restored.ts'
import { requireNoPart } from '../../history/sites/require-whole.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { requireClocksHere } from '../../switches/connect/switch-clocks.ts'

export interface ResumableExecution {
  readonly id: string
  /** By what they may; absent where nothing forbids it: it has ended, or they have started it and its change is live. */
  readonly allowed?: AllowedAct | undefined
}

/** Throws InputError, `clock`, and as the policy does. */
export async function executionToResume(
  app: App,
  caller: Caller,
  word: string,
  restored: boolean,
): Promise<ResumableExecution> {
  const id = await executionNamed(app, word)
  const events = await app.store.read(id)
  const state = foldAll(id, events)
  if (state.status === 'ended') {
    await requireAllowed(app, caller, 'execution.read', aboutExecution(state))
    return { id }
  }
  const allowed = await requireResumable(await judgingApp(app, state), caller, state)
  // What the others do is not touched by it: the part goes on where its workers died, and waits for them as before.
  if (!(await isLeftAlone(app, id, events))) requireNoPart(state, 'resume')
  await requireNotRestored(app, id, events, restored)
  // Where its change is live no time is lost, and nothing of a clock keeps it from being put back.
  if (unsettled(state).length === 0) await requireClocksHere(app, caller, state.targets)
  return { id, allowed }
}

/** If all are run, the newest of these; undefined where none is open. Throws `store`. */
export async function nextToResume(app: ProjectStore, { tell }: Pick<Caller, 'tell'>): Promise<string | undefined> {
  const urgent = await mostUrgentExecution(app)
  if (urgent !== undefined) {
    const { id, device, seconds } = urgent
    tell(`resuming ${id}: the commit timer of ${device} runs out in ${seconds} s\n`)
    return id
  }
  const open = await app.store.openExecutions()
  for (const { id } of open) if (!(await app.claims.isClaimed(id))) return id
  return open[0]?.id
}

interface UrgentExecution {
  readonly id: string
  readonly device: string
  readonly seconds: number
}

// Throws `store`.
async function mostUrgentExecution({ store, claims, clock }: ProjectStore): Promise<UrgentExecution | undefined> {
  const now = clock.now()
  const running: (UrgentExecution & { readonly until: number })[] = []
  for (const { id, hasActed } of await store.openExecutions()) {
    if (!hasActed || (await claims.isClaimed(id))) continue
    const next = startedTimers(await readState(store, id)).find(({ until }) => until > now)
    if (next !== undefined) running.push({ id, ...next, seconds: Math.ceil((next.until - now) / 1000) })
  }
  return running.toSorted((a, b) => a.until - b.until)[0]
}
