import { managementGuard } from '../../eos/config/guard/guard.ts'
import { wordsAt } from '../../eos/config/merge.ts'
import { takingDown } from '../../eos/config/takes-down.ts'
import { parseConfig, renderNode } from '../../eos/config/text/parse.ts'
import { savedState } from '../../eos/device/device.ts'
import { aroundName } from '../../model/around.ts'
import { digestOf, hmac } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers, type Json, unlessEmpty } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import type { DeviceEvidence, NeighborEvidence } from '../task/act/context.ts'
import { membersOf } from '../workflow/definition/workflow-key.ts'
import { notesOf } from './advisories.ts'
import { MOST_ASKED_BEHIND } from './behind.ts'
import { changedIn, changeRead } from './change-read.ts'
import type { PlanDefinition } from './definition.ts'
import { plannedForeign, plannedKept, requireDeclared } from './foreign-lines.ts'
import { invariantWarnings } from './invariants.ts'
import { type LeftOutSwitch, requireTolerable } from './left-out-switch.ts'
import type { Plan, PlanContent, PlanEvidence, PlannedDevice, PlanWarning, Requester, UnwarnedPlan } from './plan.ts'
import { plannedSaid } from './planned-said.ts'
import { cleanDiff, cleanLines, cleanTexts, type PlanRedactor, redactionOf } from './redaction.ts'
import { type RedundantSides, redundantPairs, redundantSides } from './redundancy.ts'
import { askedAfterOnly } from './refused-questions.ts'
import { planRollout } from './rollout.ts'
import { toolOf } from './rules.ts'
import {
  type ComparedEvidence,
  compared,
  type JudgedEvidence,
  sealCommands,
  sealComparable,
  sealDiff,
  sealPlan,
} from './seal.ts'
import { roundTripsOf, streamingOf } from './switch-evidence.ts'
import { unknownLines } from './unknown-lines.ts'
import { plannedUnsaved } from './unsaved-lines.ts'
import { warningsOf } from './warnings.ts'
import { plannedNeighbors } from './watched.ts'

const BY: Readonly<Record<LeftOutSwitch['by'], string>> = {
  maxFailures: 'it counts as a failure under maxFailures',
  'skip-unreachable': 'as --skip-unreachable says',
}

function leftOutWarnings(
  { rollout: { redundant } }: PlanDefinition,
  { waves }: UnwarnedPlan,
  evidence: readonly ComparedEvidence[],
  leftOut: readonly LeftOutSwitch[],
): readonly PlanWarning[] {
  if (leftOut.length === 0) return []
  const changed = new Set(waves.flat())
  const silent = leftOut.map(({ name }) => name)
  const pairs = redundantPairs(evidence, redundant, silent).flatMap(({ pair: [a, b], because }): PlanWarning[] => {
    const [alone, partner] = silent.includes(a) ? [b, a] : [a, b]
    if (!changed.has(alone) || !silent.includes(partner)) return []
    const message = `changes while ${partner}, which backs it up (${because}), does not answer: nobody knows whether anything carries its traffic meanwhile`
    return [{ code: 'redundant-pair', device: alone, message }]
  })
  return [
    ...leftOut.map(
      ({ name, by, message }): PlanWarning => ({
        code: 'left-out',
        device: name,
        message: `left out of this plan, ${BY[by]}: ${withoutName(message, name)}`,
      }),
    ),
    ...pairs,
  ]
}

function withoutName(message: string, name: string) {
  return message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message
}

const NAMED = 3

