import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { digestOf } from '../../src/model/digest.ts'
import type { Json } from '../../src/model/json.ts'
import { parsePlan } from '../../src/plan/plan-schema.ts'
import { readRecordedPlan, requireRecordedPlan } from '../../src/plan/recorded-plan.ts'

const source = fileURLToPath(new URL('../../src', import.meta.url))

test('nothing takes a text for a plan but the one file that reads plans on record', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const texts = files.map((file) => [file, readFileSync(join(source, file), 'utf8')] as const)
  expect(texts.filter(([, text]) => text.includes('JSON.parse(')).length).toBeGreaterThan(20)
  const casts = texts.filter(([, text]) => /JSON\.parse\([^\n]*as [^\n]*\bPlan\b/.test(text))
  expect(casts.map(([file]) => file)).toEqual(['plan/recorded-plan.ts'])
})

describe('a plan on record that an earlier eosflow has made', () => {
  /** Only what decides how it is read. */
  const stored = (content: Json): string =>
    JSON.stringify({
      version: 2,
      digest: digestOf(content),
      content,
      evidence: { state: {}, requester: {}, warnings: [] },
    })
  const SECOND = stored({ v: 2, requesters: [], devices: [], warnings: [] })
  const FIRST = stored({ v: 1, devices: [] })

  test.each([
    ['second', SECOND],
    ['first', FIRST],
  ])('of the %s form is shown under its own digest, and does nothing any more', (_form, text) => {
    const { digest, content } = readRecordedPlan(text)
    expect(digest).toBe(JSON.parse(text).digest)
    expect(content).toMatchObject({ v: 3, devices: [], inventory: { read: {}, exact: true } })
    expect(() => requireRecordedPlan(text)).toThrow(
      expect.objectContaining({
        kind: 'stale',
        message: 'the plan on record was made by an earlier eosflow, and binds less than this one demands',
      }),
    )
  })

  test('is not shown where it was altered', () => {
    expect(() => readRecordedPlan(SECOND.replace('"devices":[]', '"devices":[{}]'))).toThrow(
      'does not match its digest',
    )
  })

  test('is refused as a file, by its version', () => {
    const read = parsePlan(SECOND, 'a.plan')
    expect(read.ok ? [] : read.problems.map(({ code, message }) => [code, message])).toEqual([
      [
        'plan-version',
        'a plan file of version 2, which does not say what it has read of the inventory: this eosflow reads version 3',
      ],
    ])
  })
})
