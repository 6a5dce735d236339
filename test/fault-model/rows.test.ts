import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pageOf } from './page.ts'
import { Sources } from './planted.ts'
import { ROWS } from './rows.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const sources = new Sources()
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8')

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

describe.each(ROWS.map((row) => [row.row, row] as const))('row %s', (_row, { mutants, without }) => {
  test('names tests that are there for its mutants', () => {
    for (const { file, title, table = file } of mutants.flatMap(({ seenBy }) => seenBy ?? [])) {
      expect(existsSync(join(ROOT, file)), file).toBe(true)
      for (const part of title) expect(textOf(table), table).toContain(part)
    }
  })

  test('has mutants whose line is in the source once, or says why it has none', () => {
    if (mutants.length === 0) expect(without).toMatch(/\w/)
    for (const mutant of mutants) expect(() => sources.planted(mutant)).not.toThrow()
  })
})