// Before which switches it is asked whether what backs them up is fit to carry their traffic, and because of which lines: those that change by
// lines which may take the switch or an uplink down.
function otherSides(
  { rollout: { fitness = {} }, beside }: PlanDefinition,
  evidence: readonly ComparedEvidence[],
  changed: readonly string[],
  clean: (text: string) => string,
): PlanContent['otherSides'] {
  const isChanged = new Set(changed)
  const risky = new Map(
    evidence.flatMap(({ device, comparison: { changes } }) => {
      const lines = takingDown(changes).map(({ path, line }) => wordsAt([...path, line], clean))
      return isChanged.has(device) && lines.length > 0 ? [[device, lines] as const] : []
    }),
  )
  if (risky.size === 0 || beside === undefined) return undefined
  const pairs = redundantPairs(evidence, beside.pairs, beside.names)
  const perhaps = redundantSides(evidence)
  const sides = changed.flatMap((name) => {
    const lines = risky.get(name) ?? []
    const partners = pairs.flatMap(({ pair: [a, b], because }) =>
      lines.length === 0 || (a !== name && b !== name) ? [] : [{ name: a === name ? b : a, because }],
    )
    const mayBe = lines.length === 0 ? [] : perhaps.flatMap((one) => partnersAmong(one, name))
    const more = lines.length - NAMED
    const shown = { lines: lines.slice(0, NAMED), ...(more > 0 ? { more } : {}) }
    const all = [...partners, ...mayBe]
    return all.length === 0 ? [] : [{ switch: name, partners: all, ...shown }]
  })
  if (sides.length === 0) return undefined
  return fitness === 'off' ? 'off' : { uplinks: fitness.uplinks ?? 80, sides }
}

function partnersAmong({ sides: [own, others], because }: RedundantSides, name: string) {
  const opposite = own.includes(name) ? others : others.includes(name) ? own : []
  return opposite
    .filter((one) => one !== name)
    .map((one) => ({ name: one, because: `they may be MLAG peers: ${because}` }))
}

/** Pure, and the same evidence always gives the same digest, whoever plans and whenever. */
export function makePlan(
  definition: PlanDefinition,
  evidence: readonly JudgedEvidence[],
  neighbors: readonly NeighborEvidence[] = [],
  leftOut: readonly LeftOutSwitch[] = [],
): Plan {
  const shown = evidence.map(compared)
  requireManagement(definition, shown)
  requireNoSecretInChecks(definition)
  requireDeclared(definition, shown)
  const clean = cleaned(definition, shown)
  const bases = definition.carries === true ? basesOf(definition, shown, clean) : undefined
  const targets = new Map(definition.targets.map((target) => [target.name, target]))
  const devices = shown.map((one) => plannedDevice(definition, targets.get(one.device), one, clean, bases))
  const changed = changedIn({ devices })
  const { maxFailures, canary } = definition.rollout
  const first = Array.isArray(canary?.switches) ? (canary.switches as readonly string[]) : []
  requireTolerable(leftOut, changed.length, { maxFailures, canary: first })
  const unasked = askedAfterOnly(definition, shown, changed)
  const rollout = planRollout(definition, shown, changed, devices)
  const sides = otherSides(definition, shown, changed, clean)
  const beside = plannedNeighbors(neighbors, changed, definition.key)
  const settled: UnwarnedPlan = {
    v: 3,
    kind: 'eosflow.plan',
    ...askedBy(definition),
    devices,
    inventory: definition.inventory.content,
    ...rollout.content,
    ...definedMembers({ otherSides: sides, leftOut: unlessEmpty(leftOut.map(({ name, by }) => ({ name, by }))) }),
    concurrency: definition.rollout.concurrency,
    atomic: definition.rollout.atomic,
    maxFailures: definition.rollout.maxFailures,
    checks: definition.checks,
    ...membersOf(definition.parts ?? []),
    ...definedMembers({
      around: definition.around,
      probes: definition.probes,
      after: definition.after,
    }),
    ...beside.content,
    approve: definition.approve,
    onFailure: 'rollback',
    allow: definition.allow,
    policy: definition.policy,
    ...definedMembers({
      invariants: definition.invariants?.digest,
      checkpoints: definition.checkpoints,
      secretRefs: definition.secretRefs,
    }),
    offline: definition.offline,
    tool: toolOf(definition.toolVersion),
  }
  const content = withReadings(definition, {
    ...settled,
    warnings: [
      ...leftOutWarnings(definition, settled, shown, leftOut),
      ...warningsOf(definition, settled, shown, rollout),
      ...unasked,
      ...invariantWarnings(definition.invariants, shown, clean),
      ...beside.warnings,
    ],
  })
  return sealedPlan(definition, {
    version: 3,
    digest: planDigest(content),
    content,
    evidence: {
      createdAt: definition.createdAt,
      ...definedMembers({ store: definition.sealing?.store }),
      ...rollout.evidence,
      deviceDiffs: Object.fromEntries(evidence.map(({ device, staged }) => [device, clean(staged.diff)])),
      state: { ...beside.state, ...Object.fromEntries(evidence.map(({ device, state }) => [device, state])) },
      ...definedMembers({ bases }),
      ...(definition.checkpoints === 'prune' ? spentCheckpoints(evidence) : {}),
      ...definition.inventory.evidence,
      ...behindOf(definition, evidence, clean),
      ...notesOf(definition.advisories, shown, clean),
      ...roundTripsOf(evidence),
      ...streamingOf(shown, changed),
    },
  })
}

