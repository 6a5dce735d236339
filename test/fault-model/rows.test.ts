import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pageOf } from './page.ts'
import { Sources } from './planted.ts'
import { ROWS } from './rows.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const sources = new Sources()
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** Those of the first 24 that others stand behind. */
const BETWEEN: Readonly<Record<string, readonly string[]>> = { '5': ['5b'], '14': ['14b', '14c'], '21': ['21b', '21c'] }

/** The numbers of the fault points: 1 to 41, and those between two of them. */
const NUMBERS = [
  ...Array.from({ length: 24 }, (_, index) => `${index + 1}`).flatMap((row) => [row, ...(BETWEEN[row] ?? [])]),
  '24b',
  '25',
  '26',
  '26b',
  '27',
  '28',
  '29',
  '30',
  '30b',
  '31',
  '32',
  '32b',
  '33',
  '34',
  '35',
  '36',
  '37',
  '38',
  '39',
  '40',
  '41',
  '42',
]

test('the fault model has its 51 rows', () => {
  expect(ROWS.map(({ row }) => row)).toEqual(NUMBERS)
  expect(NUMBERS).toHaveLength(51)
})

test('at least twenty rows have a mutant that no other row has', () => {
  const lines = ROWS.flatMap(({ row, mutants }) =>
    mutants.map(({ within, from, to }) => ({ row, line: `${within} ${from} ${to}` })),
  )
  const own = lines.filter(({ row, line }) => lines.every((other) => other.row === row || other.line !== line))
  expect(new Set(own.map(({ row }) => row)).size).toBeGreaterThanOrEqual(20)
})

test('docs/fault-model.md says what these rows say', async () => {
  await expect(pageOf(ROWS)).toMatchFileSnapshot(join(ROOT, 'docs/fault-model.md'))
})

describe.each(ROWS.map((row) => [row.row, row] as const))('row %s', (_row, { proofs, mutants, without }) => {
  test('is proven, or says what is missing', () => {
    if (proofs.length === 0 || mutants.length === 0) expect(without).toMatch(/\w/)
    for (const { file, title, table = file } of [...proofs, ...mutants.flatMap(({ seenBy }) => seenBy ?? [])]) {
      expect(existsSync(join(ROOT, file)), file).toBe(true)
      for (const part of title) expect(textOf(table), table).toContain(part)
    }
  })

  test('has mutants whose line is in the source once, or says why it has none', () => {
    if (mutants.length === 0) expect(without).toMatch(/\w/)
    for (const mutant of mutants) expect(() => sources.planted(mutant)).not.toThrow()
  })
})
