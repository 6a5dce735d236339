import { countIn, textIn } from '../call/arguments.ts'
import { filter } from '../call/define.ts'
import { parsedInt } from '../syntax/number.ts'
import type { Budget } from '../value/budget.ts'
import { wrong } from '../value/fault.ts'
import { itemsOf } from '../value/iterate.ts'

/** Filters of ansible.netcommon: VLANs as lines of a range, cut as IOS cuts them. */
export const VLAN_PARSER = filter(
  'first_line_len? other_line_len?',
  (value, [first = 48n, other = 44n], { budget }) => {
    const vlans = itemsOf(value, budget).map((item) => countIn(item, 'each VLAN'))
    const sorted = [...new Set(vlans)].sort((a, b) => a - b)
    const [lowest] = sorted
    if (lowest === undefined) throw wrong('there are no VLANs')
    if (lowest < 1 || (sorted.at(-1) ?? 0) > 4094) throw wrong('a VLAN is from 1 to 4094')
    return lines(runsOf(sorted), countIn(first), countIn(other))
  },
)

/** A run of three or more is written with a dash, two are written one by one. */
function runsOf(sorted: readonly number[]): string[] {
  const runs: string[] = []
  for (let at = 0; at < sorted.length; ) {
    let end = at
    while (end + 1 < sorted.length && (sorted[end + 1] ?? 0) - (sorted[end] ?? 0) === 1) end += 1
    const [from, to] = [String(sorted[at]), String(sorted[end])]
    if (end === at) runs.push(from)
    else if (end === at + 1) runs.push(from, to)
    else runs.push(`${from}-${to}`)
    at = end + 1
  }
  return runs
}

function lines(runs: readonly string[], first: number, other: number): string[] {
  const made = ['']
  for (const run of runs) {
    const last = made.at(-1) ?? ''
    if (last.length + run.length > (made.length === 1 ? first : other)) made.push(`${run},`)
    else made[made.length - 1] = `${last}${run},`
  }
  const trimmed = made.map((line) => line.replace(/,+$/, ''))
  const empty = trimmed.indexOf('')
  return empty < 0 ? trimmed : trimmed.toSpliced(empty, 1)
}

/** The VLANs of a range as numbers. */
export const VLAN_EXPANDER = filter('', (value, _, { budget }) => {
  const vlans = textIn(value, 'a range')
    .split(',')
    .flatMap((part) => expanded(part, budget))
  return vlans.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
})

function expanded(part: string, budget: Budget): bigint[] {
  const ends = part.includes('-') ? part.split('-') : [part, part]
  const [from, to, ...more] = ends.map((end) => parsedInt(end, 10))
  if (from === undefined || to === undefined || more.length > 0) throw wrong(`\`${part}\` is no range of VLANs`)
  if (to < from) return []
  budget.items((to - from + 1n) * 4n)
  return Array.from({ length: Number(to - from + 1n) }, (_, index) => from + BigInt(index))
}