export function withReadings({ branch, readByRules: read }: PlanDefinition, content: PlanContent): PlanContent {
  return { ...content, ...(branch && { branch }), ...(read && { ruleReadings: read(changeRead(content)) }) }
}

function askedBy({ rebases, requester, workflow, changeFile }: PlanDefinition) {
  return {
    ...definedMembers({ rebases }),
    requesters: [withoutLogin(requester)],
    workflow,
    ...definedMembers({ changeFile }),
  }
}

function requireNoSecretInChecks({ checks, parts = [], around = [], scrub }: PlanDefinition) {
  if (scrub === undefined) return
  const named = checks as readonly { readonly name: string }[]
  const [instead, header] = [
    'Verify it with a catalog instead: eosflow check run',
    'Put the secret into a header of the service in eosflow.yaml, as a reference.',
  ]
  const asked = [
    ...named.map((one) => ({ one, message: `the check \`${one.name}\` compares with a secret`, hint: instead })),
    ...parts.flatMap(({ key, value }) => key.sent(value)),
    ...around.map((one) => ({ one, message: `${scrub(aroundName(one))} would be sent a secret`, hint: header })),
  ]
  for (const { one, message, hint } of asked) {
    const text = textsOf(one as unknown as Json).join('\n')
    if (scrub(text) !== text) throw new EosflowError('guard', `${message}, and the plan would keep it`, { hint })
  }
}

function textsOf(value: Json): readonly string[] {
  if (value === null || typeof value !== 'object') return [String(value)]
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsOf(member)])
}

export function withoutLogin({ authenticatedAt: _, ...requester }: Principal): Requester {
  return requester
}

export function sealedPlan({ key: installKey, sealing }: Pick<PlanDefinition, 'key' | 'sealing'>, plan: Plan): Plan {
  return sealing === undefined ? plan : { ...plan, seal: sealPlan({ key: sealing.key, installKey }, plan) }
}

/** The digest that an approval binds to: sha256 over the canonical JSON of the content (RFC 8785). */
export function planDigest(content: PlanContent): string {
  return digestOf(content as unknown as Json)
}

/** Throws `stale` when a plan's digest is not the digest of its content, or its state areas or its bases are not the ones it digests. */
export function requireIntact(plan: Plan): Plan {
  requireContent(plan)
  if (statesAreIntact(plan) && basesAreIntact(plan)) return plan
  throw altered()
}

/** Throws `stale` when a plan's digest is not the digest of its content. */
export function requireContent({ content, digest }: Pick<Plan, 'content' | 'digest'>): void {
  if (planDigest(content) !== digest) throw altered()
}

function altered() {
  return new EosflowError('stale', 'the plan does not match its digest: it was changed after it was made', {
    hint: 'Plan again and have the new plan approved.',
  })
}

function statesAreIntact({ content, evidence }: Plan) {
  const digests = [
    ...content.devices.map(({ name, base }) => [name, base.state] as const),
    ...(content.neighbors ?? []).map(({ name, state }) => [name, state] as const),
  ]
  return digests.every(([name, state]) => digestOf(evidence.state[name] ?? {}) === state)
}

function basesAreIntact({ content, evidence: { bases = {} } }: Plan) {
  return content.devices.every(({ name, base: { kept } }) => {
    const text = bases[name]
    return kept === (text === undefined ? undefined : digestOf(text))
  })
}

function basesOf(
  { key }: PlanDefinition,
  shown: readonly ComparedEvidence[],
  clean: PlanRedactor,
): NonNullable<PlanEvidence['bases']> {
  return Object.fromEntries(shown.map(({ device, comparison }) => [device, keptBase(key, comparison.running, clean)]))
}

function spentCheckpoints(evidence: readonly DeviceEvidence[]): Pick<Plan['evidence'], 'checkpoints'> {
  const spent = evidence.flatMap(({ device, spentCheckpoints: names = [] }) =>
    names.length === 0 ? [] : [[device, names] as const],
  )
  return spent.length === 0 ? {} : { checkpoints: Object.fromEntries(spent) }
}

