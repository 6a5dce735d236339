import { canonicalJson } from '../../model/digest.ts'
import type { Json } from '../../model/json.ts'
import type { ComparedPart } from '../policy/approval-case.ts'
import { membersOf } from '../workflow/definition/workflow-key.ts'
import { changedIn, changeRead, isQuietChange } from './change-read.ts'
import type { PlanDefinition } from './definition.ts'
import { decidePairs } from './pairs.ts'
import { isKernelMember, type PlanContent } from './plan.ts'
import { taggedPairs } from './redundancy.ts'
import { canaryOf, sharesWave, sidesShared, timersOf, wavesOf } from './rollout.ts'
import { groupsAmong } from './under-change.ts'

/** It is derived again where a plan is used, because a plan file can be edited and its digest made anew. */
export function demandsOf(content: PlanContent, definition: PlanDefinition): Readonly<Record<string, ComparedPart>> {
  const { rollout } = definition
  const { redundant = [], redundantSides: sides = [] } = content
  const changed = changedIn(content)
  const canary = canaryOf(rollout.canary, changed, content.timers.stableFor)
  const planned = decidePairs(definition, { changed, canary, redundant, sides, devices: content.devices })
  const both = (...names: readonly (keyof PlanContent & keyof PlanDefinition)[]) =>
    Object.fromEntries(names.map((name) => [name, [content[name], definition[name]] as const]))
  const pairs: Readonly<Record<string, readonly [unknown, unknown]>> = {
    ...both('workflow', 'changeFile'),
    devices: [content.devices.map(({ name }) => name), namesOf(definition, content)],
    inventory: [content.inventory, definition.inventory.content],
    ...both('approve', 'checks'),
    ...partsOf(content, definition),
    ...both('around', 'probes', 'after', 'allow'),
    ruleReadings: [content.ruleReadings, definition.readByRules?.(changeRead(content))],
    concurrency: [content.concurrency, rollout.concurrency],
    atomic: [content.atomic, rollout.atomic],
    maxFailures: [content.maxFailures, rollout.maxFailures],
    timers: [content.timers, timersOf(definition.timers, content.timers.stableFor, isQuietChange(content.devices))],
    canary: [content.canary, canary],
    waves: [
      content.waves,
      wavesOf(
        { ...definition, selected: definition.targets.length },
        { changed, canary, redundant, sides, pairs: planned },
      ),
    ],
    pairs: [content.pairs ?? [], planned],
    underChange: [content.underChange ?? [], groupsAmong(definition.budgets ?? [], changed)],
    redundant: [inOrder(redundant.filter(isTagged(definition))), inOrder(pairsIn(changed, rollout.redundant))],
    together: [
      content.together ?? [],
      [...redundant.filter(sharesWave(content.waves)), ...sidesShared(content.waves, sides)],
    ],
    ...both('checkpoints'),
  }
  const decided = content.sites === undefined ? [] : DECIDED_BY_SITES
  return Object.fromEntries(
    Object.entries(pairs)
      .filter(([name]) => !decided.includes(name))
      .map(([name, [planned, found]]) => [name, comparedPart(textOf(planned), textOf(found))]),
  )
}

function partsOf(content: PlanContent, { parts = [] }: PlanDefinition) {
  const found = membersOf(parts)
  const planned: typeof found = { ...content }
  const names = Object.keys({ ...planned, ...found }).filter((name) => !isKernelMember(name))
  return Object.fromEntries(names.map((name) => [name, [planned[name], found[name]] as const]))
}

function comparedPart(planned: string, found: string): ComparedPart {
  return { planned, found: planned === found ? planned : found }
}

const DECIDED_BY_SITES: readonly string[] = [
  'concurrency',
  'timers',
  'canary',
  'waves',
  'underChange',
  'redundant',
  'together',
]

function namesOf({ targets }: PlanDefinition, { leftOut = [] }: PlanContent) {
  return targets.map(({ name }) => name).filter((name) => !leftOut.some((one) => one.name === name))
}

type Pair = readonly [string, string]

function isTagged({ rollout: { redundant } }: PlanDefinition): (pair: Pair) => boolean {
  return ([a, b]) => redundant[a] !== undefined && redundant[a] === redundant[b]
}

function pairsIn(changed: readonly string[], tags: PlanDefinition['rollout']['redundant']): readonly Pair[] {
  const isChanged = new Set(changed)
  return taggedPairs(Object.entries(tags).filter(([name]) => isChanged.has(name))).map(({ pair }) => pair)
}

const inOrder = (pairs: readonly Pair[]) => pairs.map((pair) => pair.join(' ')).toSorted()

function textOf(value: unknown) {
  return value === undefined ? 'null' : canonicalJson(JSON.parse(JSON.stringify(value)) as Json)
}
