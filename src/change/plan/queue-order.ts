import { eachVlan } from '../../eos/config/vlan-sets.ts'
import { kindOfPlan } from './carries.ts'
import { kindsInDiff } from './change-read.ts'
import type { DiffLine, ShownPlan } from './plan.ts'

export type QueueRelation = 'conflict' | 'carries' | 'again'

export interface BehindPlan {
  readonly switches: readonly string[]
  readonly relation: QueueRelation
  readonly reasons: readonly string[]
}

export interface QueuedPlan {
  readonly plan: ShownPlan
  /** Why its approvals never carry, whatever changes before it. */
  readonly never: readonly string[]
  readonly kinds: readonly string[]
}

/** Judges what a plan has to expect of one that is sent before it (docs/approvals.md#the-queue); undefined where they change no switch in common. */
export function judgeBehind(
  { plan, never, kinds }: QueuedPlan,
  earlier: Pick<QueuedPlan, 'plan'>,
): BehindPlan | undefined {
  const before = new Set(earlier.plan.content.waves.flat())
  const switches = plan.content.waves.flat().filter((name) => before.has(name))
  if (switches.length === 0) return undefined
  const both = switches.map((name) => ({ name, own: diffOf(plan, name), first: diffOf(earlier.plan, name) }))
  const conflicts = both.flatMap(({ name, own, first }) => {
    const roots = rootsOf(first)
    return [...rootsOf(own)].filter((root) => roots.has(root)).map((root) => `${name}: both change \`${root}\``)
  })
  if (conflicts.length > 0) return { switches, relation: 'conflict', reasons: conflicts }
  const others = both.flatMap(({ name, first }) =>
    [...kindsInDiff(first)].flatMap((kind = 'no known kind') =>
      kinds.includes(kind) ? [] : [`${name}: the earlier one changes lines of ${kind}, over which none carries`],
    ),
  )
  const reasons = [...new Set([...never, ...kindOfPlan(plan), ...others])]
  return { switches, relation: reasons.length === 0 ? 'carries' : 'again', reasons }
}

function rootsOf(diff: readonly DiffLine[]): ReadonlySet<string> {
  const roots = diff.filter(({ text }) => !/^\s/.test(text))
  const commands = roots.flatMap(({ text }) => eachVlan({ path: [], line: text }))
  return new Set(commands.map(({ line }) => line.replaceAll(/<redacted[^>]*>/g, '<redacted>')))
}

function diffOf({ content }: ShownPlan, name: string) {
  return content.devices.find((device) => device.name === name)?.diff ?? []
}
