import { VOLATILE_VERSION } from '../config/volatile.ts'
import { savedState } from '../device/startup.ts'
import { digestOf } from '../model/digest.ts'
import { EosflowError } from '../model/error.ts'
import type { Json } from '../model/json.ts'
import type { DeviceEvidence, NeighborEvidence } from '../task/context.ts'
import { plannedSaid } from './announced-risk.ts'
import { type ComparedEvidence, compare } from './comparison.ts'
import type { PlanDefinition } from './definition.ts'
import { type LeftOut, requireTolerable } from './left-out.ts'
import { leftOutWarnings } from './left-out-warnings.ts'
import { requireManagement } from './management.ts'
import type { Plan, PlanContent, PlannedDevice } from './plan.ts'
import { type Clean, cleanDiff, cleanLines, redactionOf } from './redaction.ts'
import { planRollout } from './rollout.ts'
import { keyName, sealCommands, sealComparable, sealDiff, sealPlan, sealRequester } from './seal.ts'
import { unknownLines } from './unknown-lines.ts'
import { warningsOf } from './warnings.ts'
import { plannedNeighbors } from './watched.ts'

/** The version of the redaction rules; another one gives other plan digests. */
const REDACTION_VERSION = 1

/** What of this tool decides what a plan says: its version, and those of the rules that texts go through before they are digested. */
export function toolOf(version: string): PlanContent['tool'] {
  return { version, redaction: REDACTION_VERSION, volatile: VOLATILE_VERSION }
}

/**
 * Settles a change: what every switch showed becomes data with a digest. Pure, and the same evidence always gives the
 * same digest, whoever plans and whenever.
 */
export function makePlan(
  definition: PlanDefinition,
  evidence: readonly DeviceEvidence[],
  neighbors: readonly NeighborEvidence[] = [],
  leftOut: readonly LeftOut[] = [],
): Plan {
  requireManagement(definition, evidence)
  const shown = evidence.map((one) => ({ ...one, comparison: compare(one.staged.running, one.staged.candidate) }))
  const clean = cleaned(definition, shown)
  const devices = shown.map((one) => plannedDevice(definition, one, clean))
  const changed = devices
    .filter(({ diff, bootLines }) => diff.length > 0 || bootLines !== undefined)
    .map(({ name }) => name)
  const { maxFailures, canary } = definition.rollout
  const first = Array.isArray(canary?.switches) ? (canary.switches as readonly string[]) : []
  requireTolerable(leftOut, changed.length, { maxFailures, canary: first })
  const rollout = planRollout(definition, shown, changed)
  const beside = plannedNeighbors(neighbors, changed, definition.key)
  const content: PlanContent = {
    v: 1,
    kind: 'eosflow.plan',
    workflow: definition.workflow,
    devices,
    ...rollout.content,
    ...(leftOut.length === 0 ? {} : { leftOut: leftOut.map(({ name, by }) => ({ name, by })) }),
    concurrency: definition.rollout.concurrency,
    atomic: definition.rollout.atomic,
    maxFailures: definition.rollout.maxFailures,
    checks: definition.checks,
    ...beside.content,
    approve: definition.approve,
    onFailure: 'rollback',
    allow: definition.allow,
    policy: definition.policy,
    ...(definition.checkpoints === undefined ? {} : { checkpoints: definition.checkpoints }),
    ...(definition.tags === undefined ? {} : { tags: definition.tags }),
    ...(definition.secretRefs === undefined ? {} : { secretRefs: definition.secretRefs }),
    offline: definition.offline,
    tool: toolOf(definition.toolVersion),
  }
  const digest = planDigest(content)
  const { key, requester } = definition
  return sealed(key, {
    version: 2,
    digest,
    content,
    evidence: {
      createdAt: definition.createdAt,
      requester,
      ...(content.policy === null ? {} : { requesterSeal: sealRequester(key, digest, requester) }),
      warnings: [
        ...leftOutWarnings(definition, content, shown, leftOut),
        ...warningsOf(definition, content, shown, rollout.shared),
        ...beside.warnings,
      ],
      ...(rollout.soak === undefined ? {} : { soak: rollout.soak }),
      deviceDiffs: Object.fromEntries(evidence.map(({ device, staged }) => [device, clean(staged.diff)])),
      state: { ...beside.state, ...Object.fromEntries(evidence.map(({ device, state }) => [device, state])) },
      ...(definition.checkpoints === 'prune' ? spentCheckpoints(evidence) : {}),
      ...roundTripsOf(evidence),
    },
  })
}

