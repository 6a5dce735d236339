import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { draftOf, withoutSecrets } from '../../../src/change/record/event/record-text.ts'
import { openStore } from '../../../src/change/record/sqlite/open-store.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { asJson, partOf, temporaryFolder } from '../../lab/lab.ts'
import { asAlice, KEY } from './sqlite/open-for-test.ts'

const scrub = (text: string) => text.replaceAll('314159265358', '<redacted>').replaceAll('s3cr3t', '<redacted>')

test('every text, name and number within an event is scrubbed, and its own members keep their names', () => {
  const event: EventBody = {
    type: 'StateExited',
    path: '',
    state: 'Ask',
    output: { 'x-s3cr3t': ['a s3cr3t', 314159265358, 42, true, null, { deep: { deeper: 's3cr3ts3cr3t' } }] },
  }
  expect(withoutSecrets(event, scrub)).toEqual({
    type: 'StateExited',
    path: '',
    state: 'Ask',
    output: {
      'x-<redacted>': ['a <redacted>', '<redacted>', 42, true, null, { deep: { deeper: '<redacted><redacted>' } }],
    },
  })
})

test('what is no JSON is left to be refused', () => {
  const event = partOf<EventBody>({ type: 'StateExited', path: '', state: 'Ask', output: asJson(new Map([['a', 1]])) })
  const envelope = { v: 1, at: '2026-11-20T00:00:00.000Z', actor: 'local:1:a@b' } as const
  expect(() => draftOf(envelope, withoutSecrets(event, scrub))).toThrow('not a JSON value')
})

test('a store gives back what it has written down: nobody goes on with more than is on record', async () => {
  const folder = temporaryFolder()
  const store = await openStore({
    path: join(folder, 'store.db'),
    installKey: KEY,
    clock: new VirtualClock(),
    scrub,
  })
  onTestFinished(() => store.close())
  const exited = { type: 'StateExited', path: '', state: 'Ask', output: { token: 's3cr3t' } } as const
  const [written] = await asAlice(store).append('20261120-080000-00000001', [exited], 0)
  expect(written).toMatchObject({ output: { token: '<redacted>' } })
  expect(await store.read('20261120-080000-00000001')).toEqual([written])
  const files = readdirSync(folder)
  expect(files).toContain('store.db-wal')
  for (const file of files) expect(readFileSync(join(folder, file)).includes('s3cr3t'), file).toBe(false)
})
