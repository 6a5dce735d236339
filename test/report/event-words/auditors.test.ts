import { expect, test } from 'vitest'
import type { AuditEventBody } from '../../../src/change/record/event/audit-event.ts'
import { eventWords } from '../../../src/report/event-words/table.ts'
import { ALICE } from '../../change/record/one-of-each-event.ts'

const died = {
  type: 'WorkerDied',
  worker: '6a1f',
  kind: 'worker',
  name: 'rack-1',
  sites: ['dc1', 'dc2'],
  version: '0.1.0',
  lastSign: '2026-01-05T07:59:48.000Z',
  declared: '2026-01-05T07:59:59.000Z',
  by: { worker: '7b20', name: 'rack-2' },
} as const
const { name: _, by: __, ...older } = died
const asked = {
  type: 'DrainRequested',
  principal: ALICE,
  worker: '6a1f',
  name: 'rack-1',
  sites: ['dc1'],
  version: '0.1.0',
} as const

test.each<[AuditEventBody & { readonly type: 'WorkerDied' | 'DrainRequested' }, string]>([
  [
    died,
    'the worker rack-1 (6a1f) is dead: its last sign of life was at 2026-01-05T07:59:48.000Z · declared at 2026-01-05T07:59:59.000Z by rack-2 (7b20) · for dc1 dc2 · eosflow 0.1.0',
  ],
  [
    { ...older, kind: 'client', sites: [] },
    'the client 6a1f is dead: its last sign of life was at 2026-01-05T07:59:48.000Z · declared at 2026-01-05T07:59:59.000Z · eosflow 0.1.0',
  ],
  [asked, `${ALICE.id} asked the worker rack-1 (6a1f) to drain · for dc1 · eosflow 0.1.0`],
])('what %o says', (event, words) => {
  expect(eventWords(event)).toBe(words)
})