// It moves from minute to minute, so that the digest does not cover it: a plan is not stale because a host has spoken.
function behindOf(
  { behind, targets }: PlanDefinition,
  evidence: readonly DeviceEvidence[],
  clean: PlanRedactor,
): Pick<Plan['evidence'], 'behind'> {
  const found = evidence.flatMap(({ device, behind: one }) => (one === undefined ? [] : [[device, one] as const]))
  if (found.length > 0)
    return { behind: Object.fromEntries(found.map(([name, one]) => [name, cleanTexts(one, clean)])) }
  return behind === true && targets.length > MOST_ASKED_BEHIND ? { behind: 'too-many' } : {}
}

function cleaned({ key, workflow, scrub }: PlanDefinition, shown: readonly ComparedEvidence[]) {
  const bases = shown.map(({ comparison }) => sealComparable(key, comparison.running))
  return redactionOf({ key, workflow: workflow.digest, bases, ...definedMembers({ scrub }) })
}

function plannedDevice(
  definition: PlanDefinition,
  found: PlanDefinition['targets'][number] | undefined,
  shown: ComparedEvidence,
  clean: PlanRedactor,
  bases: PlanEvidence['bases'],
): PlannedDevice {
  const { device, identity, state, rendered, staged, comparison, isOffline, bootLines } = shown
  if (found === undefined) throw new EosflowError('bug', `evidence of a switch that was not selected: ${device}`)
  const { name, ...address } = found
  const tags = definition.tags?.[name]
  return {
    name,
    identity,
    inventory: {
      address,
      credential: definition.credentials[name] ?? '',
      ...definedMembers({ tags }),
    },
    base: {
      running: sealComparable(definition.key, comparison.running),
      startupEqualsRunning: savedState(staged) === 'saved',
      state: digestOf(state),
      ...definedMembers({ kept: bases && digestOf(bases[device] ?? '') }),
    },
    mode: rendered.mode,
    lines: cleanLines(rendered.lines, clean),
    linesHmac: sealCommands(definition.key, rendered),
    diff: cleanDiff(comparison.lines, clean),
    diffHmac: sealDiff(definition.key, comparison.lines),
    unknownLines: unknownLines(comparison.changes, rendered).map(clean),
    ...definedMembers({ offline: isOffline, bootLines: bootLines?.map(clean) }),
    ...plannedSaid(staged.said ?? [], rendered.commands, clean),
    ...plannedKept(shown, clean),
    ...plannedForeign(shown, clean),
    ...(comparison.lines.length === 0 && bootLines === undefined ? {} : plannedUnsaved(shown, clean)),
  }
}

// Before a block that hides something is a comment with the keyed digest of the whole block, so that nothing of it differs unseen.
function keptBase(key: string, running: string, clean: PlanRedactor) {
  const { children, tail } = parseConfig(running)
  const blocks = children.map((node) => {
    const text = renderNode(node).join('\n')
    const shown = clean(text)
    if (shown === text) return text
    // Placeholders differ from plan to plan.
    return `! hidden below: ${hmac(key, `base:${text}`)}\n${shown.replace(/<redacted:[0-9a-f]+>/g, '<redacted>')}`
  })
  return [...blocks, clean(tail.join('\n')), ''].join('\n')
}

// Refuses a replace candidate that would cut the management path (docs/eos.md 2.2). Throws `guard` and names every switch and what its
// candidate lacks, unless the workflow says `allow: [management]`.
function requireManagement(definition: PlanDefinition, evidence: readonly ComparedEvidence[]) {
  if (definition.allow.includes('management')) return
  const findings = evidence.flatMap(({ device, rendered, staged, keeping }) => {
    if (rendered.mode !== 'replace') return []
    const host = definition.targets.find(({ name }) => name === device)?.host
    const missing = managementGuard(
      parseConfig(staged.running),
      parseConfig((keeping ?? rendered).lines.join('\n')),
      host,
    )
    return missing.map(({ part, message }) => `${device}: the candidate lacks its management ${part}: ${message}`)
  })
  if (findings.length === 0) return
  throw new EosflowError('guard', findings.join('\n'), {
    hint: 'Complete the candidate, or say `allow: [management]` in the workflow if this is meant.',
  })
}
