import { type AroundSpec, aroundName, type SecretSpec, type TicketSpec } from '../../model/around.ts'
import { slowestRoundTrip } from '../../model/commit-time.ts'
import { sha256 } from '../../model/digest.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { once } from '../../model/once.ts'
import { requireSupportedEos } from '../../model/supported-eos.ts'
import { behindQuestion, MOST_ASKED_BEHIND } from '../plan/behind.ts'
import type { LeftOutSwitch } from '../plan/left-out-switch.ts'
import { offlineEvidence } from '../plan/offline.ts'
import type { Plan, PlanEvidence } from '../plan/plan.ts'
import { recordedDigest } from '../plan/recorded-plan.ts'
import { comparisonOf, replacedSwitches, sealCommands, withIntended } from '../plan/seal.ts'
import { plannedOf, settledDevice } from '../plan/settled.ts'
import { recordedPlan, storePlan } from '../plan/stored-plan.ts'
import { touchedThings } from '../plan/touched.ts'
import { watchedNeighbors } from '../plan/watched.ts'
import type { EventBody, JournalEvent } from '../record/event/event.ts'
import type { ArtefactRef } from '../record/event/record-schema.ts'
import type { ChangePort, ConfirmationGroup, DeviceEvidence } from '../task/act/context.ts'
import { confirmConcurrencyOf } from '../workflow/timers.ts'
import { isOver } from './around.ts'
import { isConcerned } from './evaluate.ts'
import type { Ledger } from './ledger.ts'
import type { AroundMark, AroundPort, ChangePorts } from './ports.ts'
import type { ExecutionState } from './state.ts'

export interface AroundRunner {
  /**
   * Requires that each ticket allows the change: asked once by each process, for all switches that it may still push. Throws `guard` where one does not, or
   * what keeps one from being asked, and from then on the same for every other switch.
   */
  requireTickets(): Promise<void>
  /** Does at each service what is to be there before the first push, once. Whatever goes wrong is on record, and stops nothing but for a secret. */
  begin(): Promise<void>
  /** Of a change that writes nothing: looks at the secret that it would have put onto switches. */
  beginSecret(): Promise<void>
  end(signal: AbortSignal): Promise<void>
}

// For how many milliseconds the end of one entry is tried, and how long after the first failure; each pause is twice the one before.
const LONGEST_END = 60_000
const FIRST_PAUSE = 1_000
const LONGEST_SAID = 300

/** Builds what does the entries of `around` of an execution, on its record. */
export function aroundRunner(
  { around: port, clock }: Pick<ChangePorts, 'around' | 'clock'>,
  ledger: Ledger,
  kept: Pick<KeptPlan, 'get'>,
): AroundRunner {
  if (port === undefined) return asksNobody(ledger)
  let asking: Promise<void> | undefined
  let beginning: Promise<void> | undefined
  const work: Work = { port, clock, ledger }
  const specsNow = async (): Promise<readonly AroundSpec[]> => (await kept.get()).content.around ?? []
  const beginThose = async (specs: readonly AroundSpec[], isBegun: (spec: AroundSpec) => boolean) => {
    if (!specs.some(isBegun)) return
    if (ledger.state.around === undefined)
      await ledger.append({ type: 'AroundTurned', phase: 'begins', names: specs.map(aroundName) })
    await everyOne(specs.map((spec, entry) => (isBegun(spec) ? begin(work, spec, entry) : undefined)))
  }
  return {
    requireTickets: () => {
      // A refusal is for the change and not for one switch: it is kept, so that no switch of a rollout that tolerates failures is pushed behind it.
      asking ??= specsNow().then((specs) =>
        everyOne(specs.map((spec, entry) => (isGate(spec) ? ask(work, spec, entry) : undefined))),
      )
      return asking
    },
    begin: () => {
      beginning ??= specsNow().then((specs) => beginThose(specs, () => true))
      return beginning
    },
    beginSecret: async () => beginThose(await specsNow(), ({ around }) => around === 'secret'),
    end: async (signal) => {
      const specs = await specsNow().catch(() => [])
      const { names = [] } = ledger.state.around ?? {}
      await everyOne(names.map((name, entry) => end(work, { name, entry, spec: specs[entry] }, signal)))
    },
  }
}

