import { describe, expect, test } from 'vitest'
import type { Notes } from '../../../src/change/record/store/notes.ts'
import { DriftSeen, seenDrift } from '../../../src/doors/http/jobs/drift-seen.ts'
import { ANN, openLab, whileTimePasses } from '../../lab/lab.ts'

const [EARLY, LATE] = ['2026-01-05T08:00:00.000Z', '2026-01-05T09:00:00.000Z']

/** What comparisons have found, by the names of the switches. */
function seenOf(found: Readonly<Record<string, string>>, at = EARLY) {
  const seen = new DriftSeen()
  const error = { kind: 'unreachable', message: 'no answer' }
  const devices = Object.entries(found).map(([name, state]) =>
    state === 'unread' ? { name, state, error } : { name, state },
  )
  void seen.take({ devices }, at)
  return seen
}

const all = (seen: DriftSeen, ...names: readonly string[]) => seenDrift(names.flatMap((name) => seen.of(name) ?? []))

describe('what was found when switches were compared last', () => {
  test('counts no switch that did not answer or was never confirmed as one that is as it was', () => {
    const seen = seenOf({ leaf1: 'same', leaf2: 'unread', leaf3: 'unknown' })
    expect([all(seen, 'leaf1', 'leaf2', 'leaf3', 'leaf4'), all(seen, 'leaf2', 'leaf3')]).toEqual([
      { compared: 1, differs: 0, same: 1, neverConfirmed: 1, unread: 1, at: EARLY },
      { compared: 0, differs: 0, same: 0, neverConfirmed: 1, unread: 1, at: EARLY },
    ])
  })

  test('is as old as the first of these looks', () => {
    const seen = seenOf({ leaf1: 'same', leaf2: 'differs' })
    void seen.take({ devices: [{ name: 'leaf1', state: 'same' }] }, LATE)
    expect(all(seen, 'leaf1', 'leaf2')).toEqual({
      compared: 2,
      differs: 1,
      same: 1,
      neverConfirmed: 0,
      unread: 0,
      at: EARLY,
    })
  })

  test('says nothing of a switch on which a change was confirmed since', () => {
    const seen = seenOf({ leaf1: 'differs' })
    expect([seen.of('leaf1', LATE), seen.of('leaf1', EARLY)?.drift.state, seen.of('leaf1')?.at]).toEqual([
      undefined,
      'differs',
      EARLY,
    ])
  })
})

test('what one look has found is kept for other servers at once, without known secrets', async () => {
  const kept: unknown[] = []
  const setAll: Notes['setAll'] = async (...given) => void kept.push(given)
  const notes = { setAll } as Partial<Notes> as Notes
  const scrub = (text: string) => text.replaceAll('s3cret', '***')
  const failed = (_: string, error: unknown) => void kept.push(error)
  const devices = [
    { name: 'leaf1', state: 'differs', why: 's3cret' },
    { name: 'leaf2', state: 'same' },
  ]
  await new DriftSeen({ notes, scrub, failed }).take({ devices }, EARLY)
  const texts = new Map([
    ['leaf1', `{"version":1,"at":"${EARLY}","device":{"name":"leaf1","state":"differs","why":"***"}}`],
    ['leaf2', `{"version":1,"at":"${EARLY}","device":{"name":"leaf2","state":"same"}}`],
  ])
  expect(kept).toEqual([['drift', texts, { lasts: 604_800_000 }]])
})

test('no page shows what was found before a change was confirmed as if it were of what is confirmed now', async () => {
  const bench = await openLab().serve()
  const ann = bench.browser(ANN)
  const { json } = await ann.post('/api/v1/executions', { workflow: 'workflow.yaml' })
  const id = String(json.execution)
  await ann.waits(id)
  const source = { kind: 'snapshot', name: 'one' }
  const found = { name: 'leaf1', state: 'differs', source, since: EARLY, config: [], unsaved: false }
  await bench.front.drift.take({ devices: [found] }, new Date(bench.lab.clock.now()).toISOString())
  const shown = async () => {
    const [overview, list, one] = [await ann.get('/'), await ann.get('/switches'), await ann.get('/switches/leaf1')]
    return [
      overview.text.includes('1 of 1 compared drifted'),
      list.text.includes('none in an unknown state, 1 compared: 1 differs'),
      one.text.includes('It differs: '),
    ]
  }
  expect(await shown()).toEqual([true, true, true])
  await whileTimePasses(bench.lab.clock, bench.lab.clock.sleep(1_000))
  const end = { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } } as const
  await bench.app.store.as(ANN).append(id, [end])
  expect(await shown()).toEqual([false, false, false])
})