function sealed(key: string, plan: Plan): Plan {
  return { ...plan, seal: sealPlan(key, plan) }
}

/** The digest that an approval binds to: sha256 over the canonical JSON of the content (RFC 8785). */
export function planDigest(content: PlanContent): string {
  return digestOf(content as unknown as Json)
}

/** Throws `stale` when a plan's digest is not the digest of its content, or its state areas are not the ones it digests. */
export function requireIntact(plan: Plan): Plan {
  if (planDigest(plan.content) === plan.digest && statesAreIntact(plan)) return plan
  throw new EosflowError('stale', 'the plan does not match its digest: it was changed after it was made', {
    hint: 'Plan again and have the new plan approved.',
  })
}

/** Whether the key that a plan was made under is this one: only that key can say whether it was changed. */
export function isMadeUnder(key: string, { seal }: Plan): boolean {
  return seal?.key === keyName(key)
}

/**
 * Throws `stale` unless a plan is as it was when it was made under this install key, its evidence too: a digest anybody can make anew.
 */
export function requireSealed(key: string, plan: Plan): Plan {
  if (!isMadeUnder(key, plan)) {
    throw new EosflowError('stale', 'the plan was made under another install key: nothing vouches for what it shows', {
      hint: 'Plan here, or give both machines the same EOSFLOW_KEY.',
    })
  }
  if (plan.seal?.mac === sealPlan(key, plan).mac) return plan
  throw new EosflowError('stale', 'the plan does not match its seal: it was changed after it was made', {
    hint: 'Plan again and have the new plan approved.',
  })
}

function statesAreIntact({ content, evidence }: Plan): boolean {
  const digests = [
    ...content.devices.map(({ name, base }) => [name, base.state] as const),
    ...(content.neighbors ?? []).map(({ name, state }) => [name, state] as const),
  ]
  return digests.every(([name, state]) => digestOf(evidence.state[name] ?? {}) === state)
}

/** What would be deleted now, of the switches that change. */
function spentCheckpoints(evidence: readonly DeviceEvidence[]): Pick<Plan['evidence'], 'checkpoints'> {
  const spent = evidence.flatMap(({ device, spentCheckpoints: names = [] }) =>
    names.length === 0 ? [] : [[device, names] as const],
  )
  return spent.length === 0 ? {} : { checkpoints: Object.fromEntries(spent) }
}

function roundTripsOf(evidence: readonly DeviceEvidence[]): Pick<Plan['evidence'], 'roundTrips'> {
  const measured = evidence.flatMap(({ device, roundTrip }) =>
    roundTrip === undefined ? [] : [[device, roundTrip] as const],
  )
  return measured.length === 0 ? {} : { roundTrips: Object.fromEntries(measured) }
}

function cleaned({ key, workflow, scrub }: PlanDefinition, shown: readonly ComparedEvidence[]): Clean {
  const bases = shown.map(({ comparison }) => sealComparable(key, comparison.running))
  return redactionOf({ key, workflow: workflow.digest, bases, ...(scrub === undefined ? {} : { scrub }) })
}

function plannedDevice(
  definition: PlanDefinition,
  { device, identity, state, rendered, staged, comparison, isOffline, bootLines }: ComparedEvidence,
  clean: Clean,
): PlannedDevice {
  const found = definition.targets.find(({ name }) => name === device)
  if (found === undefined) throw new EosflowError('bug', `evidence of a switch that was not selected: ${device}`)
  const { name, ...target } = found
  return {
    name,
    identity,
    target,
    base: {
      running: sealComparable(definition.key, comparison.running),
      startupEqualsRunning: savedState(staged) === 'saved',
      state: digestOf(state),
    },
    mode: rendered.mode,
    lines: cleanLines(rendered.lines, clean),
    linesHmac: sealCommands(definition.key, rendered),
    diff: cleanDiff(comparison.lines, clean),
    diffHmac: sealDiff(definition.key, comparison.lines),
    unknownLines: unknownLines(comparison.changes, rendered).map(clean),
    ...(isOffline === undefined ? {} : { offline: isOffline }),
    ...(bootLines === undefined ? {} : { bootLines: bootLines.map(clean) }),
    ...plannedSaid(staged.said ?? [], rendered.commands, clean),
  }
}
