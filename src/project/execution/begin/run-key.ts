import { isDeepStrictEqual } from 'node:util'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { valueWithoutSecrets } from '../../../change/record/event/record-text.ts'
import type { ChangeTerms } from '../../../model/change-terms.ts'
import { canonicalJson, sha256 } from '../../../model/digest.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers, type JsonObject } from '../../../model/json.ts'
import { agentName, type Principal } from '../../../model/principal.ts'
import { decided, type PolicyContext } from '../../access/policy/authority.ts'
import { breakGlassOf } from '../../access/policy/demands.ts'
import { aboutExecution } from '../../access/policy/entry.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { requireKeyCounts } from '../../history/execution-view.ts'
import type { Caller, SilentCaller } from '../../identity/caller-of.ts'
import { inputError } from '../../system/process/input-error.ts'
import { type Beginning, begin } from '../journal/begin.ts'

export type Request = NonNullable<Beginning['request']>

// The first word of the key that a change file is asked for under.
const OF_CHANGE = 'change:'

/** What is asked for under a key: a saved plan, or a definition and its switches, and which plan is made again. Throws InputError for the key of a change file where that does not ask: whoever may only plan could keep it from being run. */
export function askedUnder(
  key: string,
  { plan, prepared, rebases }: Pick<Beginning, 'plan' | 'prepared' | 'rebases'>,
): Request {
  const { digest: definition, devices, commit, changeFile } = prepared
  const isItself = plan === undefined && rebases === undefined
  const own = isItself && changeFile !== undefined ? keyOfChange(changeFile) : undefined
  if (key.startsWith(OF_CHANGE) && key !== own) {
    const message = `a key that begins with \`${OF_CHANGE}\` is that of a change file`
    throw inputError('key', 'bad-key', message, 'Begin it with another word.')
  }
  const asked = {
    definition,
    devices: devices.map(({ name }) => name),
    ...definedMembers({ commit, rebases }),
  }
  return { key, of: plan?.digest ?? sha256(canonicalJson(asked)) }
}

/** The key of a change that a change file asks for, where nobody gives another one: asked for once more, it is the same execution. */
export function keyOfChange({ file, digest }: Pick<ChangeTerms, 'file' | 'digest'>): string {
  return `${OF_CHANGE}${file}@${digest.slice('sha256:'.length)}`
}

/** What an agent asks for under a key is no other one's: neither that of a person nor that of another agent. */
export function agentKey(principal: Principal, key: string): string {
  return agentPrefix(principal) + key
}

function agentPrefix(principal: Principal) {
  return `agent:${sha256(agentName(principal)).slice('sha256:'.length, 'sha256:'.length + 16)}:`
}

const OWNED = /^(?:schedule|hook|agent):/

function requireOwnKey({ principal }: SilentCaller, key: string) {
  const { issuer, id, kind } = principal
  const isService = issuer === 'schedule' || issuer === 'hook'
  const own = isService ? `${id}:` : kind === 'agent' ? agentPrefix(principal) : undefined
  if (!OWNED.test(key) || (own !== undefined && key.startsWith(own))) return
  const message =
    'a key that begins with `hook:`, `schedule:` or `agent:` is one of an event, of a schedule or of an agent'
  throw inputError('key', 'bad-key', message, 'Begin it with another word.')
}

export interface ComparedRequest {
  readonly purpose: Beginning['purpose']
  readonly params: JsonObject | undefined
  readonly skipUnreachable: boolean
  readonly breakGlass?: string | undefined
}

/** The execution that was asked for under this key before. Throws InputError for a key of another occurrence, event or agent: what they are for would not begin, or be taken for begun. */
export async function begunUnder(
  app: RecordApp,
  caller: SilentCaller,
  { key, of }: Request,
  compared: ComparedRequest,
): Promise<string | undefined> {
  requireOwnKey(caller, key)
  const found = await app.store.requested(key)
  if (found === undefined) {
    await requireKeyCounts(app, key)
    return undefined
  }
  if (!mayKnow(app, caller, found)) throw otherKey(`the key ${key} is used already: nothing was begun`)
  const { purpose } = compared
  if (found.request?.of === of && (await isSame(app, found, compared))) return found.execution
  const what = found.purpose === purpose ? 'another change' : found.purpose === 'plan' ? 'a plan alone' : 'a change'
  throw otherKey(
    `the key ${key} belongs to execution ${found.execution}, which was asked for ${what}: nothing was begun`,
  )
}

async function isSame(
  app: RecordApp,
  found: Extract<JournalEvent, { readonly type: 'ExecutionStarted' }>,
  { purpose, params, skipUnreachable, breakGlass }: ComparedRequest,
) {
  if (found.purpose !== purpose || (found.skipUnreachable === true) !== skipUnreachable) return false
  if (params !== undefined && !sameOnRecord(app, found.params, params)) return false
  const broken = await breakGlassOf(app, found.execution ?? '')
  return broken?.reason === (breakGlass === undefined ? undefined : app.scrubber.scrub(breakGlass))
}

function otherKey(message: string) {
  return new EosflowError('stale', message, { hint: 'Give this change another key.' })
}

function mayKnow(
  app: PolicyContext,
  caller: SilentCaller,
  { requester, targets, file }: Pick<ExecutionState, 'requester' | 'targets' | 'file'>,
) {
  const { issuer, id } = caller.principal
  if (requester?.issuer === issuer && requester.id === id) return true
  return decided(app, caller, 'execution.read', aboutExecution({ targets, file })).effect === 'allow'
}

function sameOnRecord({ scrubber }: RecordApp, recorded: JsonObject, given: JsonObject) {
  return isDeepStrictEqual(
    recorded,
    valueWithoutSecrets(given, (text) => scrubber.scrub(text)),
  )
}

export function paramsAsked({ plan, prepared }: Pick<Beginning, 'plan' | 'prepared'>): JsonObject | undefined {
  return plan === undefined ? prepared.params : undefined
}

function comparedFor(beginning: Beginning): ComparedRequest {
  const { purpose, skipUnreachable = false, emergency } = beginning
  return { purpose, params: paramsAsked(beginning), skipUnreachable, breakGlass: emergency?.reason }
}

/** Puts a new execution on record; gives the id of another one that was begun under the same key at this moment. Throws as {@link begin} does. */
export async function beginOnce(app: App, caller: Caller, beginning: Beginning): Promise<ExecutionState | string> {
  const { request } = beginning
  if (request !== undefined) requireOwnKey(caller, request.key)
  try {
    return await begin(app, caller, beginning)
  } catch (error) {
    const other = request === undefined ? undefined : await begunUnder(app, caller, request, comparedFor(beginning))
    if (other === undefined) throw error
    return other
  }
}
