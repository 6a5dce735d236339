import { blockOf, blockWords } from '../config/base-block.ts'
import { baseDifference } from './base-difference.ts'
import { kindOfPlan } from './carries.ts'
import type { DiffLine, Plan, PlannedDevice, ShownPlan } from './plan.ts'
import type { PlannedBlock } from './plan-evidence.ts'

/**
 * What becomes of the approvals of a plan when the one before it has changed a switch of both. `conflict`: it changes what the later one touches, or may do
 * so. `carries`: nothing of both hinders that they carry to the plan made again. `again`: only the switch is shared, and they are given anew all the same.
 */
export type QueueRelation = 'conflict' | 'carries' | 'again'

/** How a plan is behind an earlier one. */
export interface BehindPlan {
  /** The switches that both change. */
  readonly switches: readonly string[]
  readonly relation: QueueRelation
  /** One sentence each; none where the approvals carry. */
  readonly reasons: readonly string[]
}

/** A plan in a queue, and why its approvals never carry, whatever changes before it. */
export interface QueuedPlan {
  readonly plan: ShownPlan
  readonly never: readonly string[]
  /** The base of each switch as the plan keeps it; absent where it keeps none. */
  readonly blocks?: Plan['evidence']['blocks']
}

/**
 * Judges what a plan has to expect of one that is sent before it; undefined where they change no switch in common. The base that the later one finds is taken to be
 * its own, with the lines of the earlier diff, and is judged as that of a plan made again (docs/approvals.md#an-approval-that-carries).
 */
export function judgeBehind(later: QueuedPlan, earlier: Pick<QueuedPlan, 'plan'>): BehindPlan | undefined {
  const before = new Set(earlier.plan.content.waves.flat())
  const switches = later.plan.content.waves.flat().filter((name) => before.has(name))
  if (switches.length === 0) return undefined
  const conflicts = switches.flatMap((name) => conflictsOn(name, later, earlier.plan))
  if (conflicts.length > 0) return { switches, relation: 'conflict', reasons: [...new Set(conflicts)] }
  const kinds = kindOfPlan(withoutRebase(later.plan)).map(({ reason }) => reason)
  const kept = switches.filter((name) => later.blocks?.[name] === undefined)
  const reasons = [
    ...later.never,
    ...kinds,
    ...(kept.length === 0 ? [] : ['the plan does not keep its base block by block']),
  ]
  return { switches, relation: reasons.length === 0 ? 'carries' : 'again', reasons: [...new Set(reasons)] }
}

/** A plan that was made again is compared with the one that people have approved, which is of no other kind. */
function withoutRebase({ content: { rebases: _, ...content }, ...plan }: ShownPlan): Plan {
  return { ...plan, content } as Plan
}

function conflictsOn(name: string, { plan, blocks }: QueuedPlan, earlier: ShownPlan): readonly string[] {
  const [own, first] = [deviceOf(plan, name), deviceOf(earlier, name)]
  const base = blocks?.[name]
  if (own === undefined || first === undefined) return []
  if (base === undefined || own.base.blocks === undefined) return sameBlocks(name, own.diff, first.diff)
  const made = { ...own, base: { ...own.base, running: `behind ${earlier.digest}` } }
  return baseDifference(made, own, { before: base, after: blocksBehind(base, first.diff) }).obstacles.map(
    ({ reason }) => reason,
  )
}

/** Without the bases nothing is known but the blocks in which both diffs have lines. */
function sameBlocks(name: string, diff: readonly DiffLine[], earlier: readonly DiffLine[]): readonly string[] {
  const first = new Set(keysOf(earlier))
  const both = [...new Set(keysOf(diff))].filter((key) => first.has(key))
  return both.map((key) => `${name}: both change \`${blockWords(key)}\``)
}

function keysOf(diff: readonly DiffLine[]): readonly string[] {
  return diff.filter(({ text }) => !/^\s/.test(text)).map(({ text }) => blockOf(text).key)
}

/** A base with the lines of a diff put into it. Seals of what they alter are none that a base could have. */
function blocksBehind(base: readonly PlannedBlock[], diff: readonly DiffLine[]): readonly PlannedBlock[] {
  const texts = new Map(base.map(({ block, text }) => [block, text.split('\n')]))
  const altered = new Set<string>()
  let lines: string[] = []
  let parents: { readonly depth: number; readonly at: number }[] = []
  for (const { sign, text: said } of diff) {
    const text = said.replace(/<redacted:[0-9a-f]+>/g, '<redacted>')
    const depth = text.search(/\S|$/)
    if (depth === 0) {
      const { key } = blockOf(text)
      lines = texts.get(key) ?? []
      texts.set(key, lines)
      altered.add(key)
    }
    parents = parents.filter((one) => one.depth < depth)
    const from = (parents.at(-1)?.at ?? -1) + 1
    const at = lines.indexOf(text, from)
    if (sign === '+') lines.splice(from, 0, text)
    else if (sign === '-' && at >= 0) lines.splice(at, 1)
    if (sign !== '-') parents.push({ depth, at: sign === '+' ? from : Math.max(at, from) })
  }
  const own = new Map(base.map((block) => [block.block, block]))
  return [...texts].flatMap(([block, text]) => {
    const kept = own.get(block)
    if (!altered.has(block)) return kept ?? []
    return text.length === 0 ? [] : [{ ...kept, block, text: text.join('\n'), seal: 'behind' }]
  })
}

function deviceOf({ content }: ShownPlan, name: string): PlannedDevice | undefined {
  return content.devices.find((device) => device.name === name)
}
