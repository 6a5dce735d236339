import { canonicalJson } from '../model/canonical-json.ts'
import type { Json } from '../model/json.ts'
import type { Compared } from '../policy/approval-case.ts'
import type { PlanDefinition } from './definition.ts'
import type { PlanContent } from './plan.ts'
import { canaryOf, timersOf } from './rollout.ts'

/**
 * Everything that a plan demands and that its sources decide, by name: approvals, checks, tolerance, timers, waves, targets. It is
 * derived again where a plan is used, because a plan file can be edited and its digest made anew. Each is compared as canonical JSON.
 */
export function demandsOf(content: PlanContent, definition: PlanDefinition): Readonly<Record<string, Compared>> {
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
    timers: [content.timers, timersOf(definition.timers, content.timers.stableFor)],
    canary: [content.canary, canary],
    waves: [content.waves.flat().toSorted(), changed.toSorted()],
    together: [togetherIn(content, definition), []],
    checkpoints: [content.checkpoints, definition.checkpoints],
  }
  return Object.fromEntries(
    Object.entries(pairs).map(([name, [planned, found]]) => [name, { planned: textOf(planned), found: textOf(found) }]),
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
function textOf(value: unknown): string {
  return value === undefined ? 'null' : canonicalJson(JSON.parse(JSON.stringify(value)) as Json)
}
