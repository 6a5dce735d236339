import { readState } from '../../../change/engine/fold.ts'
import type { Inventory } from '../../../change/inventory/inventory.ts'
import { selectDevices } from '../../../change/inventory/selector.ts'
import { BrokenChainError } from '../../../change/record/seal/chain.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError, type ErrorDecision, type ErrorKind, errorRecord } from '../../../model/error.ts'
import type { Hint } from '../../../model/hint.ts'
import { scopes } from '../../../model/principal.ts'
import type { Problem } from '../../../model/problem.ts'
import { isAllowed, type PolicyContext, requireAllowed } from '../../../project/access/policy/authority.ts'
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
import { SEE_POLICY } from './see-policy.ts'

type HttpKind =
  | 'login-missing'
  | 'logout-refused'
  | 'event-unverified'
  | 'cross-site'
  | 'no-route'
  | 'method-not-allowed'
  | 'changed-meanwhile'
  | 'other-than-path'
  | 'too-large'
  | 'too-many'
  | 'unsupported-media-type'
  | 'wrong-host'
  | 'ending'
  | 'front-gone'

export interface RequestFault {
  readonly kind: ErrorKind | HttpKind | 'input'
  readonly message: string
  readonly hint?: string
  readonly next?: Hint
  readonly device?: string
  readonly problems?: readonly Problem[]
  readonly decision?: ErrorDecision
}

export class RequestRefusal extends Error {
  readonly fault: RequestFault
  readonly headers: Readonly<Record<string, string>>

  constructor(fault: RequestFault, headers: Readonly<Record<string, string>> = {}) {
    super(fault.message)
    this.name = 'Refusal'
    this.fault = fault
    this.headers = headers
  }
}

/** A refusal by its kind, in its words, with what mends it. */
export function refusalOf(
  kind: RequestFault['kind'],
  message: string,
  hint?: string,
  headers?: RequestRefusal['headers'],
): RequestRefusal {
  return new RequestRefusal({ kind, message, ...definedMembers({ hint }) }, headers)
}

/** The message of a `bug` stays in this process: nobody knows what it holds. */
export function faultOf(thrown: unknown): RequestFault {
  if (thrown instanceof RequestRefusal) return thrown.fault
  if (thrown instanceof InputError) return { kind: 'input', message: thrown.message, problems: thrown.problems }
  if (thrown instanceof BrokenChainError) return { kind: 'store', message: thrown.message }
  if (!(thrown instanceof EosflowError) || thrown.kind === 'bug') return BUG
  const { kind, message, hint, device } = errorRecord(thrown)
  return {
    kind,
    message,
    ...definedMembers({ hint, next: thrown.next, device, decision: thrown.decision }),
  }
}

const BUG: RequestFault = { kind: 'bug', message: 'eosflow has failed; its log on the server says how' }

export function notThere(what: string): RequestRefusal {
  return refusalOf('no-route', `there is no such ${what}`, what === 'plan' ? OFFLINE_HINT : undefined)
}

const OFFLINE_HINT = 'A plan that was made offline is in its file alone: read it with `eosflow show FILE`.'

/** A refusal of somebody who may not even read it says that it is not there, as for one that is not: a denial, a closed window, and that it has newer records. */
export async function aboutSeen<T>(
  app: RecordApp,
  caller: SilentCaller,
  execution: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof InputError && error.problems.some(({ code }) => code === 'no-such-execution'))
      throw notThere('execution')
    if (!TELLING.has(faultOf(error).kind)) throw error
    if (await mayRead(app, caller, execution)) throw error
    throw notThere('execution')
  }
}

const TELLING: ReadonlySet<RequestFault['kind']> = new Set(['not-authorised', 'window-closed', 'changed-meanwhile'])

async function mayRead(app: RecordApp, caller: SilentCaller, word: string) {
  const found = await app.store.resolveExecution(word)
  if (found.found !== 'one') return false
  const state = await readState(app.store, found.id)
  return isAllowed(app, caller, 'execution.read', aboutExecution(state))
}

export function namesFor(app: PolicyContext, caller: SilentCaller): readonly string[] {
  const all = app.project.inventory().devices.map(({ name }) => name)
  return all.filter((name) => isAllowed(app, caller, 'execution.read', { devices: [name] }))
}

export function inventoryFor(app: PolicyContext, caller: SilentCaller): Inventory {
  const inventory = app.project.inventory()
  const devices = inventory.devices.filter(({ name }) =>
    scopes.some((scope) => isAllowed(app, caller, scope, { devices: [name] })),
  )
  return { ...inventory, devices }
}

export async function mayReadExecution(app: RecordApp, caller: SilentCaller, id: string): Promise<boolean> {
  const { view } = await keptExecutions(app.store).of(id)
  return view.first > 0 && isAllowed(app, caller, 'execution.read', aboutExecution(view.execution))
}

/** The snapshots that somebody may see, newest first. Throws `not-authorised` where that is none of those that there are. */
export async function snapshotsFor(app: RecordApp, caller: SilentCaller) {
  const all = await app.store.snapshots()
  const seen = all.filter(({ devices }) => isAllowed(app, caller, 'task.snapshot', { devices }))
  if (seen.length === 0)
    await unnamed(() => requireAllowed(app, caller, 'task.snapshot', { devices: all[0]?.devices ?? [] }))
  return seen
}

export async function requireSnapshotFor(app: RecordApp, caller: SilentCaller, name: string): Promise<void> {
  const found = (await app.store.snapshots()).find((one) => one.name === name)
  if (found === undefined) throw notThere('snapshot')
  const about = { devices: found.devices }
  if (isAllowed(app, caller, 'task.snapshot', about)) return
  await requireAllowed(app, caller, 'task.snapshot', about).catch(() => undefined)
  throw notThere('snapshot')
}

export async function sourceFor(app: RecordApp, caller: SilentCaller, source: ShownSource): Promise<ShownSource> {
  if (source.kind === 'execution') {
    const may = source.id !== undefined && (await mayReadExecution(app, caller, source.id))
    return may ? source : { kind: 'execution' }
  }
  const found = (await app.store.snapshots()).find(({ name }) => name === source.name)
  const may = isAllowed(app, caller, 'task.snapshot', { devices: found?.devices ?? [] })
  return may ? source : { kind: 'snapshot' }
}

/** Every open execution that has sent something and that somebody may read: what a page says of a switch must not depend on how many there are. */
export async function changingFor(app: RecordApp, caller: SilentCaller): Promise<Listing['rows']> {
  const every = { target: undefined, states: ['open'], touched: true, most: Number.POSITIVE_INFINITY }
  return (await executionsFor(app, caller, every)).rows
}

const LOOKED_AT = 1_000

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
  if (devices.some(({ name }) => isAllowed(app, caller, 'execution.read', { devices: [name] }))) return
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