function asksNobody(ledger: Ledger): AroundRunner {
  return {
    requireTickets: async () => undefined,
    begin: async () => undefined,
    beginSecret: async () => undefined,
    end: async () => {
      const { names = [] } = ledger.state.around ?? {}
      const open = names.flatMap((name, entry) => (hasEnded(ledger, entry) ? [] : [{ name, entry }]))
      for (const one of open)
        await record(ledger, { ...one, act: 'end', result: 'failed', said: 'nobody is asked here' })
    },
  }
}

interface Work {
  readonly port: AroundPort
  readonly clock: ChangePorts['clock']
  readonly ledger: Ledger
}

type Acted = Omit<Extract<EventBody, { type: 'AroundActed' }>, 'type'>

function record(ledger: Ledger, { said, ...acted }: Acted) {
  return ledger.append({ type: 'AroundActed', ...acted, ...(said === undefined ? {} : { said: clipped(said) }) })
}

function markOf({ state: { id, redriven } }: Ledger, entry: number): AroundMark {
  return { execution: id, key: `${id}/${entry + 1}${redriven === 0 ? '' : `/${redriven}`}` }
}

async function ask({ port, ledger }: Work, spec: TicketSpec | SecretSpec, entry: number) {
  const about = { entry, name: aroundName(spec), act: 'ask' } as const
  const answer = await port.ask(spec).catch(async (error: unknown) => {
    await record(ledger, { ...about, result: 'unknown', said: messageOf(error) })
    throw error
  })
  await record(ledger, { ...about, result: answer.allows ? 'done' : 'failed', said: answer.said })
  if (answer.allows) return
  throw new EosflowError('guard', `${about.name} does not allow the change: ${clipped(answer.said)}`, {
    hint:
      spec.around === 'secret'
        ? 'Nothing was sent. Plan again: a new secret is made where none is pending.'
        : 'Nothing was sent. Have the ticket allowed, then run it again.',
  })
}

async function begin({ port, ledger }: Work, spec: AroundSpec, entry: number) {
  const known = ledger.state.around?.entries[entry]?.begin
  if (!BEGUN.includes(spec.around) || (known !== undefined && known !== 'intended')) return
  const about = { entry, name: aroundName(spec), act: 'begin' } as const
  const mark = markOf(ledger, entry)
  let isInDoubt = known === 'intended'
  const again = async () => (await port.find(spec, mark)) ?? port.begin(spec, mark)
  const first = () =>
    port.begin(spec, mark).catch((error: unknown) => {
      if (error instanceof EosflowError && !LEAVES_DOUBT.includes(error.kind)) throw error
      isInDoubt = true
      return again()
    })
  if (!isInDoubt) await record(ledger, { ...about, result: 'intended' })
  let acted: Acted
  try {
    const id = await (isInDoubt ? again() : first())
    acted = { ...about, result: isInDoubt ? 'unknown' : 'done', id }
  } catch (error) {
    const said = saidOf(error)
    acted = { ...about, result: isInDoubt ? 'unknown' : 'failed', said }
  }
  await record(ledger, acted)
  if (spec.around === 'secret' && acted.id === undefined)
    throw new EosflowError('guard', `${about.name} ${acted.said ?? 'is not known'}`, { hint: 'Nothing was sent.' })
}

function isGate(spec: AroundSpec): spec is TicketSpec | SecretSpec {
  return spec.around === 'ticket' || spec.around === 'secret'
}

interface Ending {
  readonly name: string
  readonly entry: number
  readonly spec: AroundSpec | undefined
}

async function end(work: Work, { name, entry, spec }: Ending, signal: AbortSignal) {
  const { ledger } = work
  if (hasEnded(ledger, entry)) return
  const about = { entry, name, act: 'end' } as const
  if (spec === undefined || aroundName(spec) !== name)
    return record(ledger, { ...about, result: 'failed', said: 'what the plan says of it cannot be read' })
  const { begin: begun, end: ended } = ledger.state.around?.entries[entry] ?? {}
  const isNothing = begun === undefined || begun === 'failed'
  if (isNothing && (spec.around === 'silence' || spec.around === 'secret' || ledger.state.plan?.waves.length === 0))
    return record(ledger, { ...about, result: 'done', said: 'nothing was begun there' })
  if (ended === undefined) await record(ledger, { ...about, result: 'intended' })
  const found = await endInTime(work, spec, entry, signal)
  if (found !== undefined) await record(ledger, { ...about, ...found })
}

