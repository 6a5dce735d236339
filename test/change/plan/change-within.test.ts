import { describe, expect, test } from 'vitest'
import { changeOfDiff } from '../../../src/change/plan/change-read.ts'
import type { DiffLine } from '../../../src/change/plan/plan.ts'
import { isWithin, type Rule } from '../../../src/change/policy/policy.ts'
import { diffConfig, presentChanges } from '../../../src/eos/config/diff/diff.ts'
import { kindOf } from '../../../src/eos/config/kinds/kind-of.ts'
import { typedLines } from '../../../src/eos/config/rules/typed-lines.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { scanOutline } from '../../../src/eos/config/text/tree.ts'
import { isOfKind } from '../../../src/model/change-kind.ts'
import { replacePairs, shared, wholeConfigs } from '../../eos/config/replace-pairs.ts'
import { labelledLines } from '../../eos/config/texts.ts'
import { partOf } from '../../lab/part-of.ts'

/** Lines whose kinds somebody gave by hand, as rows of a diff that adds each. */
const STRAY = labelledLines().map(({ kind = 'none', path, line }) => ({
  kind,
  rows: [...path, line].map(
    (text, depth): DiffLine => ({ sign: depth === path.length ? '+' : ' ', text: '   '.repeat(depth) + text }),
  ),
}))

/** A seeded generator (mulberry32): the same numbers on every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const rule = (kinds: readonly string[]) =>
  partOf<Rule>({ on: { change: { kinds, removes: true, maxLines: 100_000 } }, instead: ['x'] })

function isWithinKinds(diff: readonly DiffLine[], kinds: readonly string[]) {
  const text = diff.map(({ sign, text }) => `${sign} ${text}`).join('\n')
  return isWithin(rule(kinds), () => changeOfDiff(text, ['leaf1'], {})).matches
}

/** What the lines of a diff are of, by the text of the plan alone. */
function kindsIn(diff: readonly DiffLine[]) {
  const text = diff.map(({ sign, text }) => `${sign} ${text}`).join('\n')
  const lines = changeOfDiff(text, ['leaf1'], {}).switches.get('leaf1')?.lines ?? []
  return [...new Set(lines.flatMap(({ kind, isKnown }) => (isKnown ? (kind ?? []) : [])))]
}

describe.skipIf(shared === undefined)('diffs of recorded replacements (absent: ../shared/eos-corpus)', () => {
  const diffs = (shared === undefined ? [] : replacePairs()).map(({ running, candidate }) =>
    presentChanges(diffConfig(parseConfig(running), parseConfig(candidate)).changes),
  )

  /** Those that are within their own kinds, with these. */
  const known = diffs
    .filter((diff) => diff.length > 0)
    .map((diff) => ({ diff, kinds: kindsIn(diff) }))
    .filter(({ diff, kinds }) => isWithinKinds(diff, kinds))

  /** Those with one line of another kind put in somewhere; gives how many there were, and those that match all the same. */
  function mutated(count: number, seed: number): { readonly tried: number; readonly matched: readonly string[] } {
    const below = numbers(seed)
    const matched: string[] = []
    for (let tried = 0; tried < count; tried += 1) {
      const { diff, kinds } = known[below(known.length)] ?? { diff: [], kinds: [] }
      const others = STRAY.filter(({ kind }) => !kinds.includes(kind))
      const stray = others[below(others.length)]
      const roots = diff.flatMap(({ text }, row) => (text.startsWith(' ') ? [] : [row]))
      const at = roots[below(roots.length + 1)] ?? diff.length
      const made = [...diff.slice(0, at), ...(stray?.rows ?? []), ...diff.slice(at)]
      if (isWithinKinds(made, kinds)) matched.push(`${stray?.kind}: ${stray?.rows.at(-1)?.text} in ${kinds.join(', ')}`)
    }
    return { tried: count, matched }
  }

  test('a diff is within its own kinds where every line is known, and not within all but one of them', {
    tags: ['long', 'turn'],
  }, () => {
    expect(diffs).toHaveLength(79)
    const loose = known.filter(({ diff, kinds }) =>
      kinds.some((left) =>
        isWithinKinds(
          diff,
          kinds.filter((kind) => !isOfKind(left, kind)),
        ),
      ),
    )
    expect(known).toHaveLength(49)
    expect(loose).toEqual([])
  })

  test('no diff with a line outside the kinds matches a rule that asks for less: 2,000 by seed 19', {
    tags: ['long', 'turn'],
  }, () => {
    expect(mutated(2000, 19)).toEqual({ tried: 2000, matched: [] })
  })

  test('every root line of the recorded configurations has a kind, but for these', () => {
    const without = new Set<string>()
    let roots = 0
    for (const { text } of wholeConfigs()) {
      for (const { above, line } of typedLines(scanOutline(text), 'replace')) {
        if (above.length > 0 || line === 'end' || line.startsWith('!')) continue
        roots += 1
        if (kindOf([], line) === undefined) without.add(line)
      }
    }
    process.stdout.write(`${roots} lines of the root, ${without.size} texts without a kind\n`)
    expect(roots).toBeGreaterThan(17_000)
    expect([...without]).toEqual(['interface MY_INTERFACE_HOST'])
  })
})
