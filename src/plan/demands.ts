import type { Json } from '../model/json.ts'
import { DEFAULT_STABLE_FOR, DEFAULT_WITHIN } from '../workflow/verify-times.ts'
import type { PlanDefinition } from './definition.ts'
import type { PlanContent } from './plan.ts'
import { canaryOf } from './rollout.ts'

/** What a plan holds of a demand, and what the workflow, its parameters, the inventory and the settings give for it. */
export interface Demanded {
  readonly planned: Json
  readonly derived: Json
}

/**
 * Everything that a plan demands and that its sources decide, by name: approvals, checks, tolerance, timers, waves, targets. It is
 * derived again where a plan is used, because a plan file can be edited and its digest made anew.
 */
export function demandsOf(content: PlanContent, definition: PlanDefinition): Readonly<Record<string, Demanded>> {
  const { rollout } = definition
  const changed = changedIn(content)
  const canary = canaryOf(rollout.canary, changed, content.timers.stableFor)
  const pairs: Readonly<Record<string, readonly [unknown, unknown]>> = {
    workflow: [content.workflow, definition.workflow],
    devices: [content.devices.map(({ name }) => name), namesOf(definition, content)],
    approve: [content.approve, definition.approve],
    checks: [content.checks, definition.checks],
    allow: [content.allow, definition.allow],
    concurrency: [content.concurrency, rollout.concurrency],
    atomic: [content.atomic, rollout.atomic],
    maxFailures: [content.maxFailures, rollout.maxFailures],
    timers: [content.timers, timersFor(content, definition)],
    canary: [content.canary, canary],
    waves: [content.waves.flat().toSorted(), changed.toSorted()],
    together: [togetherIn(content, definition), []],
    checkpoints: [content.checkpoints, definition.checkpoints],
  }
  return Object.fromEntries(
    Object.entries(pairs).map(([name, [planned, derived]]) => [
      name,
      { planned: asJson(planned), derived: asJson(derived) },
    ]),
  )
}

/** The switches that change, in the order of the plan. */
function changedIn({ devices }: PlanContent): readonly string[] {
  return devices.filter(({ diff, bootLines }) => diff.length > 0 || bootLines !== undefined).map(({ name }) => name)
}

/** The selected switches without those that were left out. Where each is reached, and its tags, are compared when its part is rendered. */
function namesOf({ targets }: PlanDefinition, { leftOut = [] }: PlanContent): readonly string[] {
  return targets.map(({ name }) => name).filter((name) => !leftOut.some((one) => one.name === name))
}

/** What the workflow leaves to the protocol timers of the switches may be longer than the usual, and never shorter. */
function timersFor({ timers }: PlanContent, { timers: given }: PlanDefinition): PlanContent['timers'] {
  const { derived, ...fixed } = given
  if (!derived.stableFor) return fixed
  const stableFor = Math.max(fixed.stableFor, timers.stableFor)
  const within = derived.within ? DEFAULT_WITHIN - DEFAULT_STABLE_FOR + stableFor : fixed.verifyWithin
  return { ...fixed, verifyWithin: Math.max(fixed.verifyWithin, within), stableFor }
}

/** Pairs of switches, redundant by their tags, that share a wave although the workflow does not let them. */
function togetherIn({ waves, together = [] }: PlanContent, { rollout }: PlanDefinition): readonly unknown[] {
  if (rollout.together) return []
  const groups = waves.flatMap((wave) => {
    const tags = wave.flatMap((name) => rollout.redundant[name] ?? [])
    return tags.filter((tag, place) => tags.indexOf(tag) !== place)
  })
  return [...together, ...groups]
}

/** A member that is not there and one that is undefined are the same in a file. */
function asJson(value: unknown): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json)
}
