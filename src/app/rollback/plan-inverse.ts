import type { DeviceIdentity } from '../../device/device.ts'
import type { DeviceHistory } from '../../device/history.ts'
import type { ExecutionState } from '../../engine/state.ts'
import type { InventoryDevice } from '../../inventory/inventory.ts'
import { EosflowError } from '../../model/error.ts'
import type { Plan } from '../../plan/plan.ts'
import { readRecordedPlan } from '../../plan/recorded-plan.ts'
import { plannedOf } from '../../plan/settled.ts'
import { storedPlanText } from '../../plan/stored-plan.ts'
import { systemRandom } from '../../system/system-random.ts'
import { onEach } from '../../task/on-each.ts'
import { read } from '../../task/read.ts'
import { isSameSwitch } from '../../task/same-switch.ts'
import type { App } from '../app.ts'
import type { Caller } from '../caller.ts'
import { hinted } from '../hinted.ts'
import type { WordedHost } from '../host.ts'
import { openFleet } from '../open-fleet.ts'
import { trustRecord } from '../trust/trust-record.ts'
import { failoverOf } from '../workers/failover.ts'
import { changeWords } from './change-words.ts'
import { type Inverse, inverseOf } from './inverse.ts'
import { type RollbackSources, WORKFLOW } from './sources.ts'
import { rollbackWorkflow } from './workflow-text.ts'

type Applies = Extract<Inverse, { kind: 'applies' }>

/** What a rollback is to do: its sources, or nothing, because every one of these switches is back already. */
export type PlannedInverse = { readonly back: readonly string[]; readonly sources: RollbackSources | undefined }

/**
 * Asks the switches how they are now and works out the inverse of what an execution has changed on them. Throws `stale` when the
 * inverse no longer applies to one of them, `wrong-device`, and what a read throws. Where workers drive no switch is asked: the inverse is that
 * of the change as it was left, and the worker that plans it judges the rest.
 */
export async function planInverse(
  app: App,
  caller: Caller,
  state: ExecutionState,
  devices: readonly InventoryDevice[],
): Promise<PlannedInverse> {
  const plan = await planOf(app, state)
  const isAsked = app.dispatch === undefined
  const inverses = isAsked
    ? await inversesOf(app, caller, state, plan, devices)
    : await inversesAsRecorded(app, state, plan, devices)
  requireApplicable(app, state, inverses)
  const applies = inverses.flatMap(([name, inverse]) => (inverse.kind === 'applies' ? [[name, inverse] as const] : []))
  const back = inverses.flatMap(([name, { kind }]) => (kind === 'back' ? [name] : []))
  if (applies.length === 0) return { back, sources: undefined }
  const mode = applies.every(([, { merge }]) => merge !== undefined) ? 'merge' : 'replace'
  const names = applies.map(([name]) => name)
  const files = applies.map(([name, inverse]) => [`${name}.cfg`, `${linesIn(app, name, inverse, mode).join('\n')}\n`])
  return {
    back,
    sources: {
      version: 1,
      execution: state.id,
      files: {
        [WORKFLOW]: rollbackWorkflow(plan.content, names, mode, failoverOf(app.project)),
        ...Object.fromEntries(files),
      },
      changes: Object.fromEntries(applies.map(([name, { changes }]) => [name, changes])),
      ...(isAsked ? {} : { asRecorded: true }),
    },
  }
}

/** The plan of an execution that is taken back. Throws `stale`. */
export async function planOf(app: App, { id, plan }: ExecutionState): Promise<Plan> {
  if (plan === undefined) throw new EosflowError('stale', `execution ${id} has no plan`)
  return readRecordedPlan(await storedPlanText(app.store, plan.ref))
}

/** The configurations of a switch that a change has begun from and come to. */
export async function changeOn(
  app: App,
  state: ExecutionState,
  name: string,
): Promise<Record<'base' | 'target', string>> {
  const { base, target } = state.devices.get(name) ?? ({} as Partial<DeviceHistory>)
  if (base === undefined || target === undefined) throw new EosflowError('bug', `${name}: nothing was staged`)
  return { base: await app.store.get(base), target: await app.store.get(target) }
}

function inversesAsRecorded(
  app: App,
  state: ExecutionState,
  { content: { allow } }: Plan,
  devices: readonly InventoryDevice[],
): Promise<readonly (readonly [string, Inverse])[]> {
  const inverse = async ({ name }: InventoryDevice): Promise<readonly [string, Inverse]> => {
    const texts = await changeOn(app, state, name)
    return [name, inverseOf({ ...texts, running: texts.target, allow })]
  }
  return Promise.all(devices.map(inverse))
}

async function inversesOf(
  app: App,
  caller: Caller,
  state: ExecutionState,
  plan: Plan,
  devices: readonly InventoryDevice[],
): Promise<readonly (readonly [string, Inverse])[]> {
  const inventory = app.project.inventory()
  const fleet = openFleet(app, caller, inventory, devices, { record: trustRecord(app, caller) }).as('read')
  const context = { fleet, clock: app.clock, random: systemRandom, signal: caller.stop }
  const inverse = async (name: string): Promise<readonly [string, Inverse]> => {
    const texts = await changeOn(app, state, name)
    const { identity } = await read(context, name, (device) => device.look([]))
    requireChanged(plan, name, identity)
    const { running } = await read(context, name, (device) => device.readConfig())
    return [name, inverseOf({ ...texts, running, allow: plan.content.allow })]
  }
  try {
    return await onEach(
      devices.map(({ name }) => name),
      inverse,
    )
  } finally {
    await fleet.close()
  }
}

/** Throws `wrong-device` where another switch answers than the one that a plan has changed. */
export function requireChanged(plan: Plan, name: string, identity: DeviceIdentity): void {
  if (isSameSwitch(identity, plannedOf(plan, name).identity)) return
  throw new EosflowError('wrong-device', `${name}: another switch answers than the one that was changed`, {
    device: name,
    hint: 'Check the address in the inventory.',
  })
}

/** Throws `stale` where the inverse no longer applies to a switch as it is. */
export function requireApplicable(
  app: WordedHost,
  { id }: Pick<ExecutionState, 'id'>,
  inverses: readonly (readonly [string, Inverse])[],
): void {
  const moved = inverses.flatMap(([name, inverse]) =>
    inverse.kind === 'moved' ? [`${name} has moved on since: ${changeWords(inverse.because)}`] : [],
  )
  if (moved.length === 0) return
  throw new EosflowError('stale', moved.join('\n'), {
    ...hinted(app, { code: 'leave-out-or-undo-by-hand', execution: id }),
  })
}

/** The lines of one switch in the mode that all of them have in common. Throws `stale` when it can be none. */
function linesIn(app: App, name: string, inverse: Applies, mode: 'merge' | 'replace'): readonly string[] {
  const lines = inverse[mode]
  if (lines !== undefined) return lines
  throw new EosflowError('stale', `${name} has moved on since, and the others can only be put back whole`, {
    device: name,
    ...hinted(app, { code: 'roll-back-one-by-one' }),
  })
}