// Tries it until it is done, or for a minute.
async function endInTime(
  { port, clock, ledger }: Work,
  spec: AroundSpec,
  entry: number,
  signal: AbortSignal,
): Promise<Pick<Acted, 'result' | 'said'> | undefined> {
  const { begin: begun, id } = ledger.state.around?.entries[entry] ?? {}
  const isInDoubt = begun === 'intended' || begun === 'unknown'
  const mark = { ...markOf(ledger, entry), isInDoubt, ...definedMembers({ id }) }
  const over = clock.monotonic() + LONGEST_END
  for (let pause = FIRST_PAUSE; ; pause *= 2) {
    const said = await port.end(spec, mark, ledger.state).then(
      (good) => ({ good }),
      (error: unknown) => ({ bad: saidOf(error), isTriedAgain: isTriedAgain(error) }),
    )
    if ('good' in said) return { result: 'done', said: said.good }
    if (signal.aborted) return undefined
    if (!said.isTriedAgain || clock.monotonic() + pause > over) return { result: 'failed', said: said.bad }
    await clock.sleep(pause, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
    if (signal.aborted) return undefined
  }
}

function hasEnded({ state: { around } }: Ledger, entry: number) {
  return around === undefined || isOver(around, entry)
}

// The kinds of entries that begin before the first push; the others hear only of the end.
const BEGUN: readonly AroundSpec['around'][] = ['silence', 'annotation', 'secret']

const LEAVES_DOUBT: readonly EosflowError['kind'][] = ['lost-answer', 'protocol', 'bug']

// What the settings do not allow, a secret that is not there, and a fault of eosflow do not mend themselves within a minute.
function isTriedAgain(error: unknown) {
  return error instanceof EosflowError && !['guard', 'secret', 'bug'].includes(error.kind)
}

// A fault of eosflow is said, too, and not thrown: the change would never end, since whoever goes on with it meets the same answer again.
function saidOf(error: unknown) {
  if (error instanceof EosflowError && error.kind !== 'bug') return error.message
  return `eosflow has failed at it: ${messageOf(error)}`
}

async function everyOne(work: readonly (Promise<void> | undefined)[]) {
  const ends = await Promise.allSettled(work)
  for (const one of ends) if (one.status === 'rejected') throw one.reason
}

function clipped(said: string) {
  const line = said.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
  return line.length <= LONGEST_SAID ? line : `${line.slice(0, LONGEST_SAID)}…`
}

// For how many milliseconds the digest of what is stored is kept at most, whatever mark it has.
const LONGEST = 60_000

export interface KeptPlan {
  /** Throws `stale` or `store`; `bug` before there is one. */
  get(): Promise<Plan>
  keep(plan: Plan): void
  digestNow(): Promise<string>
}

interface Reading {
  readonly at: number
  readonly mark: string | undefined
  readonly digest: Promise<string>
}

/**
 * Keeps the plan of an execution: read, parsed and compared with its digest once, for all of its switches. What is stored is read
 * again before a timed commit as soon as it has another mark.
 */
export function keptPlan(ports: Pick<ChangePorts, 'texts' | 'clock' | 'settled'>, ledger: Ledger): KeptPlan {
  const { texts, clock } = ports
  let plan: Promise<Plan> | undefined
  let last: Reading | undefined
  let proven: { readonly text: string; readonly digest: string } | undefined
  const read = async (ref: string) => {
    try {
      const text = await texts.get(ref)
      const own = sha256(text)
      if (proven?.text !== own) proven = { text: own, digest: recordedDigest(text) }
      return proven.digest
    } catch {
      // It may be readable again, and have the same mark.
      last = undefined
      return 'unreadable'
    }
  }
  return {
    get: () => {
      plan ??= load(ports, ledger)
      return plan
    },
    keep: (made) => {
      plan = Promise.resolve(made)
    },
    digestNow: async () => {
      const ref = ledger.state.plan?.ref ?? ''
      // Whoever cannot say it may still read it.
      const mark = await texts.markOf(ref).catch(() => undefined)
      const at = clock.monotonic()
      const isKept = last !== undefined && mark !== undefined && last.mark === mark && at - last.at < LONGEST
      if (last === undefined || !isKept) last = { at, mark, digest: read(ref) }
      return last.digest
    },
  }
}

async function load({ texts, settled }: Pick<ChangePorts, 'texts' | 'settled'>, ledger: Ledger) {
  const { plan } = ledger.state
  if (plan === undefined) throw new EosflowError('bug', 'this execution has no plan yet')
  if (settled?.digest === plan.digest) return settled
  const loaded = await recordedPlan(texts, plan.ref)
  if (loaded.digest === plan.digest) return loaded
  throw new EosflowError('stale', 'the stored plan is not the one that was settled', {
    hint: 'Plan again and have the new plan approved.',
  })
}

// So many characters of configurations are kept with a plan; with more than that, what has changed since is not told line by line.
const MOST_KEPT = 8_000_000

interface KeptConfigs {
  // What they ran when it was made, so that a stale plan can say what has changed since.
  readonly bases?: ArtefactRef
  readonly candidates?: ArtefactRef
}

async function keepConfigs(
  texts: ChangePorts['texts'],
  evidence: readonly DeviceEvidence[],
  changed: ReadonlySet<string>,
): Promise<KeptConfigs> {
  const kept = evidence.filter(({ device }) => changed.has(device))
  const size = kept.reduce((sum, { staged }) => sum + staged.running.length, 0)
  if (kept.length === 0 || size > MOST_KEPT) return {}
  const keep = async (of: 'running' | 'candidate') => {
    const refs = await Promise.all(
      kept.map(async ({ device, staged }) => [device, await texts.put(staged[of])] as const),
    )
    return texts.put(JSON.stringify(Object.fromEntries(refs)))
  }
  const [bases, candidates] = await Promise.all([keep('running'), keep('candidate')])
  return { bases, candidates }
}

export async function plannedBase(
  { texts, executionIds, readExecution }: Pick<ChangePorts, 'texts' | 'executionIds' | 'readExecution'>,
  digest: string,
  device: string,
): Promise<string | undefined> {
  for (const id of await executionIds(MOST_READ)) {
    const bases = basesIn(await readExecution(id, { of: ['PlanMade'] }), digest)
    if (bases === undefined) continue
    const refs = JSON.parse(await texts.get(bases)) as Readonly<Record<string, ArtefactRef>>
    const ref = Object.hasOwn(refs, device) ? refs[device] : undefined
    if (ref !== undefined) return texts.get(ref)
  }
  return undefined
}

// So many executions are read for it, the newest first: a plan holds some hours.
const MOST_READ = 200

function basesIn(events: readonly JournalEvent[], digest: string) {
  for (const event of events) {
    if (event.type === 'PlanMade' && event.digest === digest && event.bases !== undefined) return event.bases
  }
  return undefined
}

export async function recordPlan(
  ports: Pick<ChangePorts, 'texts'>,
  ledger: Ledger,
  plan: Plan,
  evidence: readonly DeviceEvidence[] = [],
): Promise<void> {
  const changed = new Set(plan.content.waves.flat())
  await ledger.append({
    type: 'PlanMade',
    digest: plan.digest,
    plan: await storePlan(ports.texts, plan),
    waves: plan.content.waves,
    unchanged: plan.content.devices.map(({ name }) => name).filter((name) => !changed.has(name)),
    ...(await keepConfigs(ports.texts, evidence, changed)),
    ...(plan.content.canary === undefined ? {} : { canaries: plan.content.canary.switches }),
    ...definedMembers({ leftOut: plan.content.leftOut, cloudVision: plan.evidence.cloudVision }),
  })
}

export function changePort(
  ports: ChangePorts,
  ledger: Ledger,
  kept: KeptPlan,
  { beginSecret }: Pick<AroundRunner, 'beginSecret'>,
): ChangePort {
  const plan = () => kept.get()
  const groupOf = confirmationGroups(ledger)
  return {
    render: (device) => ports.planning.render(device),
    compute: (name, identity, reading, change) => offlineEvidence({ name, identity, ...reading, state: {} }, change),
    behind: ({ staged }) => {
      if (ports.planning.behind !== true || ledger.state.targets.length > MOST_ASKED_BEHIND) return undefined
      const { changes, before } = comparisonOf(staged)
      return behindQuestion(touchedThings(changes, before), before)
    },
    settle: async (evidence, neighbors) => {
      const { targets, leftOut } = ledger.state
      const silent = targets.flatMap((name): LeftOutSwitch[] => {
        const one = leftOut.get(name)
        return one === undefined ? [] : [{ name, ...one }]
      })
      const replaced = replacedSwitches(evidence)
      const judged = replaced.length === 0 ? evidence : withIntended(evidence, await ports.planning.intended(replaced))
      const made = await ports.planning.make(judged, neighbors, silent)
      await recordPlan(ports, ledger, made, evidence)
      kept.keep(made)
      if (ledger.state.purpose === 'run' && made.content.waves.length === 0) await beginSecret()
      return { digest: made.digest, changed: made.content.waves.flat().length }
    },
    requireEos: (device, eos) => {
      if (ports.planning.takesBack !== true) requireSupportedEos(device, eos)
    },
    planned: async (device) => settledDevice(await plan(), device, ports.planning.key, ports.planning.scrub),
    baseText: async (device) => plannedBase(ports, (await plan()).digest, device),
    changedBy: async (device, running) =>
      ports.planning.changedSince?.(device, (await plan()).evidence.createdAt, running),
    renderAgain: async (device) => {
      const change = await ports.planning.render(device)
      if (sealCommands(ports.planning.key, change) === plannedOf(await plan(), device).linesHmac) return change
      throw new EosflowError('stale', `${device}: the workflow now gives other lines than the approved ones`, {
        device,
        hint: 'Plan again and have the new plan approved.',
      })
    },
    changed: async () => (await plan()).content.waves.flat().filter((device) => isConcerned(ledger.state, device)),
    baseline: async (device) => (await plan()).evidence.state[device] as Awaited<ReturnType<ChangePort['baseline']>>,
    watched: async (device) => watchedNeighbors(await plan(), device, ports.planning.key),
    roundTrip: async (device) => (await plan()).evidence.roundTrips?.[device],
    confirmedWith: async (device) => groupOf(await plan(), device),
  }
}

/** Each of thousands of switches asks for it, and it may be all of them: it is found once for each unit of a plan in each state of the record. */
export function confirmationGroups(ledger: Pick<Ledger, 'state'>): (plan: Plan, device: string) => ConfirmationGroup {
  const units = new WeakMap<Plan, (device: string) => readonly string[]>()
  const roundTrips = new WeakMap<readonly string[], number>()
  let found: { readonly state: ExecutionState; readonly groups: Map<readonly string[], ConfirmationGroup> } | undefined
  return (plan, device) => {
    const { state } = ledger
    const unitOf = units.get(plan) ?? unitsOf(plan)
    units.set(plan, unitOf)
    const unit = unitOf(device)
    if (found?.state !== state) found = { state, groups: new Map() }
    const known = found.groups.get(unit)
    if (known !== undefined) return known
    const roundTrip = roundTrips.get(unit) ?? roundTripOf(plan.evidence, unit)
    roundTrips.set(unit, roundTrip)
    const concurrency = confirmConcurrencyOf(state.machine) ?? plan.content.concurrency
    const group = groupIn(state, { planned: unit, concurrency, roundTrip })
    found.groups.set(unit, group)
    return group
  }
}

function groupIn(state: ExecutionState, group: Omit<ConfirmationGroup, 'switches' | 'open'>): ConfirmationGroup {
  const switches = once(() => group.planned.filter((one) => isConcerned(state, one)))
  const open = once(() => switches().filter((one) => isOpen(state, one)))
  return {
    ...group,
    get switches() {
      return switches()
    },
    get open() {
      return open()
    },
  }
}

function unitsOf({ content: { atomic, waves } }: Plan): (device: string) => readonly string[] {
  if (atomic === 'device') return (device) => [device]
  const all = waves.flat()
  if (atomic === 'change') return () => all
  const waveOf = new Map(waves.flatMap((wave) => wave.map((name) => [name, wave] as const)))
  return (device) => waveOf.get(device) ?? [device]
}

function roundTripOf({ roundTrips = {} }: PlanEvidence, switches: readonly string[]) {
  return slowestRoundTrip(switches.flatMap((one) => roundTrips[one] ?? []))
}

function isOpen({ devices }: ExecutionState, name: string) {
  const phase = devices.get(name)?.phase
  return phase === 'armed' || phase === 'confirming'
}
