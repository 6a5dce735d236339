import { slowestRoundTrip } from '../../model/commit-time.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError } from '../../model/error.ts'
import { once } from '../../model/once.ts'
import { requireSupportedEos } from '../../model/supported-eos.ts'
import { behindQuestion, MOST_ASKED_BEHIND } from '../plan/behind.ts'
import { comparisonOf, replacedSwitches, withIntended } from '../plan/comparison.ts'
import type { LeftOutSwitch } from '../plan/left-out-switch.ts'
import { offlineEvidence } from '../plan/offline.ts'
import type { Plan } from '../plan/plan.ts'
import type { PlanEvidence } from '../plan/plan-evidence.ts'
import { sealCommands } from '../plan/seal.ts'
import { plannedOf, settledDevice } from '../plan/settled.ts'
import { storePlan } from '../plan/stored-plan.ts'
import { touchedThings } from '../plan/touched.ts'
import { watchedNeighbors } from '../plan/watched.ts'
import type { ArtefactRef } from '../record/event/artefact-ref.ts'
import type { JournalEvent } from '../record/event/event.ts'
import type { ConfirmationGroup } from '../task/act/confirmation-group.ts'
import type { ChangePort, DeviceEvidence } from '../task/act/context.ts'
import { confirmConcurrencyOf } from '../workflow/timers.ts'
import type { AroundRunner } from './around-runner.ts'
import { isConcerned } from './evaluate.ts'
import type { KeptPlan } from './kept-plan.ts'
import type { Ledger } from './ledger.ts'
import type { ChangePorts } from './ports.ts'
import type { ExecutionState } from './state.ts'

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
