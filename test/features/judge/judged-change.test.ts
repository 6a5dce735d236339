import { describe, expect, test } from 'vitest'
import { EosflowError } from '../../../src/model/error.ts'
import { shows } from '../../lab/exits.ts'
import { DISCARDS, jsonSaid, judgedLab, queryOf, records, values } from './judged-lab.ts'

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
    await shows(6, lab.change(), 'its value - expected: value <= before * 1.2 + 5, actual: 900, before 100')
  })

  test('an answer that cannot be had after the push confirms nothing', async () => {
    const { lab } = judgedLab((here, nth) => {
      if (nth > 2) throw new EosflowError('unreachable', 'POST https://prometheus.example.com: connection refused')
      return values({ leaf1: 100 })(here, nth)
    })
    await shows(6, lab.change(), /prometheus core could not be judged: .*connection refused/)
  })

  test('one that cannot be had before ends it before anything is sent', async () => {
    const { lab } = judgedLab(() => {
      throw new EosflowError('unreachable', 'POST https://prometheus.example.com: connection refused')
    })
    await shows(10, lab.change(), 'connection refused')
    expect(lab.device('leaf1').requests()).toEqual([])
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

  test('what only observes decides nothing', { tags: ['long', 'turn'] }, async () => {
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
