import { isOver } from '../../../change/engine/around.ts'
import { deviceEnds } from '../../../change/engine/outcome.ts'
import type { AroundMark } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Store } from '../../../change/record/store/store.ts'
import { aroundName, pendingPath, type SecretSpec, type TicketSpec } from '../../../model/around.ts'
import { EosflowError } from '../../../model/error.ts'
import { type HttpAnswer, type HttpMethod, type HttpPort, isSafeMethod } from '../../../model/http-port.ts'
import type { Json } from '../../../model/json.ts'
import type { RotatedSecret } from '../../../model/rotated-secret.ts'
import { OUTCOME_WORDS } from '../../../report/phrases/outcome-words.ts'
import { spokenSwitches } from '../../../report/phrases/spoken.ts'
import { readMachineJson } from '../../../text/source/json.ts'
import { keptExecutions } from '../../history/executions/kept-executions.ts'
import type { Vault } from '../../secret/vault/vault.ts'
import { pendingSecret, type SecretVersions, versionsIn } from '../../switches/inventory/rotation.ts'

// How long an answer may take, in milliseconds.
const LONGEST = 10_000
// So much is read of a refusal, in bytes, and so much of it is shown.
const READ_OF_REFUSAL = 65_536
const SHOWN_OF_REFUSAL = 200

export interface ServiceCall {
  readonly method: HttpMethod
  /** Behind the address of the service, with what is in it encoded. */
  readonly path: string
  readonly query?: readonly (readonly [name: string, value: string])[]
  readonly body?: Json
  readonly mayBeGone?: true
}

/** Throws EosflowError: what the port throws, `unauthenticated`, `refused` for what it does not take, `lost-answer` where a write may have been done, `protocol` where the answer is no JSON. */
export type AskService = (call: ServiceCall) => Promise<Json>

