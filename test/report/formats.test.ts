import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const report = fileURLToPath(new URL('../../src/report', import.meta.url))
test("JUnit's XML is written in one file", () => {
  const src = join(report, '..')
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  expect(files.length).toBeGreaterThan(1400)
  expect(files.filter((file) => readFileSync(join(src, file), 'utf8').includes('<testsuite'))).toEqual([
    join('report', 'text', 'junit.ts'),
  ])
})
