import { describe, expect, test } from 'vitest'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import { RecordMetrics } from '../../../src/doors/http/metrics/process-metrics.ts'
import { RecordCounts } from '../../../src/doors/http/metrics/record-counts.ts'
import { driftWords, sumOfDrift } from '../../../src/report/drift/drift.ts'
import { eventWords } from '../../../src/report/event-words/table.ts'
import { ANN, openLab } from '../../lab/lab.ts'

const WORDS = '0 compared: 2 never confirmed'
const SETTINGS = `version: 1
notify:
  targets: [{ name: ops, exec: [/bin/true] }]
schedules:
  - { name: nightly, cron: '*/5 * * * *', tz: UTC, do: drift, on: 'leaf1 or leaf2' }
`

describe('a comparison of nothing says so in the same words', () => {
  test('[E5] on the command line, in its document, on record and as what a schedule has done: none of it is good', async () => {
    const lab = openLab({ files: { 'eosflow.yaml': SETTINGS } })
    const shown = await lab.eosflow('drift -t', 'leaf1 or leaf2')
    expect([shown.code, shown.out.split('\n').at(-3)]).toEqual([10, `Drift: 2 switches, ${WORDS}`])
    const document = JSON.parse((await lab.eosflow('drift -t', 'leaf1 or leaf2', '--json')).out)
    expect(document).toMatchObject({
      version: 1,
      words: WORDS,
      sum: { compared: 0, differs: 0, same: 0, neverConfirmed: 2, unread: 0 },
    })
    await lab.eosflow('schedule run')
    await lab.clock.advance(310_000)
    const due = await lab.eosflow('schedule run')
    expect([due.code, due.out.includes(`· failed · 2 switches, ${WORDS}\n`)]).toEqual([6, true])
    const records = await lab.eosflow('audit list')
    expect(records.out.split('\n').filter((line) => line.endsWith(WORDS))).toHaveLength(4)
  })

  test('[E5] on the pages', async () => {
    const bench = await openLab().serve()
    const ann = bench.browser(ANN)
    await bench.front.drift.take(
      { devices: [{ name: 'leaf1', state: 'unknown' }] },
      new Date(bench.lab.clock.now()).toISOString(),
    )
    const [overview, list] = [await ann.get('/'), await ann.get('/switches')]
    const words = '0 compared: 1 never confirmed'
    expect([overview.text.includes(words), list.text.includes(words)]).toEqual([true, true])
  })

  test('[E5] in the measures: no switch is said to be as it was', async () => {
    const [counts, metrics] = [new RecordCounts(), new RecordMetrics()]
    const heard = async (body: EventBody) => {
      const event: JournalEvent = { ...body, v: 1, seq: 1, at: '2026-01-05T08:00:00.000Z', actor: 'a', execution: 'x1' }
      metrics.take(1, counts.heed(event))
      const text = await metrics.registry.metrics()
      return text.split('\n').filter((line) => line.startsWith('eosflow_switches_'))
    }
    const nothing = {
      type: 'DriftCompared',
      differs: [],
      same: [],
      unconfirmed: ['leaf1', 'leaf2'],
      unread: [],
    } as const
    expect(await heard(nothing)).toEqual(['eosflow_switches_never_confirmed 2'])
    expect(await heard({ type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } })).toEqual([
      'eosflow_switches_never_confirmed 1',
    ])
    const some = { ...nothing, same: ['leaf2'], unconfirmed: [] }
    expect(await heard(some)).toEqual(['eosflow_switches_drifted 0', 'eosflow_switches_never_confirmed 0'])
  })
})

test('what a comparison has found in words', () => {
  const source = { kind: 'snapshot' } as const
  const found = { differs: 1, same: 3, inSnapshot: 1, neverConfirmed: 2, unread: 1, compared: 4 }
  const states = ['differs', 'same', 'same', 'unknown', 'unknown', 'unread'] as const
  expect(sumOfDrift([...states.map((state) => ({ state })), { state: 'same', source }])).toEqual(found)
  expect(
    [found, { ...found, compared: 0, differs: 0, same: 0, inSnapshot: 0, neverConfirmed: 0 }].map(driftWords),
  ).toEqual([
    '4 compared: 1 differs, 2 as confirmed, 1 as in a snapshot and confirmed by no change; 2 never confirmed, 1 not read',
    '0 compared: 1 not read',
  ])
  const at = { v: 1, seq: 1, at: '2026-01-05T08:00:00.000Z', actor: 'a' } as const
  expect(
    eventWords({ ...at, type: 'DriftCompared', differs: ['leaf1'], same: ['leaf2'], unconfirmed: ['leaf3'] }),
  ).toBe('2 compared: 1 differs, 1 as confirmed; 1 never confirmed; differs: leaf1')
})
