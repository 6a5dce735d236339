import { definedMembers } from '../../model/defined-members.ts'
import type { PlanDefinition } from './definition.ts'
import { planDigest, sealedPlan, withoutLogin, withReadings } from './make-plan.ts'
import type { Plan, PlanContent } from './plan.ts'
import type { PlanNote } from './plan-evidence.ts'
import { toolOf } from './rules.ts'
import { streamingAt } from './switch-evidence.ts'

export interface SitePlan {
  readonly site: string
  readonly plan: Plan
}

/** The same plans always give the same digest. */
export function planOfSites(definition: PlanDefinition, parts: readonly SitePlan[]): Plan {
  const plans = parts.map(({ plan }) => plan)
  const contents = plans.map(({ content }) => content)
  const devices = new Map(contents.flatMap((one) => one.devices.map((device) => [device.name, device] as const)))
  const leftOut = contents.flatMap((one) => one.leftOut ?? [])
  const redundant = contents.flatMap((one) => one.redundant ?? [])
  const redundantSides = contents.flatMap((one) => one.redundantSides ?? [])
  const together = contents.flatMap((one) => one.together ?? [])
  const gate = contents.flatMap((one) => one.gate ?? [])
  const { rollout } = definition
  const content = withReadings(definition, {
    v: 3,
    kind: 'eosflow.plan',
    requesters: [withoutLogin(definition.requester)],
    workflow: definition.workflow,
    ...definedMembers({ changeFile: definition.changeFile }),
    devices: definition.targets.flatMap(({ name }) => devices.get(name) ?? []),
    inventory: definition.inventory.content,
    waves: besideEachOther(contents),
    ...(redundant.length === 0 ? {} : { redundant }),
    ...(redundantSides.length === 0 ? {} : { redundantSides }),
    ...(together.length === 0 ? {} : { together }),
    ...(leftOut.length === 0 ? {} : { leftOut }),
    // The sites are changed at the same time.
    concurrency: contents.reduce((sum, one) => sum + one.concurrency, 0),
    atomic: rollout.atomic,
    maxFailures: rollout.maxFailures,
    timers: longestTimers(contents),
    checks: definition.checks,
    ...definedMembers({ judges: definition.judges, after: definition.after }),
    approve: definition.approve,
    onFailure: 'rollback',
    allow: definition.allow,
    policy: definition.policy,
    ...(gate.length === 0 ? {} : { gate }),
    ...(definition.invariants === undefined ? {} : { invariants: definition.invariants.digest }),
    ...definedMembers({ checkpoints: definition.checkpoints, secretRefs: definition.secretRefs }),
    offline: false,
    sites: parts.map(({ site, plan }) => ({ site, plan: plan.digest })),
    warnings: contents.flatMap(({ warnings }) => warnings).filter(isFirst),
    tool: toolOf(definition.toolVersion),
  })
  return sealedPlan(definition, {
    version: 3,
    digest: planDigest(content),
    content,
    evidence: {
      createdAt: definition.createdAt,
      ...(definition.sealing === undefined ? {} : { store: definition.sealing.store }),
      deviceDiffs: merged(plans, ({ deviceDiffs }) => deviceDiffs),
      state: ofDevices(
        devices,
        merged(plans, ({ state }) => state),
      ),
      ...some(
        'checkpoints',
        merged(plans, ({ checkpoints }) => checkpoints ?? {}),
      ),
      ...some(
        'readAt',
        merged(plans, ({ readAt }) => readAt ?? {}),
      ),
      ...some(
        'files',
        merged(plans, ({ files }) => files ?? {}),
      ),
      ...some(
        'roundTrips',
        merged(plans, ({ roundTrips }) => roundTrips ?? {}),
      ),
      ...expectedAt(plans),
      ...streamingAt(plans),
      ...notesAt(plans),
    },
  })
}

function besideEachOther(contents: readonly PlanContent[]) {
  const most = Math.max(0, ...contents.map(({ waves }) => waves.length))
  return Array.from({ length: most }, (_, index) => contents.flatMap(({ waves }) => waves[index] ?? []))
}

function longestTimers(contents: readonly PlanContent[]) {
  const longest = (name: keyof PlanContent['timers']) => Math.max(0, ...contents.map(({ timers }) => timers[name]))
  return {
    confirmWithin: longest('confirmWithin'),
    verifyWithin: longest('verifyWithin'),
    stableFor: longest('stableFor'),
    every: longest('every'),
  }
}

// The sites are changed at the same time, so that the longest decides.
function expectedAt(plans: readonly Plan[]): Pick<Plan['evidence'], 'expected'> {
  const all = plans.flatMap(({ content, evidence }) => (content.waves.length === 0 ? [] : [evidence.expected]))
  const known = all.flatMap((one) => one ?? [])
  const [longest] = known.toSorted((a, b) => b.seconds - a.seconds)
  if (longest === undefined || known.length < all.length) return {}
  const { quiet: _, ...time } = longest
  return { expected: { ...time, ...(known.every(({ quiet }) => quiet) ? { quiet: true } : {}) } }
}

function isFirst<T>(one: T, index: number, all: readonly T[]) {
  return all.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === index
}

function notesAt(plans: readonly Plan[]): Pick<Plan['evidence'], 'notes'> {
  const all = new Map<string, PlanNote>()
  for (const note of plans.flatMap(({ evidence }) => evidence.notes ?? [])) {
    const devices = [...(all.get(note.message)?.devices ?? []), ...note.devices]
    all.set(note.message, { ...note, devices })
  }
  return all.size === 0 ? {} : { notes: [...all.values()] }
}

function merged<T>(plans: readonly Plan[], of: (evidence: Plan['evidence']) => Readonly<Record<string, T>>) {
  return Object.assign({}, ...plans.map(({ evidence }) => of(evidence))) as Readonly<Record<string, T>>
}

function ofDevices<T>(
  devices: ReadonlyMap<string, unknown>,
  all: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => devices.has(name)))
}

function some<Name extends string, T>(name: Name, all: Readonly<Record<string, T>>) {
  return (Object.keys(all).length === 0 ? {} : { [name]: all }) as {
    readonly [N in Name]?: Readonly<Record<string, T>>
  }
}
