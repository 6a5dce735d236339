import { posix } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import { prepare } from '../../../change/plan/prepare.ts'
import { type Scrub, valueWithoutSecrets } from '../../../change/record/event/record-text.ts'
import { type DeclaredParams, type GivenParams, isReadAsYaml } from '../../../change/workflow/param/read.ts'
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
import { problemOf } from '../../../model/error.ts'
import { definedMembers, type Json, type JsonObject, readableJson } from '../../../model/json.ts'
import type { Scope } from '../../../model/principal.ts'
import { decided, requireAllowed } from '../../../project/access/policy/authority.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import {
  askedUnder,
  type BeginOutcome,
  beginChange,
  beginOnce,
  beginRebased,
  begunUnder,
  type ChangeRequest,
  requirePlanning,
  requireRebase,
} from '../../../project/execution/begin/begin-change.ts'
import type { Beginning } from '../../../project/execution/journal/begin.ts'
import { loadWorkflow } from '../../../project/files/load-workflow.ts'
import { paramsWithSecret } from '../../../project/files/params-with-secret.ts'
import type { Project } from '../../../project/files/project.ts'
import type { HookSettings } from '../../../project/files/settings/event-settings.ts'
import type { Caller } from '../../../project/identity/caller-of.ts'
import { savedChangeIn } from '../../../project/plan/planning.ts'
import { systemRandom } from '../../../project/system/machine/system-clock.ts'
import { InputError, inputError, orProblems } from '../../../project/system/process/input-error.ts'
import { readJson } from '../../../text/source/json.ts'
import { locatedNowhere } from '../../../text/source/located.ts'
import { parseWith } from '../../../text/source/yaml.ts'
import type { ActContext, ActTable } from '../context/act-context.ts'
import type { EventRefusal } from '../jobs/hooks.ts'
import { type ActInput, actInputs, type RequestParams } from '../request/act-input.ts'
import { faultOf, notThere, refusalOf } from '../request/readable.ts'
import { askAnew } from './ask-anew.ts'
import { type BegunAnswer, begunAnswer } from './begun-answer.ts'
import { wholeSeenPlan } from './decide.ts'

export const startActs = {
  start: async (context, caller, input) => {
    const { app } = context
    const prepared = await changeAsked(app, caller, 'execution.start', input)
    const change = { prepared, skipUnreachable: input.skipUnreachable, ...under(input.key, { prepared }) }
    return started(context, caller, () => beginChange(app, caller, change))
  },

  plan: async (context, caller, input) => {
    const prepared = await changeAsked(context.app, caller, 'plan.create', input)
    return planned(context, caller, { prepared, skipUnreachable: input.skipUnreachable }, input.key)
  },

  rebase: async (context, caller, { plan: digest, key }) => {
    const { app } = context
    const { plan } = await wholeSeenPlan(app, caller, digest, 'execution.start')
    await askAnew(app, caller)
    const { prepared, approved } = await requireRebase(app, caller, { plan, file: 'the plan' })
    return planned(context, caller, { prepared, skipUnreachable: false, rebases: approved.digest }, key)
  },

  /** Takes an event from outside: the raw bytes are verified before anything of them is read, the event is put on record with its body, and it begins at most one execution, as the service `hook:NAME`, whatever crashes. */
  event: async (context, caller, input) => {
    const { app, hooks } = context
    const hook = app.project.settings.events.find(({ path }) => path === input.path)
    if (hook === undefined) throw notThere('address for events')
    const refusal = { type: 'EventRefused', hook: hook.name, address: input.address } as const
    const refuse = async (reason: string, error: Error, more: Partial<EventRefusal> = {}) => {
      await hooks.refusals.put({ ...refusal, reason, ...more })
      throw error
    }
    if (input.body === undefined) return refuse('its body is too long', refusalOf('too-large', 'an event is too long'))
    const request = requestOf(input, input.body)
    const verified = await verification(context, hook, request).catch((error: unknown) =>
      // Where the secret is kept is nothing for whoever sends: it is on record, and they may try again.
      refuse(
        `it cannot be verified: ${reasonOf(error)}`,
        refusalOf('unreachable', 'events of this sender cannot be verified now'),
      ),
    )
    if (!verified.ok) return refuse(verified.reason, notVerified())
    const read = readEvent(request, verified.id)
    if (!read.ok) return refuse(read.reason, notTaken(read.reason), { body: await bodyOf(app, request) })
    const key = `hook:${hook.name}:${read.event.id}`
    return hooks.aloneOfAll(key, () => decideAbout(context, caller, { hook, key, event: read.event, request, refusal }))
  },

  'start-plan': async (context, caller, { plan: digest, carry, key }) => {
    const { app } = context
    const { plan } = await wholeSeenPlan(app, caller, digest, 'execution.start')
    if (carry && plan.content.rebases === undefined)
      throw inputError(
        'carry',
        'invalid-value',
        `the plan ${digest} was not made again of another one: nothing carries to it`,
        'Start it without `carry`.',
      )
    await askAnew(app, caller)
    if (!carry) {
      const change = await savedChangeIn(app, 'the plan', plan, digest)
      return started(context, caller, () => beginChange(app, caller, { ...change, ...under(key, change) }))
    }
    const rebase = await requireRebase(app, caller, { plan, file: 'the plan' })
    const change = { ...rebase, made: plan, ...under(key, { ...rebase, plan }) }
    return started(context, caller, () => beginRebased(app, caller, change))
  },
} satisfies Partial<ActTable>

