import { definedMembers, unlessEmpty } from '../../model/json.ts'
import { membersOf } from '../workflow/definition/workflow-key.ts'
import type { PlanDefinition } from './definition.ts'
import { planDigest, sealedPlan, withoutLogin, withReadings } from './make-plan.ts'
import type { Plan, PlanContent, PlanEvidence, PlanNote } from './plan.ts'
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
    ...definedMembers({
      redundant: unlessEmpty(contents.flatMap((one) => one.redundant ?? [])),
      redundantSides: unlessEmpty(contents.flatMap((one) => one.redundantSides ?? [])),
      together: unlessEmpty(contents.flatMap((one) => one.together ?? [])),
      leftOut: unlessEmpty(contents.flatMap((one) => one.leftOut ?? [])),
    }),
    // The sites are changed at the same time.
    concurrency: contents.reduce((sum, one) => sum + one.concurrency, 0),
    atomic: rollout.atomic,
    maxFailures: rollout.maxFailures,
    timers: longestTimers(contents),
    checks: definition.checks,
    ...membersOf(definition.parts ?? []),
    ...definedMembers({ after: definition.after }),
    approve: definition.approve,
    onFailure: 'rollback',
    allow: definition.allow,
    policy: definition.policy,
    ...definedMembers({
      gate: unlessEmpty(contents.flatMap((one) => one.gate ?? [])),
      invariants: definition.invariants?.digest,
      checkpoints: definition.checkpoints,
      secretRefs: definition.secretRefs,
    }),
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
      ...definedMembers({ store: definition.sealing?.store }),
      deviceDiffs: merged(plans, 'deviceDiffs'),
      state: Object.fromEntries(Object.entries(merged(plans, 'state')).filter(([name]) => devices.has(name))),
      ...some(plans, 'checkpoints'),
      ...some(plans, 'readAt'),
      ...some(plans, 'files'),
      ...some(plans, 'roundTrips'),
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
  return definedMembers({ notes: unlessEmpty([...all.values()]) })
}

function merged<Name extends keyof PlanEvidence>(plans: readonly Plan[], name: Name) {
  return Object.assign({}, ...plans.map(({ evidence }) => evidence[name])) as NonNullable<PlanEvidence[Name]>
}

function some<Name extends 'checkpoints' | 'readAt' | 'files' | 'roundTrips'>(plans: readonly Plan[], name: Name) {
  const all = merged(plans, name)
  return (Object.keys(all).length === 0 ? {} : { [name]: all }) as Pick<PlanEvidence, Name>
}
