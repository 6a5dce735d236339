import type { ExecutionState } from '../../../change/engine/state.ts'
import { requireUnfrozen } from '../../access/policy/freeze-in-force.ts'
import type { App } from '../../app/app.ts'
import type { AskMode } from '../../approval/approvals.ts'
import type { Caller } from '../../identity/caller.ts'
import { requireClocksHere } from '../../switches/connect/clocks-of-change.ts'
import { requireMerged } from '../../switches/inventory/netbox-branch.ts'
import { tellTickets } from '../around/tell-tickets.ts'
import { requireMayBegin } from '../change-window/may-begin.ts'
import { type Beginning, recordBeginning, targetsOf } from '../journal/record-beginning.ts'
import { requireJudges } from '../judge/require-judges.ts'
import { awaitQuarantines } from '../run/quarantine.ts'
import { requireFree } from '../run/require-free.ts'
import { requireOwnerSessions } from '../run/require-owner-sessions.ts'
import { run } from '../run/run.ts'
import { requireSecretlessParams } from './secretless-params.ts'

/**
 * Puts a new execution on record. Throws `window-closed` while a freeze is in force, unless the glass is broken for it, and where its change file does not let it begin; `busy` when another
 * execution holds one of its switches or what must hold does not, `clock` where this machine's clock is wrong, InputError where the invariants are not good.
 */
export async function begin(app: App, caller: Caller, beginning: Beginning): Promise<ExecutionState> {
  const targets = targetsOf(beginning)
  // Those that cannot be read are told before anything is on record.
  app.project.invariants()
  await requireSecretlessParams(app, caller, beginning.prepared)
  if (beginning.plan === undefined) {
    await requireJudges(app, caller, beginning.prepared)
    await tellTickets(app, caller, beginning.prepared)
  } else await requireMerged(app, caller, beginning.plan)
  if (beginning.purpose === 'run') requireOwnerSessions(app, targets)
  if (beginning.purpose === 'run' && beginning.emergency === undefined) await requireUnfrozen(app)
  await app.clockRule?.require()
  await requireMayBegin(app, beginning)
  await requireClocksHere(app, caller, targets)
  if (beginning.purpose === 'run') {
    await requireFree(app, targets)
    await awaitQuarantines(app, caller, targets)
    await caller.begins?.(app.shared === undefined ? undefined : app.notes)
  }
  return recordBeginning(app, caller, beginning)
}

/** Begins an execution: puts it on record and runs it until it ends or waits. Throws as {@link open} does. */
export async function beginAndRun(
  app: App,
  caller: Caller,
  beginning: Beginning,
  ask: AskMode,
): Promise<ExecutionState> {
  return run(app, caller, await begin(app, caller, beginning), ask)
}
