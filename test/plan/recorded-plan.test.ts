import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { digestOf } from '../../src/model/digest.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import { readRecordedPlan, requireRecordedPlan } from '../../src/plan/recorded-plan.ts'
import { DEFINITION, evidenceOf, merge } from './material.ts'

const source = fileURLToPath(new URL('../../src', import.meta.url))

test('nothing takes a text for a plan but the one file that reads plans on record', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const texts = files.map((file) => [file, readFileSync(join(source, file), 'utf8')] as const)
  expect(texts.filter(([, text]) => text.includes('JSON.parse(')).length).toBeGreaterThan(20)
  const casts = texts.filter(([, text]) => /JSON\.parse\([^\n]*as [^\n]*\bPlan\b/.test(text))
  expect(casts.map(([file]) => file)).toEqual(['plan/recorded-plan.ts'])
})

test('a plan on record of the second form is shown under its digest, and not carried out', () => {
  const { v: _, inventory: _read, ...rest } = makePlan(DEFINITION, [evidenceOf(1, merge('vlan 120'))]).content
  const content = { ...rest, v: 2 }
  const digest = digestOf(content as never)
  const text = JSON.stringify({
    version: 2,
    digest,
    content,
    evidence: { createdAt: 'then', deviceDiffs: {}, state: { leaf1: { vlan: { '110': 'PROD-WEB' } } } },
  })
  expect(readRecordedPlan(text)).toMatchObject({
    version: 3,
    digest,
    content: { v: 3, inventory: { read: {}, exact: true } },
  })
  expect(() => requireRecordedPlan(text)).toThrow(/made by an earlier eosflow, and binds less than this one demands/)
  expect(() => readRecordedPlan(text.replace('vlan 120', 'vlan 121'))).toThrow(/does not match its digest/)
})
