import type { Inventory } from '../../../change/inventory/inventory.ts'
import { selectDevices } from '../../../change/inventory/selector.ts'
import { EosflowError } from '../../../model/error.ts'
import { scopes } from '../../../model/principal.ts'
import { decided, type PolicyContext, requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutExecution } from '../../../project/access/policy/entry.ts'
import { underOnePolicy } from '../../../project/access/policy/one-policy.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import { keptExecutions } from '../../../project/history/executions/kept-executions.ts'
import {
  type Listing,
  type ListingRequest,
  listExecutions,
} from '../../../project/history/executions/list-executions.ts'
import type { SilentCaller } from '../../../project/identity/caller-of.ts'
import { InputError, orProblems } from '../../../project/system/process/input-error.ts'
import type { ShownSource } from '../../../report/page/switches.ts'
import { notThere } from './not-there.ts'
import { SEE_POLICY } from './see-policy.ts'

export function namesFor(app: PolicyContext, caller: SilentCaller): readonly string[] {
  const all = app.project.inventory().devices.map(({ name }) => name)
  return all.filter((name) => decided(app, caller, 'execution.read', { devices: [name] }).effect === 'allow')
}

export function inventoryFor(app: PolicyContext, caller: SilentCaller): Inventory {
  const inventory = app.project.inventory()
  const devices = inventory.devices.filter(({ name }) =>
    scopes.some((scope) => decided(app, caller, scope, { devices: [name] }).effect === 'allow'),
  )
  return { ...inventory, devices }
}

export async function mayReadExecution(app: RecordApp, caller: SilentCaller, id: string): Promise<boolean> {
  const { view } = await keptExecutions(app.store).of(id)
  return view.first > 0 && decided(app, caller, 'execution.read', aboutExecution(view.execution)).effect === 'allow'
}

export async function requireSnapshotFor(app: RecordApp, caller: SilentCaller, name: string): Promise<void> {
  const found = (await app.store.snapshots()).find((one) => one.name === name)
  if (found === undefined) throw notThere('snapshot')
  const about = { devices: found.devices }
  if (decided(app, caller, 'task.snapshot', about).effect === 'allow') return
  await requireAllowed(app, caller, 'task.snapshot', about).catch(() => undefined)
  throw notThere('snapshot')
}

export async function sourceFor(app: RecordApp, caller: SilentCaller, source: ShownSource): Promise<ShownSource> {
  if (source.kind === 'execution') {
    const may = source.id !== undefined && (await mayReadExecution(app, caller, source.id))
    return may ? source : { kind: 'execution' }
  }
  const found = (await app.store.snapshots()).find(({ name }) => name === source.name)
  const may = decided(app, caller, 'task.snapshot', { devices: found?.devices ?? [] }).effect === 'allow'
  return may ? source : { kind: 'snapshot' }
}

/** Every open execution that has sent something and that somebody may read: what a page says of a switch must not depend on how many there are. */
export async function changingFor(app: RecordApp, caller: SilentCaller): Promise<Listing['rows']> {
  const every = { target: undefined, states: ['open'], touched: true, most: Number.POSITIVE_INFINITY }
  return (await executionsFor(app, caller, every)).rows
}

export const LOOKED_AT = 1_000

/** The executions that somebody may read, as {@link listExecutions} lists them, but for a list of all that are open from the newest {@link LOOKED_AT}; none for whoever may read switches and no execution. */
export async function executionsFor(
  app: RecordApp,
  caller: SilentCaller,
  wanted: ListingRequest,
): Promise<Pick<Listing, 'rows' | 'more'>> {
  const { target, most, before } = wanted
  const bound = Number.isFinite(most) ? { looks: LOOKED_AT } : {}
  try {
    const found = await unnamed(() => listExecutions(underOnePolicy(app), caller, { ...bound, ...wanted }))
    // A switch that they may not see is as one that is not there: it is searched for as long, and nothing is said of it where a list goes on.
    const isWhole = found.more === undefined && before === undefined
    if (found.rows.length === 0 && isWhole && target !== undefined) requireSelecting(app, caller, target)
    return found
  } catch (error) {
    if (error instanceof InputError && target !== undefined) requireSelecting(app, caller, target)
    if (!isDenial(error) || namesFor(app, caller).length === 0) throw error
    if (target !== undefined) requireSelecting(app, caller, target)
    return { rows: [] }
  }
}

// Throws InputError, in the words of those.
function requireSelecting(app: PolicyContext, caller: SilentCaller, target: string) {
  const visible = inventoryFor(app, caller)
  if (visible.devices.length === 0) throw nothingThere()
  orProblems(selectDevices(target, visible))
}

/** Throws `not-authorised`. */
export async function requireSome(app: RecordApp, caller: SilentCaller): Promise<void> {
  const { devices } = app.project.inventory()
  if (devices.some(({ name }) => decided(app, caller, 'execution.read', { devices: [name] }).effect === 'allow')) return
  const any = { target: undefined, states: [], touched: false, most: 1 }
  const { rows, more } = await executionsFor(app, caller, any)
  if (rows.length > 0 || more !== undefined) return
  // Where there is a switch, a right to read others is none to hear that something happens.
  if (devices.length > 0) throw nothingThere()
  await requireAllowed(app, caller, 'execution.read')
}

export async function unnamed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isDenial(error) ? nothingThere() : error
  }
}

function isDenial(error: unknown) {
  return error instanceof EosflowError && error.kind === 'not-authorised'
}

export function nothingThere(): EosflowError {
  return new EosflowError('not-authorised', 'the policy lets you see none of what is there', {
    hint: SEE_POLICY,
  })
}
