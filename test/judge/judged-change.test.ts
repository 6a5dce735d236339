import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../src/journal/event.ts'
import { EosflowError } from '../../src/model/error.ts'
import type { HttpAnswer } from '../../src/model/http-port.ts'
import { type Lab, startLab } from '../e2e/in-memory.ts'
import { fakeHttp, jsonSaid, queryOf, vectorAnswer } from './fake-prometheus.ts'

const SETTINGS = `version: 1
http:
  key: '\${env:HTTP_KEY}'
  hosts: [{ origin: 'https://prometheus.example.com', secrets: ['\${env:PROM_TOKEN}'] }]
judges:
  core:
    url: https://prometheus.example.com
    headers: { authorization: 'Bearer \${env:PROM_TOKEN}', X-Scope-OrgID: net }
    scrape: 5s
`

const QUERY = `sum by (instance) (rate(ifOutDiscards{instance=~"{{ device.name }}"}[20s]))`

const workflow = (judge: string, targets: string, stableFor: string): string => `name: judged
targets: ${targets}
change: { lines: ['vlan 998', '   name TESTED'] }
steps:
  - snapshot: { state: [vlan], neighbors: 0 }
  - plan
  - approve
  - push: { confirmWithin: 10m }
  - verify:
      within: 2m
      stableFor: ${stableFor}
      every: 5s
      judges:
        - ${judge}
  - confirm
`

const DISCARDS = `{ prometheus: core, query: '${QUERY}', good: 'value <= before * 1.2 + 5', empty: fail, by: instance }`

type Said = (lab: Lab, nth: number) => HttpAnswer

/** A lab whose monitoring system says what a function does. */
function judgedLab(said: Said, { judge = DISCARDS, targets = 'leaf1', stableFor = '10s' } = {}) {
  const fake = fakeHttp((_request, nth) => said(lab, nth))
  const lab: Lab = startLab({
    workflow: workflow(judge, targets, stableFor),
    files: { 'eosflow.yaml': SETTINGS },
    env: { HTTP_KEY: 'k'.repeat(64), PROM_TOKEN: 'wren-2210-secret' },
    seams: (seams) => ({ ...seams, http: () => fake.http }),
  })
  return { lab, seen: fake.seen }
}

const values =
  (...each: readonly Readonly<Record<string, number>>[]): Said =>
  (lab, nth) => {
    const now = each[Math.min(nth, each.length) - 1] ?? {}
    const series = Object.entries(now).map(([instance, value]) => [{ instance }, String(value)] as const)
    return jsonSaid(vectorAnswer(lab.clock.now(), 'instance', series))
  }

async function records(lab: Lab): Promise<readonly JournalEvent[]> {
  return JSON.parse((await lab.eosflow('history', '@latest', '--json')).out)
}

describe('a change is judged by a monitoring system', () => {
  test('it is confirmed when the values are as before, measured once before the push', async () => {
    const { lab, seen } = judgedLab(values({ leaf1: 100 }))
    const { code, out } = await lab.change()
    expect([code, out]).toEqual([0, expect.stringContaining('succeeded')])
    const events = await records(lab)
    const types = events.map(({ type }) => type)
    expect(types.filter((type) => type === 'JudgesMeasured')).toHaveLength(1)
    const armed = events.findIndex((one) => one.type === 'ActIntended' && one.act === 'arm')
    expect([types.indexOf('JudgesMeasured') < armed, armed > 0]).toEqual([true, true])
    expect(events.flatMap((one) => (one.type === 'VerdictGiven' ? [[one.check, one.verdict.status]] : []))).toEqual([
      ['prometheus core', 'error'],
      ['prometheus core', 'pass'],
    ])
    expect(queryOf(seen[0] ?? { name: '', method: 'GET', url: '', headers: {}, milliseconds: 0 })).toBe(
      '(sum by (instance) (rate(ifOutDiscards{instance=~"leaf1"}[20s]))\n) or label_replace(min by (instance) (timestamp(ifOutDiscards{instance=~"leaf1"})), "eosflow", "sample 1", "", "") or label_replace(vector(time()), "eosflow", "now", "", "")',
    )
    expect(seen[0]?.headers).toMatchObject({ authorization: `Bearer \${env:PROM_TOKEN}`, 'x-scope-orgid': 'net' })
  })

  test('it is put back when they are worse', async () => {
    const { lab } = judgedLab(values({ leaf1: 100 }, { leaf1: 100 }, { leaf1: 900 }))
    const { code, out, err } = await lab.change()
    expect([code, out + err]).toEqual([
      6,
      expect.stringContaining('its value - expected: value <= before * 1.2 + 5, actual: 900, before 100'),
    ])
  })

  test('an answer that cannot be had after the push confirms nothing', async () => {
    const { lab } = judgedLab((here, nth) => {
      if (nth > 2) throw new EosflowError('unreachable', 'POST https://prometheus.example.com: connection refused')
      return values({ leaf1: 100 })(here, nth)
    })
    const { code, out, err } = await lab.change()
    expect([code, out + err]).toEqual([
      6,
      expect.stringMatching(/prometheus core could not be judged: .*connection refused/),
    ])
  })

  test('one that cannot be had before ends it before anything is sent', async () => {
    const { lab } = judgedLab(() => {
      throw new EosflowError('unreachable', 'POST https://prometheus.example.com: connection refused')
    })
    const { code, out, err } = await lab.change()
    expect([code, out + err]).toEqual([10, expect.stringContaining('connection refused')])
    expect(lab.fabric.device('leaf1').requests()).toEqual([])
  })

  test('a query that it refuses is a fault of the workflow, at its place', async () => {
    const error = 'invalid parameter "query": 1:9: parse error: unexpected ")"'
    const { lab } = judgedLab(() => jsonSaid({ status: 'error', errorType: 'bad_data', error }, { status: 400 }))
    const { code, err } = await lab.change()
    expect([code, err]).toEqual([
      3,
      expect.stringContaining(
        'workflow.yaml:14:39: prometheus core refuses the query: at character 8: parse error: unexpected ")"',
      ),
    ])
  })

  test('what only observes decides nothing', async () => {
    const { lab } = judgedLab(values({ leaf1: 100 }, { leaf1: 100 }, { leaf1: 900 }), {
      judge: DISCARDS.replace('by: instance', 'by: instance, mode: observe'),
      stableFor: '40s',
    })
    const { code } = await lab.change()
    const events = await records(lab)
    expect(code).toBe(0)
    expect(events.flatMap((one) => (one.type === 'VerdictGiven' ? [one.verdict] : [])).at(-1)).toEqual({
      status: 'skip',
      reason: 'only observed, it would fail: its value - expected: value <= before * 1.2 + 5, actual: 900, before 100',
    })
  })
})
