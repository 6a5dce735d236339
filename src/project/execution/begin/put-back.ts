import { readState } from '../../../change/engine/fold.ts'
import { deviceEnd } from '../../../change/engine/outcome.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import { secretCalled } from '../../../model/around.ts'
import { EosflowError } from '../../../model/error.ts'
import { visibleLine } from '../../../report/text/text.ts'
import {
  type ActJudgement,
  decided,
  denialError,
  denialRecord,
  type PolicyContext,
} from '../../access/policy/authority.ts'
import { requireUnfrozen } from '../../access/policy/freeze-in-force.ts'
import type { App } from '../../app/app.ts'
import { approvedUndo } from '../../approval/approved-undo.ts'
import { judgingApp } from '../../history/bundle/app-for.ts'
import { executionNamed } from '../../history/executions/list-executions.ts'
import { requireUndivided, requireWholeEnded } from '../../history/sites/parts.ts'
import type { Caller, SilentCaller } from '../../identity/caller-of.ts'
import { heldByStartup, planInverse, planOf, preparedInverse, runningNow } from '../../plan/rollback/plan-inverse.ts'
import { chosenDevices } from '../../switches/inventory/tell-warnings.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { begin } from '../journal/begin.ts'
import { requireFree } from '../may-begin/window.ts'

export interface PutBackRequest {
  readonly execution: string
  readonly target: string | undefined
  readonly newest?: number | undefined
  readonly noWait?: boolean
  readonly isAnew?: boolean
}

export type PutBackResult =
  | { readonly kind: 'begun'; readonly state: ExecutionState }
  | { readonly kind: 'nothing'; readonly of: ExecutionState; readonly without: readonly string[] }

/** Throws as the policy does, as the planning of the inverse and the beginning of an execution do, `busy` while the change runs, and when it was started again meanwhile, `rollback-incomplete` when nobody knows where it ended. */
export async function putBack(
  given: App,
  caller: Caller,
  { execution, target, newest, noWait = false, isAnew = false }: PutBackRequest,
): Promise<PutBackResult> {
  const id = await executionNamed(given, execution)
  const state = await readState(given.store, id)
  // What was made with published files is put back with them.
  const app = await judgingApp(given, state)
  const changed = chosenDevices(app.project.inventory(), target).filter(({ name }) => isChanged(state, name))
  const judged = await requireStart(app, caller, state, changed)
  requireUndivided(state, 'rollback')
  requireFinished(app, state)
  await requireWholeEnded(app, state)
  if (changed.length === 0) return { kind: 'nothing', of: state, without: [] }
  await requireUnfrozen(app)
  requireListed(app, state, changed, target)
  await requireFree(
    app,
    changed.map(({ name }) => name),
  )
  for (const line of [...bootLinesInForce(state, changed), ...secretsInForce(state)]) caller.tell(`${line}\n`)
  const names = changed.map(({ name }) => name)
  const plan = await planOf(app, state)
  const running = await runningNow(app, caller, plan, changed)
  const undo = isAnew ? undefined : await approvedUndo(app, caller, state, names, running)
  const provided = { of: id, newest: newest ?? state.seq }
  if (undo?.kind === 'applies') {
    const { prepared, approvers } = undo
    caller.tell(`by the undo that ${visibleLine(approvers)} approved with the change: no further approval is asked\n`)
    return {
      kind: 'begun',
      state: await begin(app, caller, {
        purpose: 'run',
        judged,
        prepared,
        plan: undo.plan,
        undoes: id,
        provided,
        noWait,
      }),
    }
  }
  if (undo?.kind === 'unused') {
    caller.tell(`! the undo that was approved with the change is not used: ${visibleLine(undo.because)}\n`)
  }
  const { back, sources } = await planInverse(app, state, plan, names, running)
  const held = await heldByStartup(app, { state, plan, names: back, running })
  if (sources === undefined) {
    if (held.length > 0) throw new EosflowError('rollback-incomplete', held.join('\n'))
    return { kind: 'nothing', of: state, without: back }
  }
  for (const line of held) caller.tell(`! ${visibleLine(line)}\n`)
  if (back.length > 0) caller.tell(`left alone, nothing of the change is there: ${back.join(', ')}\n`)
  const { prepared } = await preparedInverse(app, sources)
  return { kind: 'begun', state: await begin(app, caller, { purpose: 'run', judged, prepared, provided, noWait }) }
}

// Throws as {@link requireAllowed} does.
async function requireStart(
  app: PolicyContext,
  caller: SilentCaller,
  state: ExecutionState,
  changed: readonly InventoryDevice[],
): Promise<ActJudgement<unknown>> {
  await app.project.published?.renew()
  const names = changed.length === 0 ? state.targets : changed.map(({ name }) => name)
  const about = { devices: names, workflow: `rollback/${state.id}` }
  const made = decided(app, caller, 'execution.start', about)
  if (made.effect === 'allow') return { again: () => requireStart(app, caller, state, changed) }
  await app.store
    .as(caller.principal)
    .append(undefined, [denialRecord(caller.principal, 'execution.start', about, made)])
  throw denialError(app, 'execution.start', {}, made)
}

function requireFinished(app: WordedHost, { id, status, outcome }: ExecutionState) {
  if (status !== 'ended') {
    throw new EosflowError(
      'busy',
      `${id} has not ended: stopping it puts everything back`,
      hinted(app, { code: 'stop', execution: id }),
    )
  }
  if (outcome !== 'unknown') return
  throw new EosflowError(
    'rollback-incomplete',
    `${id} left a switch or a call whose state is not known: a person has to look at it first`,
    hinted(app, { code: 'show-what-was-not-read', execution: id }),
  )
}

function isChanged(state: ExecutionState, name: string) {
  return deviceEnd(state, name) === 'changed'
}

function bootLinesInForce(state: ExecutionState, changed: readonly InventoryDevice[]) {
  return changed.flatMap(({ name }) => {
    const sent = state.devices.get(name)?.bootLines ?? []
    if (sent.length === 0) return []
    return [`${name}: still in force, a rollback does not undo it (show boot-config): ${sent.join('; ')}`]
  })
}

function secretsInForce({ around }: ExecutionState) {
  return (around?.names ?? [])
    .filter((name) => secretCalled(name) !== undefined)
    .map(
      (name) =>
        `${name}: stays as it is there, a rollback gives the old one to the switches alone: rotate it once more instead`,
    )
}

// Throws `stale`.
function requireListed(
  app: WordedHost,
  state: ExecutionState,
  changed: readonly InventoryDevice[],
  target: string | undefined,
) {
  if (target !== undefined) return
  const listed = new Set(changed.map(({ name }) => name))
  const gone = state.targets.filter((name) => isChanged(state, name) && !listed.has(name))
  if (gone.length === 0) return
  throw new EosflowError(
    'stale',
    `no longer in the inventory: ${gone.join(', ')}`,
    hinted(app, { code: 'leave-out-or-list' }),
  )
}