export function askService(
  http: HttpPort,
  { url }: { readonly url: string },
  headers: Readonly<Record<string, string>>,
): AskService {
  const base = url.replace(/\/+$/, '')
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return async ({ method, path, query = [], body, mayBeGone }) => {
    const name = `${method} ${base}${path}`
    const search =
      query.length === 0 ? '' : `?${new URLSearchParams(query.map(([one, value]): [string, string] => [one, value]))}`
    const answer = await http.send(
      {
        name,
        method,
        url: `${base}${path}${search}`,
        headers: { ...own, accept: 'application/json', ...(body === undefined ? {} : JSON_BODY) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        milliseconds: LONGEST,
      },
      new AbortController().signal,
    )
    if (answer.status === 404 && mayBeGone === true) return null
    if (answer.status < 200 || answer.status > 299) throw unwanted(name, method, answer, http)
    return documentOf(name, answer)
  }
}

const JSON_BODY = { 'content-type': 'application/json' }

function unwanted(name: string, method: HttpMethod, answer: HttpAnswer, http: HttpPort) {
  const { status, headers } = answer
  if (status >= 300 && status <= 399)
    return new EosflowError('refused', `${name}: it leads to another address (${status}), which is not followed`)
  // Scrubbed before it is cut: a part of a secret is not known as one.
  const scrubbed = http.scrub(new TextDecoder().decode(answer.body.subarray(0, READ_OF_REFUSAL)))
  const text = scrubbed.replaceAll(/\s+/g, ' ').trim().slice(0, SHOWN_OF_REFUSAL)
  const isText = /json|text\/plain/.test(headers['content-type'] ?? '')
  const said = http.scrub(`${name}: it answers ${status}${isText && text !== '' ? `: ${text}` : ''}`)
  if (status === 401 || status === 403) return new EosflowError('unauthenticated', said)
  if (status >= 500 && !isSafeMethod(method))
    return new EosflowError('lost-answer', `${said}; whether it was done is unknown`, { retryable: true })
  return new EosflowError('refused', said, { retryable: status >= 500 || status === 429 })
}

function documentOf(name: string, { headers, body }: HttpAnswer) {
  if (body.length === 0) return null
  const type = headers['content-type'] ?? ''
  // A body without a type is what some proxies make of an empty document.
  const isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(type)
  const read = isJson ? readMachineJson(body, 'answer') : undefined
  if (read?.ok === true) return read.value
  const cause = new SyntaxError(read?.problems[0]?.message ?? `it is ${type || 'of no type'}`)
  throw new EosflowError('protocol', `${name}: the answer is no JSON that can be relied on`, { cause })
}

export function notAsPublished(what: string): EosflowError {
  return new EosflowError('protocol', `${what} is not of the form that this service publishes`)
}

export function judgedTicket(
  { must }: Pick<TicketSpec, 'must'>,
  fields: Readonly<Record<string, string | undefined>>,
): { readonly allows: boolean; readonly said: string } {
  const unmet = Object.entries(must).filter(([field, allowed]) => !allowed.includes(fields[field] ?? ''))
  const shown = (field: string) => JSON.stringify(fields[field] ?? null)
  if (unmet.length === 0)
    return {
      allows: true,
      said: Object.keys(must)
        .map((field) => `${field} is ${shown(field)}`)
        .join(', '),
    }
  const said = unmet.map(([field, allowed]) => {
    const wanted = allowed.map((one) => JSON.stringify(one)).join(' or ')
    return `its ${field} is ${shown(field)}, and must be ${wanted}`
  })
  return { allows: false, said: said.join('; ') }
}

export function markText({ key }: AroundMark): string {
  return `[eosflow ${key}]`
}

export function changedSwitches({ plan, targets }: Pick<ExecutionState, 'plan' | 'targets'>): readonly string[] {
  return plan?.waves.flat() ?? targets
}

/** Throws `bug` before it has. */
export function outcomeOf({ around }: Pick<ExecutionState, 'around'>) {
  if (around?.outcome === undefined) throw new EosflowError('bug', 'the change has not ended')
  return around.outcome
}

export function endText(execution: ExecutionState, mark: AroundMark): string {
  const { id, workflow } = execution
  const outcome = OUTCOME_WORDS[outcomeOf(execution)]
  return `${workflow} on ${spokenSwitches(changedSwitches(execution))}: ${outcome}. eosflow execution ${id} ${markText(mark)}`
}

/** Whether the secret that the change puts onto switches is the pending one in Vault, read back: what switches get is never known to nobody. */
export async function askSecret(
  vault: Vault,
  spec: SecretSpec,
  rotated: RotatedSecret | undefined,
): Promise<{ readonly allows: boolean; readonly said: string }> {
  const found = await pendingSecret(vault, spec)
  if (found === undefined) return { allows: false, said: `${pendingPath(spec)} holds no pending secret any more` }
  const isSame = rotated !== undefined && found.sha512 === rotated.sha512 && found.secret.equals(rotated.secret)
  return isSame
    ? { allows: true, said: `version ${found.version} of ${pendingPath(spec)} is pending` }
    : {
        allows: false,
        said: `${pendingPath(spec)} holds another secret than the one that this process has planned with`,
      }
}

/**
 * Reads what is current before the first push: the version of the pending secret and of the current one, by which the end knows whether somebody else has written.
 * Throws `guard` where another execution of the store is about to put the same secret onto switches, or has: the one that is put back would destroy what the other keeps.
 */
export async function beginSecret(
  vault: Vault,
  spec: SecretSpec,
  { execution }: AroundMark,
  store: Store,
): Promise<string> {
  const other = await otherRotation(store, spec, execution)
  if (other !== undefined) throw new EosflowError('guard', `is rotated by execution ${other} too, which has not ended`)
  const pending = await pendingSecret(vault, spec)
  if (pending === undefined) throw new EosflowError('guard', `${pendingPath(spec)} holds no pending secret any more`)
  return `${pending.version}/${(await vault.fields(spec.path)).version}`
}

async function otherRotation(store: Store, spec: SecretSpec, execution: string) {
  const others = (await store.openExecutions()).flatMap(({ id }) => (id === execution ? [] : [id]))
  for (const { view } of await keptExecutions(store).each(others))
    if (rotates(view.execution, spec)) return view.execution.id
  return undefined
}

function rotates({ around }: ExecutionState, spec: SecretSpec) {
  const entry = around?.names.indexOf(aroundName(spec)) ?? -1
  return around !== undefined && entry !== -1 && !isOver(around, entry) && around.entries[entry]?.begin !== 'failed'
}

/** Destroys a pending secret that is the current one: a person has made it current, or what did so has died before it could destroy it. Throws `guard` where another execution is about to end with it. */
export async function endPromoted(vault: Vault, spec: SecretSpec, execution: string, store: Store): Promise<void> {
  const found = await pendingSecret(vault, spec)
  if (found === undefined || (await vault.fields(spec.path)).fields?.[spec.field] !== found.secret.reveal()) return
  const other = await otherRotation(store, spec, execution)
  if (other !== undefined)
    throw new EosflowError('guard', `${spec.path} is rotated by execution ${other}, which has not ended`)
  await discard(vault, spec, found.version)
}

/** Makes the pending secret current where every switch of the plan has it, and destroys it where none has. Where some have it and some have not, or that is not known of one, both stay, and `guard` is thrown with which switch has which. */
export async function endSecret(
  vault: Vault,
  spec: SecretSpec,
  { id }: AroundMark & { readonly id?: string },
  execution: ExecutionState,
  { behind, store }: { readonly behind: readonly string[]; readonly store: Store },
): Promise<string> {
  const versions = versionsIn(id)
  if (versions === undefined)
    throw new EosflowError('guard', 'which versions were there before the change is not on record')
  const { fresh, old, unknown } = holders(execution, behind)
  if (unknown.length === 0 && old.length === 0)
    return execution.plan?.waves.length === 0 ? named(vault, spec, versions) : promote(vault, spec, versions)
  if (unknown.length === 0 && fresh.length === 0) {
    await requireOwn(store, spec, versions.pending, execution)
    return discard(vault, spec, versions.pending)
  }
  throw new EosflowError('guard', mixedWords(spec, { fresh, old, unknown }, versions))
}

// So many of the newest executions are asked whether they have put the same pending secret onto switches.
const MOST_ASKED = 1_000

// Throws `guard` where an earlier execution had the same pending secret, and could not end it: a switch of it may have what would be
// destroyed.
async function requireOwn(store: Store, spec: SecretSpec, pending: number, { id: own }: ExecutionState) {
  const name = aroundName(spec)
  for (const id of await store.executionIds(MOST_ASKED)) {
    if (id === own) continue
    const acts = await store.read(id, { of: ['AroundActed'] })
    const ofSecret = acts.flatMap((one) => (one.type === 'AroundActed' && one.name === name ? [one] : []))
    const hasBegun = ofSecret.some(({ act, id: mark }) => act === 'begin' && mark?.startsWith(`${pending}/`) === true)
    const end = ofSecret.findLast(({ act }) => act === 'end')
    if (hasBegun && end?.result !== 'done')
      throw new EosflowError(
        'guard',
        `the switches of this change have the old secret; version ${pending} of ${pendingPath(spec)} stays, because switches of execution ${id} may have it`,
      )
  }
}

interface Holders {
  // The switches that have the new secret, and those that have the old one.
  readonly fresh: readonly string[]
  readonly old: readonly string[]
  readonly unknown: readonly string[]
}

function holders(execution: ExecutionState, behind: readonly string[]): Holders {
  const ends = deviceEnds(execution)
  const planned = [...new Set([...changedSwitches(execution), ...(execution.plan?.unchanged ?? [])])]
  const having = (...wanted: readonly string[]) => planned.filter((name) => wanted.includes(ends[name] ?? 'unknown'))
  return {
    fresh: having('changed', 'unchanged'),
    old: having('reverted', 'untouched'),
    unknown: [...having('unknown'), ...behind.filter((name) => !planned.includes(name))],
  }
}

function mixedWords(spec: SecretSpec, { fresh, old, unknown }: Holders, { pending, current }: SecretVersions) {
  const new_ = `the new secret (version ${pending} of ${pendingPath(spec)})`
  const parts = [
    ...(fresh.length === 0 ? [] : [`${spokenSwitches(fresh)}: ${new_}`]),
    ...(old.length === 0 ? [] : [`${spokenSwitches(old)}: the old one (version ${current} of ${spec.path})`]),
    ...(unknown.length === 0 ? [] : [`${spokenSwitches(unknown)}: one of both`]),
  ]
  return parts.join('; ')
}

async function named(vault: Vault, spec: SecretSpec, { pending }: SecretVersions): Promise<string> {
  const { version } = await vault.fields(spec.path)
  throw new EosflowError(
    'guard',
    `the switches have the lines of version ${pending} of ${pendingPath(spec)} already, and no login has proved it in this change; ${spec.path} is of version ${version}`,
  )
}

async function promote(vault: Vault, spec: SecretSpec, { pending, current }: SecretVersions) {
  const { path, field } = spec
  const found = await pendingSecret(vault, spec)
  const kept = await vault.fields(path)
  if (found === undefined) {
    if (kept.version === current + 1) return `version ${kept.version} of ${path} is current`
    throw new EosflowError(
      'guard',
      `${pendingPath(spec)} holds no pending secret any more, and ${path} is of version ${kept.version}`,
    )
  }
  if (found.version !== pending)
    throw new EosflowError(
      'guard',
      `${pendingPath(spec)} is of version ${found.version}, and the switches have version ${pending}`,
    )
  const value = found.secret.reveal()
  if (kept.fields?.[field] !== value) {
    if (kept.version !== current)
      throw new EosflowError(
        'guard',
        `somebody has written version ${kept.version} of ${path}, and the switches have version ${pending} of ${pendingPath(spec)}`,
      )
    await vault.write(path, { ...kept.fields, [field]: value }, current)
  }
  const now = await vault.fields(path)
  if (now.fields?.[field] !== value)
    throw new EosflowError('guard', `${path} is of version ${now.version}, and does not hold what the switches have`)
  await discard(vault, spec, pending)
  return `version ${now.version} of ${path} is current`
}

// Throws `guard` where it is of another version: that is somebody else's.
async function discard(vault: Vault, spec: SecretSpec, pending: number) {
  const before = await vault.fields(pendingPath(spec))
  if (before.fields !== undefined && before.version !== pending)
    throw new EosflowError(
      'guard',
      `${pendingPath(spec)} is of version ${before.version}, which this change has not written`,
    )
  if (before.fields !== undefined) await vault.destroy(pendingPath(spec), pending)
  const after = await vault.fields(pendingPath(spec))
  if (after.fields !== undefined)
    throw new EosflowError(
      'protocol',
      `version ${pending} of ${pendingPath(spec)} is still there after it was to be destroyed`,
    )
  return `version ${pending} of ${pendingPath(spec)} was removed`
}
