import { expect, test } from 'vitest'
import { secretRecord } from '../../src/app/execution/secret-record.ts'
import type { Project } from '../../src/app/project/project.ts'
import type { EventBody } from '../../src/journal/event.ts'
import { partOf } from '../lab/part-of.ts'

const A = `\${vault:kv/data/net#a}`

/** What is on record after these were asked for, in a project that is made so. */
async function recorded(project: { policyPresent: boolean; exec: object; vault?: object }) {
  const events: EventBody[] = []
  const { policyPresent, ...secrets } = project
  const record = secretRecord(partOf<Project>({ policyPresent, settings: { secrets } }))
  await record.resolved({ reference: A })
  record.writeTo({ append: async (...bodies) => void events.push(...bodies) })
  await record.resolved({ reference: A, version: 3, goodUntil: Date.parse('2026-11-20T12:00:00Z') })
  await record.resolved({ reference: A, version: 3 })
  await record.resolved({ reference: A, version: 4 })
  await record.resolved({ reference: A, reason: 'Vault is sealed' })
  await record.resolved({ reference: A, reason: 'Vault is sealed' })
  return events
}

test('each reference and version is put on record once, and why one was not had', async () => {
  const all = [
    { type: 'SecretResolved', reference: A, outcome: 'ok', version: '3', until: '2026-11-20T12:00:00.000Z' },
    { type: 'SecretResolved', reference: A, outcome: 'ok', version: '4' },
    { type: 'SecretResolved', reference: A, outcome: 'failed', reason: 'Vault is sealed' },
  ]
  expect(await recorded({ policyPresent: true, exec: {} })).toEqual(all)
  expect(await recorded({ policyPresent: false, exec: {}, vault: {} })).toEqual(all)
  expect(await recorded({ policyPresent: false, exec: { pass: {} } })).toEqual(all)
  expect(await recorded({ policyPresent: false, exec: {} })).toEqual([])
})
