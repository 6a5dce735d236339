import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const report = fileURLToPath(new URL('../../src/report', import.meta.url))
const FORMATS = ['csv', 'dot', 'html', 'json', 'junit', 'markdown', 'mermaid', 'text']
const documents = readdirSync(report, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(report, entry.name, 'formats.ts')))
  .map(({ name }) => name)

describe('the formats of a document', () => {
  test('there are documents with several', () => {
    expect(documents.sort()).toEqual([
      'answers',
      'backup',
      'check-results',
      'comply',
      'drift',
      'execution',
      'facts',
      'graph',
      'invariants',
      'plan',
      'recover',
      'rehearsal',
      'sessions',
      'snapshot-diff',
      'test-results',
    ])
  })

  test.each(documents)('of %s are in one table, and each has a file', async (document) => {
    const tables = Object.values(await import(`../../src/report/${document}/formats.ts`)) as Record<string, unknown>[]
    const files = readdirSync(join(report, document)).map((file) => file.replace(/\.ts$/, ''))
    expect(tables.map((table) => Object.keys(table).sort())).toEqual([
      files.filter((file) => FORMATS.includes(file)).sort(),
    ])
    expect(Object.values(tables[0] ?? {}).map((write) => typeof write)).toEqual(
      Object.keys(tables[0] ?? {}).map(() => 'function'),
    )
  })

  test("JUnit's XML is written in one file", () => {
    const src = join(report, '..')
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    expect(files.length).toBeGreaterThan(1400)
    expect(files.filter((file) => readFileSync(join(src, file), 'utf8').includes('<testsuite'))).toEqual([
      join('report', 'text', 'junit.ts'),
    ])
  })
})
