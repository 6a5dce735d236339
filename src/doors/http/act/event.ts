import { isDeepStrictEqual } from 'node:util'
import { type Scrub, valueWithoutSecrets } from '../../../change/record/event/without-secrets.ts'
import {
  eventParams,
  type HookEvent,
  type HookRequest,
  hasTooManyValues,
  inRing,
  memberOf,
  namedBy,
  readEvent,
  unwanted,
} from '../../../features/hook/event/hook-event.ts'
import { verifyHook } from '../../../features/hook/event/verify.ts'
import { hookPrincipal } from '../../../features/hook/hook-keys.ts'
import { pushedCommit, signersBefore, withUnknownMarked } from '../../../features/hook/pushed-commit.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import type { HookSettings } from '../../../project/files/settings/event-settings.ts'
import type { Caller } from '../../../project/identity/caller-of.ts'
import { systemRandom } from '../../../project/system/machine/system-random.ts'
import { InputError, orProblems } from '../../../project/system/process/input-error.ts'
import { readJson } from '../../../text/source/json.ts'
import { locatedNowhere } from '../../../text/source/located.ts'
import { parseWith } from '../../../text/source/parse-with.ts'
import type { ActContext, Perform } from '../context/act-context.ts'
import type { EventRefusal } from '../jobs/hooks.ts'
import { type ActInput, actInputs } from '../request/act-input.ts'
import { faultOf, RequestRefusal } from '../request/fault.ts'
import { notThere } from '../request/not-there.ts'
import type { BegunAnswer } from './begun-answer.ts'
import { plan } from './plan.ts'
import { start } from './start.ts'

interface EventTaken {
  readonly version: 1
  readonly event: string
  // `known`: it was decided about before. `ignored`: the settings want no event like it.
  readonly outcome: 'begun' | 'known' | 'ignored'
  readonly execution?: string
  readonly trace?: string
}

/** Takes an event from outside: the raw bytes are verified before anything of them is read, the event is put on record with its body, and it begins at most one execution, as the service `hook:NAME`, whatever crashes. */
export const event: Perform<'event'> = async (context, caller, input) => {
  const { app, hooks } = context
  const hook = app.project.settings.events.find(({ path }) => path === input.path)
  if (hook === undefined) throw notThere('address for events')
  const refusal = { type: 'EventRefused', hook: hook.name, address: input.address } as const
  const refuse = async (reason: string, error: Error, more: Partial<EventRefusal> = {}) => {
    await hooks.refusals.put({ ...refusal, reason, ...more })
    throw error
  }
  if (input.body === undefined) return refuse('its body is too long', tooLarge())
  const request = requestOf(input, input.body)
  const verified = await verification(context, hook, request).catch((error: unknown) =>
    // Where the secret is kept is nothing for whoever sends: it is on record, and they may try again.
    refuse(`it cannot be verified: ${reasonOf(error)}`, notVerifiable()),
  )
  if (!verified.ok) return refuse(verified.reason, notVerified())
  const read = readEvent(request, verified.id)
  if (!read.ok) return refuse(read.reason, notTaken(read.reason), { body: await bodyOf(app, request) })
  const key = `hook:${hook.name}:${read.event.id}`
  return hooks.aloneOfAll(key, () => decideAbout(context, caller, { hook, key, event: read.event, request, refusal }))
}

// Throws where nobody can say: its secret is not to be had, or is none.
async function verification({ app, hooks }: ActContext, { name, verify }: HookSettings, request: HookRequest) {
  const keys = await hooks.keys.of(name, verify)
  return verifyHook({ ...verify, keys }, request, app.clock.now())
}

interface Sent {
  readonly hook: HookSettings
  readonly key: string
  readonly event: HookEvent
  readonly request: HookRequest
  readonly refusal: Pick<EventRefusal, 'type' | 'hook' | 'address'>
}

async function decideAbout(context: ActContext, caller: Caller, sent: Sent): Promise<EventTaken> {
  const { app, hooks } = context
  const { hook, key, event, request, refusal } = sent
  const told = { version: 1, event: event.id } as const
  const before = await app.store.requested(key)
  // Nobody else begins anything under a key of this sender.
  if (before?.execution !== undefined) return { ...told, outcome: 'known', execution: before.execution }
  if (await hooks.decided.has(key)) return { ...told, outcome: 'known' }
  const body = await bodyOf(app, request)
  const why = inRing(event, app.store.id) ?? unwanted(hook, event)
  await received(app, sent, body, why)
  if (why !== undefined) {
    await hooks.decided.add(key)
    return { ...told, outcome: 'ignored' }
  }
  try {
    const { execution, trace } = await begun(context, caller, sent)
    await hooks.decided.add(key)
    return { ...told, outcome: 'begun', execution, ...definedMembers({ trace }) }
  } catch (error) {
    await hooks.refusals.put({ ...refusal, reason: reasonOf(error), event: event.id, body })
    throw error
  }
}