function under(key: string | undefined, change: Parameters<typeof askedUnder>[1]): Pick<ChangeRequest, 'request'> {
  return key === undefined ? {} : { request: askedUnder(key, change) }
}

async function started({ runs }: ActContext, caller: Caller, begin: () => Promise<BeginOutcome>): Promise<unknown> {
  runs.requireOpen()
  const made = await begin()
  if (made.kind === 'known') return { execution: made.id, known: true }
  runs.begin(made.state, caller)
  return begunAnswer(made.state)
}

async function planned(
  { app, runs }: ActContext,
  caller: Caller,
  asked: Pick<Beginning, 'prepared' | 'rebases'> & { readonly skipUnreachable: boolean },
  key: string | undefined,
): Promise<unknown> {
  const { prepared, skipUnreachable } = asked
  const judged = await requirePlanning(app, caller, prepared)
  const request = key === undefined ? undefined : askedUnder(key, asked)
  const compared = { purpose: 'plan', params: prepared.params, skipUnreachable } as const
  const known = request === undefined ? undefined : await begunUnder(app, caller, request, compared)
  if (known !== undefined) return { execution: known, known: true }
  runs.requireOpen()
  const under = request === undefined ? {} : { request }
  const begun = await beginOnce(app, caller, { purpose: 'plan', judged, ...asked, ...under })
  if (typeof begun === 'string') return { execution: begun, known: true }
  runs.begin(begun, caller)
  return begunAnswer(begun)
}

// Throws InputError, what they throw, and `not-authorised` for whoever may not do `needs` with this file on any switch: they are told nothing of what is in the project.
async function changeAsked(
  app: RecordApp,
  caller: Caller,
  needs: Scope,
  { workflow, params, targets }: ActInput<'plan'>,
) {
  const { project } = app
  const mayOn = ({ name }: InventoryDevice) =>
    decided(app, caller, needs, { workflow, devices: [name] }).ground !== 'no-rule'
  if (!project.inventory().devices.some(mayOn)) await requireAllowed(app, caller, needs, { workflow })
  if (!mayBeWorkflow(project, workflow)) throw notThere('workflow')
  await askAnew(app, caller)
  const asked = loadWorkflow(project, workflow)
  const given = givenParams(params, asked.params)
  const secret = paramsWithSecret(app, given)
  if (secret.length > 0) throw new InputError(secret.map(secretInParam))
  return orProblems(
    prepare({
      workflow: asked,
      given,
      inventory: project.inventory(),
      ...definedMembers({ only: targets }),
      files: project.files,
    }),
  )
}

function mayBeWorkflow({ settings }: Project, path: string) {
  const isHidden = path.split(/[/\\]/).some((part) => part.startsWith('.'))
  const others = ['eosflow.yaml', settings.inventory, settings.policy].map((one) => posix.normalize(one))
  return /\.ya?ml$/.test(path) && !isHidden && !others.includes(posix.normalize(path))
}

// All texts of a request that are read as YAML have together at most so many characters: YAML costs the engine some 10 µs for each, JSON next
// to nothing.
const LONGEST_YAML = 4_096
const SHORT = 512

// A text is read as behind `-p`, so that a form can give a number; any other value as in a file of `--params`. Throws InputError.
function givenParams(params: RequestParams, declared: DeclaredParams['params']): GivenParams {
  let left = LONGEST_YAML
  const long: string[] = []
  const entries = Object.entries(params).map(([name, value]) => {
    if (typeof value !== 'string') return [name, locatedNowhere(value, `params.${name}`)] as const
    const param = Object.hasOwn(declared, name) ? declared[name] : undefined
    if (param === undefined || !isReadAsYaml(value, param)) return [name, value] as const
    const json = value.length > SHORT ? readableJson(value) : undefined
    if (json !== undefined) return [name, locatedNowhere(json, `params.${name}`)] as const
    left -= value.length
    if (left < 0) long.push(name)
    return [name, value] as const
  })
  if (long.length > 0) throw new InputError(long.map(tooLongForYaml))
  return Object.fromEntries(entries)
}

function tooLongForYaml(name: string) {
  return problemOf(
    `params.${name}`,
    'invalid-value',
    `the parameter \`${name}\` is too long for a text: all that are no plain text have at most ${LONGEST_YAML} characters together`,
    'Give a list as a list of JSON.',
  )
}

function secretInParam(name: string) {
  return problemOf(
    `params.${name}`,
    'secret-parameter',
    `the parameter \`${name}\` holds a secret of this project`,
    'Parameters are recorded and shown to approvers. Give the secret by its reference where it is needed.',
  )
}

interface EventTaken {
  readonly version: 1
  readonly event: string
  // `known`: it was decided about before. `ignored`: the settings want no event like it.
  readonly outcome: 'begun' | 'known' | 'ignored'
  readonly execution?: string
  readonly trace?: string
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
    const made = await startActs[hook.does === 'plan' ? 'plan' : 'start'](at, asker, asked)
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

function notVerified() {
  return refusalOf(
    'event-unverified',
    'this is not from a sender that is known here',
    'Send the proof that `verify:` of the entry asks for. Why it was refused is on record where the server is: eosflow audit list --code EF13',
  )
}

function notTaken(reason: string) {
  return refusalOf('input', `the event is not taken: ${reason}`)
}
