import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { type JudgeAnswer, judgeVerdict, readRulesAnswer } from '../../../src/features/judge/reading.ts'
import { openJudges, requireJudge } from '../../../src/features/judge/rounds.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { EosflowError } from '../../../src/model/error.ts'
import type { Json } from '../../../src/model/json.ts'
import type { AlertJudge, QueryJudge } from '../../../src/model/judge.ts'
import { jsonSaid } from './judged-lab.ts'

const QUERY: QueryJudge = {
  judge: 'prometheus',
  service: 'core',
  url: 'https://prometheus.example.com',
  scrape: 15,
  query: 'up',
  good: 'value = 1',
  empty: 'pass',
  maxAge: 60,
  window: 0,
  by: 'instance',
  switches: { leaf1: ['leaf1'] },
}

const reading = (age: number, instance = 'leaf1'): JudgeAnswer => ({
  ok: true,
  reading: {
    judge: 'prometheus',
    lag: 0,
    series: [{ labels: { instance }, value: 1 }],
    samples: [{ labels: { instance }, age }],
  },
})

/** A port over one judge that answers so; what it puts on record, and the texts. */
function portOver(judge: QueryJudge, ask: () => Promise<JudgeAnswer>) {
  const appended: EventBody[] = []
  const texts: string[] = []
  const record = { noted: () => ({}), append: async (event: EventBody) => void appended.push(event) }
  const kept = { put: async (text: string) => `blob:${texts.push(text)}`, get: async () => '[]' }
  const port = openJudges({ specs: [judge], ask }, { clock: new VirtualClock(), texts: kept as never }, record)
  return { port, appended, texts }
}

const at = (signal: AbortSignal) => ({ device: 'leaf1', among: '', open: async () => [], signal })
const going = (): AbortSignal => new AbortController().signal

describe('before the first push', () => {
  test('what it says is put on record once for all who ask', async () => {
    const { port, appended, texts } = portOver(QUERY, async () => reading(4))
    await Promise.all([port.push(at(going())), port.push(at(going())), port.push(at(going()))])
    expect(appended).toEqual([{ type: 'JudgesMeasured', judges: ['prometheus core'], before: 'blob:1', series: 1 }])
    expect(texts).toEqual(['[{"[[\\"instance\\",\\"leaf1\\"]]":1}]'])
  })

  test.each<readonly [string, JudgeAnswer, string]>([
    [
      'it cannot be read',
      { ok: false, reason: 'it answers 502' },
      'prometheus core cannot be relied on: it answers 502',
    ],
    [
      'its samples are old',
      reading(61),
      'prometheus core cannot be relied on: its newest sample is older than `maxAge` allows (1m)',
    ],
    [
      'it is of another switch',
      reading(4, 'leaf9'),
      'prometheus core cannot be relied on: series belong to no switch of this change: instance="leaf9"',
    ],
  ])('%s: nothing is sent, unless it only observes', async (_, answer, message) => {
    const deciding = portOver(QUERY, async () => answer)
    await expect(deciding.port.push(at(going()))).rejects.toMatchObject({ kind: 'protocol', message })
    expect(deciding.appended).toEqual([])
    const observing = portOver({ ...QUERY, mode: 'observe' }, async () => answer)
    await observing.port.push(at(going()))
    expect(observing.texts).toEqual(['[null]'])
  })

  test('a defect of eosflow is one of what only observes, too', async () => {
    const { port } = portOver({ ...QUERY, mode: 'observe' }, async () => Promise.reject(new EosflowError('bug', 'odd')))
    await expect(port.push(at(going()))).rejects.toMatchObject({ kind: 'bug' })
    await expect(port.round('leaf1', { begun: 0, since: 0 }, going())).rejects.toMatchObject({ kind: 'bug' })
  })

  test('samples of just the age that is allowed are good', async () => {
    expect(await requireJudge({ ask: async () => reading(60) }, QUERY)).toMatchObject({ judge: 'prometheus' })
  })
})

describe('who stops waits for no answer', () => {
  test('whether the stop comes before or meanwhile', async () => {
    const { port } = portOver(QUERY, () => new Promise(() => undefined))
    const stop = new AbortController()
    const waiting = port.round('leaf1', { begun: 0, since: 0 }, stop.signal)
    // It is asked by then.
    await new Promise((resolve) => setImmediate(resolve))
    stop.abort(new EosflowError('cancelled', 'stopped'))
    await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' })
    await expect(port.push(at(stop.signal))).rejects.toMatchObject({ kind: 'cancelled' })
  })
})

describe('alerts', () => {
  const ALERTS: AlertJudge = {
    judge: 'alerts',
    service: 'core',
    url: 'https://p.example.com',
    scrape: 15,
    labels: { a: 'b' },
  }
  const NOW = Date.parse('2026-11-26T10:00:00Z')
  const rules = (groups: Json) => {
    const answer = jsonSaid(
      { status: 'success', data: { groups } },
      { headers: { date: 'Thu, 26 Nov 2026 10:00:00 GMT' } },
    )
    const read = readRulesAnswer(ALERTS, answer, { asked: NOW, heard: NOW })
    return read.ok ? 'read' : read.reason
  }

  test('without what fired before nothing can be new', async () => {
    const moment = { device: 'leaf1', since: 60, before: undefined }
    expect(await judgeVerdict(ALERTS, { judge: 'alerts', lag: 0, firing: [], evaluated: 1 }, moment)).toEqual({
      status: 'error',
      reason: 'what fired before the change is not known',
    })
    expect((await judgeVerdict(ALERTS, { judge: 'prometheus', lag: 0, series: [], samples: [] }, moment)).status).toBe(
      'error',
    )
  })

  test.each<readonly [string, Json]>([
    ['a group that is a text', ['x']],
    ['a group without rules', [{ interval: 15 }]],
    ['a group without an interval', [{ rules: [] }]],
    ['an interval of nothing', [{ interval: 0, rules: [] }]],
    ['a rule that is a text', [{ interval: 15, rules: ['x'] }]],
    ['a rule without a name', [{ interval: 15, rules: [{ type: 'alerting', health: 'ok', alerts: [] }] }]],
    [
      'labels that are no texts',
      [{ interval: 15, rules: [{ type: 'alerting', name: 'x', health: 'ok', labels: { a: 1 }, alerts: [] }] }],
    ],
    [
      'no alerts',
      [
        {
          interval: 15,
          rules: [{ type: 'alerting', name: 'x', health: 'ok', lastEvaluation: '2026-11-26T09:59:59Z' }],
        },
      ],
    ],
  ])('are not read of %s', (_, groups) => {
    expect(rules(groups)).toBe('its answer holds something that is no group of rules')
  })
})
