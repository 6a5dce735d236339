import { z } from 'zod'
import { readState } from '../../../change/engine/fold.ts'
import type { Inventory } from '../../../change/inventory/inventory.ts'
import { selectDevices } from '../../../change/inventory/selector.ts'
import { BrokenChainError } from '../../../change/record/seal/chain.ts'
import {
  EosflowError,
  type ErrorDecision,
  type ErrorKind,
  errorRecord,
  type Hint,
  type Problem,
} from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { scopes } from '../../../model/principal.ts'
import { isAllowed, type PolicyContext, requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutExecution, underOnePolicy } from '../../../project/access/policy/entry.ts'
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
import { hintOverHttp, SEE_POLICY } from './see-policy.ts'

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

const text = z.string()

// The status of an answer by the kind of what failed (RFC 9110, section 15).
const STATUS: Readonly<Record<RequestFault['kind'], number>> = {
  input: 422,
  // OpenID Connect Back-Channel Logout 1.0, section 2.8.
  'logout-refused': 400,
  'login-missing': 401,
  'event-unverified': 401,
  'not-authorised': 403,
  'cross-site': 403,
  'no-route': 404,
  'method-not-allowed': 405,
  'not-approved': 409,
  stale: 409,
  busy: 409,
  'window-closed': 409,
  refused: 409,
  verification: 409,
  'rollback-incomplete': 409,
  cancelled: 409,
  'state-failed': 409,
  'inventory-fewer': 409,
  'other-than-path': 409,
  'changed-meanwhile': 412,
  'too-large': 413,
  'too-many': 429,
  'unsupported-media-type': 415,
  'wrong-host': 421,
  guard: 422,
  secret: 422,
  bug: 500,
  unreachable: 502,
  'lost-answer': 502,
  unauthenticated: 502,
  tls: 502,
  protocol: 502,
  'wrong-device': 502,
  'inventory-source': 502,
  'inventory-count': 502,
  'inventory-exec': 502,
  clock: 503,
  store: 503,
  ending: 503,
  'front-gone': 503,
}

// After so many seconds the same request may go better.
const AGAIN: Partial<Readonly<Record<RequestFault['kind'], number>>> = {
  busy: 5,
  'too-many': 5,
  'window-closed': 300,
  ending: 30,
}

/** A failure as an HTTP API gives it (RFC 9457). */
export const problemDocument = z
  .object({
    type: text.meta({ examples: ['urn:eosflow:error:busy'] }),
    title: text,
    status: z.int(),
    detail: text,
    instance: text.describe('The path that was asked for.'),
    kind: text.describe('What a client branches on.'),
    exitCode: z.int().optional().describe('What the command line would end with.'),
    hint: text.optional().describe('What a person does next.'),
    device: text.optional(),
    problems: z
      .array(
        z.object({
          code: text,
          message: text,
          at: z.object({ file: text, line: z.int(), column: z.int() }),
          hint: text.optional(),
        }),
      )
      .optional()
      .describe('Everything that is wrong with what was given.'),
    decision: z
      .object({ rules: z.array(text), demands: z.array(text) })
      .optional()
      .describe('What the policy has decided: its rules by their ids, and what they demand, in words.'),
  })
  .meta({ id: 'Problem' })

export const PROBLEM_TYPE = 'application/problem+json'

/** `exitCode`: what a command would end with. */
export function problemOfFault(
  { kind, message, hint, device, problems, decision }: RequestFault,
  instance: string,
  exitCode: number | undefined,
): { readonly document: z.output<typeof problemDocument>; readonly headers: Readonly<Record<string, string>> } {
  const again = AGAIN[kind]
  return {
    document: {
      type: `urn:eosflow:error:${kind}`,
      title: kind.replaceAll('-', ' '),
      status: STATUS[kind],
      detail: message,
      instance,
      kind,
      ...definedMembers({
        exitCode,
        hint: hint === undefined ? undefined : hintOverHttp(hint),
        device,
        decision: decision === undefined ? undefined : { rules: [...decision.rules], demands: [...decision.demands] },
        problems: problems?.map((problem) => ({ ...problem })),
      }),
    },
    headers: {
      'content-type': PROBLEM_TYPE,
      ...(again === undefined ? {} : { 'retry-after': String(again) }),
      ...(kind === 'login-missing' ? { 'www-authenticate': 'Bearer realm="eosflow"' } : {}),
    },
  }
}
