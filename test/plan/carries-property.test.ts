import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffConfig } from '../../src/config/diff.ts'
import { mergeConfig } from '../../src/config/merge.ts'
import { parseConfig } from '../../src/config/parse.ts'
import { renderConfig } from '../../src/config/render.ts'
import { EosflowError } from '../../src/model/error.ts'
import { carries } from '../../src/plan/carries.ts'
import type { PlanDefinition } from '../../src/plan/definition.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { extentOfLong } from '../extent.ts'
import { BASE, planOn } from './carry-material.ts'
import { ALTERATIONS, altered, CHANGES, EDITS, QUIET, some } from './carry-pairs.ts'

const typedInto = (base: string, lines: readonly string[]): string =>
  renderConfig(mergeConfig(parseConfig(base), lines, { version: '4.32.2F' }))

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

/** The rows of a configuration in their order, each behind the rows that it is under: by the indentation, without the code under test. */
function rowsOf(text: string): readonly string[] {
  let path: string[] = []
  return text
    .split('\n')
    .filter((row) => /[^\s!]/.test(row))
    .map((row) => {
      path = [...path.slice(0, (row.length - row.trimStart().length) / 3), row.trim()]
      return path.join(' / ')
    })
}

const QUIET_ROW = /^(?:interface [A-Z]\S+ \/ description .+|vlan \d+ \/ name \S+)$/

/** What a base has in its order, but for the text of quiet rows. */
const loudOf = (rows: readonly string[]): readonly string[] => rows.filter((row) => !QUIET_ROW.test(row))

/** The same with the rows of VLANs as a set: as a switch takes them, which prints them by their numbers. */
const withVlanSet = (rows: readonly string[]): string => {
  const isVlan = (row: string): boolean => /^vlan \d/.test(row)
  return JSON.stringify([[...new Set(rows.filter(isVlan))].toSorted(), rows.filter((row) => !isVlan(row))])
}

/** The blocks of which a row is another, or elsewhere. */
function otherBlocks(was: readonly string[], is: readonly string[]): ReadonlySet<string> {
  const rootOf = (row: string): string => row.split(' / ')[0] ?? ''
  const of = (rows: readonly string[], root: string): string => rows.filter((row) => rootOf(row) === root).join('\n')
  return new Set([...was, ...is].map(rootOf).filter((root) => of(was, root) !== of(is, root)))
}

/** What a change makes of a base, in no order. */
const madeOf = (base: string, lines: readonly string[]): readonly string[] =>
  diffConfig(parseConfig(base), parseConfig(typedInto(base, lines)))
    .changes.map(({ sign, path, line }) => [sign, ...path, line].join('|'))
    .toSorted()

const ROWS = rowsOf(BASE)
const LOUD = loudOf(ROWS)

const ofBase = new Map<string, readonly string[]>()

function madeOfBase(lines: readonly string[]): readonly string[] {
  const key = lines.join('\n')
  const made = ofBase.get(key) ?? madeOf(BASE, lines)
  ofBase.set(key, made)
  return made
}

/** The plan that is made again; undefined where the switch refuses the lines on what it runs now. */
function planned(base: string, lines: readonly string[]): Plan | undefined {
  try {
    return planOn(base, lines, UNSEALED)
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'refused') return undefined
    throw error
  }
}

test('[3A1] of any base and any approved change, an approval carries exactly where quiet lines of untouched blocks are all that differs', {
  tags: 'long',
  timeout: 7_200_000,
}, () => {
  const count = { carried: 0, refused: 0, unplanned: 0, either: 0 }
  const edits = fc.oneof(some(EDITS, 3), some(QUIET, 4), some([...EDITS, ...QUIET], 4))
  const pairs = fc.record({
    edit: edits,
    alterations: fc.array(fc.tuple(fc.constantFrom(...ALTERATIONS), fc.nat(200)), { maxLength: 2 }),
    isAltered: fc.boolean(),
    change: some(CHANGES, 2),
  })
  fc.assert(
    fc.property(pairs, ({ edit, alterations, isAltered, change }) => {
      const typed = typedInto(BASE, edit)
      const base = isAltered ? altered(typed, alterations) : typed
      const made = planned(base, change)
      if (made === undefined) {
        count.unplanned += 1
        return
      }
      const { obstacles, differences } = carries(approvedFor(change), made)
      const [was, is] = [ROWS, rowsOf(base)]
      const others = otherBlocks(was, is)
      const own = madeOfBase(change)
      const isTouched = own.some((row) => others.has(row.split('|')[1] ?? ''))
      // What differs in no line, as in a separator, is told by the digest of the base alone.
      const isSeen = others.size > 0 || base === BASE
      const isInOrder = JSON.stringify(LOUD) === JSON.stringify(loudOf(is))
      // No switch prints a VLAN twice or out of order: such a text has the same VLANs, and may carry or be asked about again, if the rest is equal.
      const isEither = !isInOrder && withVlanSet(LOUD) === withVlanSet(loudOf(is))
      count.either += Number(isEither)
      const isQuiet = isSeen && (isInOrder || (isEither && obstacles.length === 0))
      const expected = isQuiet && !isTouched && JSON.stringify(own) === JSON.stringify(madeOf(base, change))
      expect(obstacles.length === 0, obstacles.join('; ')).toBe(expected)
      count[expected ? 'carried' : 'refused'] += 1
      if (!expected) return
      expect(new Set(differences.map(({ block }) => block))).toEqual(others)
      const named = differences.map(({ block, lines: [line = ''] }) => [line[0], `${block} / ${line.slice(1)}`])
      expect(named.filter(([, row = '']) => !QUIET_ROW.test(row))).toEqual([])
      const gone = was.filter((row) => !is.includes(row)).map((row) => ['-', row])
      const come = is.filter((row) => !was.includes(row)).map((row) => ['+', row])
      expect(named).toEqual(expect.arrayContaining([...gone, ...come]))
    }),
    { numRuns: extentOfLong(200, 50_000) },
  )
  const { carried, refused, unplanned, either } = count
  process.stdout.write(`carried ${carried}, refused ${refused}, refused by the switch ${unplanned}; either ${either}\n`)
  expect(count.carried).toBeGreaterThan(extentOfLong(20, 5_000))
  expect(count.refused).toBeGreaterThan(extentOfLong(60, 20_000))
  // The verdict of nearly all is told without looking at it.
  expect(count.either).toBeLessThan(extentOfLong(10, 1_000))
})
