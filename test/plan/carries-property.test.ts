import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffConfig } from '../../src/config/diff.ts'
import { mergeConfig } from '../../src/config/merge.ts'
import { parseConfig } from '../../src/config/parse.ts'
import { renderConfig as textOf } from '../../src/config/render.ts'
import { carries } from '../../src/plan/carries.ts'
import type { PlanDefinition } from '../../src/plan/definition.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { extent, extentOfLong } from '../extent.ts'
import { BASE, planOn } from './carry-material.ts'
import { CHANGES, EDITS, some } from './carry-pairs.ts'

const typedInto = (base: string, lines: readonly string[]): ReturnType<typeof parseConfig> =>
  mergeConfig(parseConfig(base), lines, { version: '4.32.2F' })

/** A seal takes most of the time, and says nothing of what is judged here. */
const UNSEALED = { sealing: undefined } as unknown as Partial<PlanDefinition>

const approved = new Map<string, Plan>()

/** The plan of a change on `BASE`, made once. */
function approvedFor(lines: readonly string[]): Plan {
  const key = lines.join('\n')
  const plan = approved.get(key) ?? planOn(BASE, lines, UNSEALED)
  approved.set(key, plan)
  return plan
}

/** What a configuration says, in no order: commands under their blocks. */
const diffed = (a: ReturnType<typeof parseConfig>, b: ReturnType<typeof parseConfig>): readonly string[] =>
  diffConfig(a, b)
    .changes.map(({ sign, path, line }) => [sign, ...path, line].join('|'))
    .toSorted()

describe('any change meanwhile, and any approved change', () => {
  test('what carries ends with exactly the approved lines, and nothing that is touched has changed', {
    tags: 'long',
    timeout: 3_600_000,
  }, () => {
    const count = { carried: 0, refused: 0 }
    fc.assert(
      fc.property(some(EDITS, 3), some(CHANGES, 2), (edit, change) => {
        const base = textOf(typedInto(BASE, edit.lines))
        const verdict = carries(approvedFor(change.lines), planOn(base, change.lines, UNSEALED))
        if (verdict.obstacles.length > 0) {
          count.refused += 1
          return
        }
        count.carried += 1
        const [was, is] = [parseConfig(BASE), parseConfig(base)]
        expect(diffed(is, typedInto(base, change.lines))).toEqual(diffed(was, typedInto(BASE, change.lines)))
        expect([...edit.in].filter((block) => block === 'never' || change.names.has(block))).toEqual([])
        expect([...edit.names].filter((block) => change.in.has(block))).toEqual([])
      }),
      { numRuns: extentOfLong(200, 50_000) },
    )
    process.stdout.write(`carried ${count.carried}, refused ${count.refused}\n`)
    expect(count.carried).toBeGreaterThan(extentOfLong(20, 10_000))
    expect(count.refused).toBeGreaterThan(extentOfLong(100, 20_000))
  })

  test.each(EDITS.filter((edit) => edit.in.includes('never')).map(({ lines }) => [lines.join(', '), lines]))(
    'is refused for %s, whatever was approved',
    (_what, lines) => {
      const base = textOf(typedInto(BASE, lines))
      expect(base).not.toBe(BASE)
      for (const change of CHANGES.slice(0, extent(3, CHANGES.length))) {
        expect(carries(approvedFor(change.lines), planOn(base, change.lines, UNSEALED)).obstacles).not.toEqual([])
      }
    },
  )
})