// Throws what keeps it from that: the policy, the schema of the workflow, a switch that is busy, a commit that is not to be planned.
async function begun(
  context: ActContext,
  caller: Caller,
  { hook, key, event }: Sent,
): Promise<Omit<BegunAnswer, 'known'>> {
  const { app } = context
  const named = namedBy(hook, event)
  if (!named.ok) throw notTaken(named.reason)
  const moment = { now: app.clock.now(), random: app.seams?.random ?? systemRandom }
  const computed = await eventParams(hook.params, event, moment)
  if (!computed.ok) throw notTaken(computed.reason)
  const asked = changeOf(hook, computed.params, key)
  const known = await withUnknownMarked(app, named.people)
  const make = async (at: ActContext, people: typeof named.people) => {
    const asker = { ...caller, principal: hookPrincipal(hook.name, people) }
    const made = await (hook.does === 'plan' ? plan(at, asker, asked) : start(at, asker, asked))
    return made as BegunAnswer
  }
  const { commit } = hook
  if (commit === undefined) return make(context, known)
  // One at a time: each moves what the next one compares with.
  return context.hooks.alone('git', async () => {
    // Whoever has waited for the fetch of another may come here when this process ends.
    context.runs.requireOpen()
    const pushed = await pushedCommit(app, hook.name, memberOf(event, commit))
    const before = await signersBefore(app.store, hook, pushed.signers)
    const begun = await make({ ...context, app: pushed.app }, [...known, ...pushed.signers, ...before])
    // It has begun, and nothing else may be said of it.
    await pushed.planned().catch((error: unknown) => context.failed(`the commit of ${hook.name}`, error))
    return begun
  })
}

// Throws InputError.
function changeOf({ workflow, targets }: HookSettings, params: JsonObject, key: string) {
  const asked = { workflow, params, key, ...definedMembers({ targets }) }
  return orProblems(parseWith<ActInput<'plan'>>(actInputs.plan as never, locatedNowhere(asked as Json, 'event')))
}

async function received(app: RecordApp, { hook, event, refusal }: Sent, body: string, ignored?: string) {
  const { id, type, source } = event
  await app.store.as(hookPrincipal(hook.name)).append(undefined, [
    {
      type: 'EventReceived',
      hook: hook.name,
      event: id,
      address: refusal.address,
      body,
      ...definedMembers({ kind: type, source, ignored }),
    },
  ])
}

async function bodyOf({ store, scrubber }: RecordApp, { body }: HookRequest) {
  const scrub = (text: string) => scrubber.scrub(text)
  const text = scrub(Buffer.from(body).toString())
  const read = hasTooManyValues(body) ? undefined : readJson(text, 'event')
  if (read?.ok !== true) return store.put(withoutEscapedSecrets(text, scrub))
  const { value } = read.value
  const clean = valueWithoutSecrets(value, scrub)
  // A sender may encode any character of a text (RFC 8259, section 7): then the body is kept as what it says, and not byte for byte.
  return store.put(isDeepStrictEqual(value, clean) ? text : JSON.stringify(clean))
}

function withoutEscapedSecrets(text: string, scrub: Scrub) {
  const plain = text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(["\\/]))/g, (_, hex?: string, own = '') =>
    hex === undefined ? own : String.fromCharCode(Number.parseInt(hex, 16)),
  )
  const clean = scrub(plain)
  return clean === plain ? text : clean
}

function requestOf({ headers, certificate }: ActInput<'event'>, body: string): HookRequest {
  return { headers, body: Buffer.from(body, 'base64'), ...definedMembers({ certificate }) }
}

function reasonOf(error: unknown) {
  if (error instanceof InputError) return error.problems.map(({ message }) => message).join('; ')
  return faultOf(error).message
}

function tooLarge() {
  return new RequestRefusal({ kind: 'too-large', message: 'an event is too long' })
}

function notVerifiable() {
  return new RequestRefusal({ kind: 'unreachable', message: 'events of this sender cannot be verified now' })
}

function notVerified() {
  return new RequestRefusal({
    kind: 'event-unverified',
    message: 'this is not from a sender that is known here',
    hint: 'Send the proof that `verify:` of the entry asks for. Why it was refused is on record where the server is: eosflow audit list --code EF13',
  })
}

function notTaken(reason: string) {
  return new RequestRefusal({ kind: 'input', message: `the event is not taken: ${reason}` })
}
