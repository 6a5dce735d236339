import { describe, expect, test } from 'vitest'
import { digestsOf, footprintOf } from '../../simulate/footprint.ts'
import { differenceOf, RECORDED_SEEDS, readRecorded } from '../../simulate/recorded-digests.ts'
import { runSeeds } from '../../simulate/run-seeds.ts'

describe('the recorded histories', () => {
  test('the recorded ones among many are compared while they are lived through, under the checker', {
    tags: ['long', 'turn'],
  }, async () => {
    const { histories, compared, differences } = await runSeeds({ from: RECORDED_SEEDS - 1, count: 4, compared: true })
    expect([histories, compared, differences]).toEqual([4, 2, []])
    expect(differenceOf(readRecorded(), 3, await digestsOf(4))).toEqual({
      seed: 3,
      parts: ['requests', 'ends', 'records'],
    })
  })

  test('each seed is recorded, and seeds differ', () => {
    const { digests, reason } = readRecorded()
    expect(reason).not.toBe('')
    const requests = digests.requests.flatMap((line) => line.split(' '))
    const records = digests.records.flatMap((line) => line.split(' '))
    expect([requests.length, records.length]).toEqual([RECORDED_SEEDS, RECORDED_SEEDS])
    expect(requests.every((digest) => /^[0-9a-f]{8}$/.test(digest))).toBe(true)
    expect(new Set(records).size).toBeGreaterThan(0.9 * RECORDED_SEEDS)
  })

  test('what is compared is what the switches are asked, in order, how executions end, and every record', async () => {
    const { requests, ends, records } = await footprintOf(1, {
      switches: [{ name: 'sw1', eos: '4.31.4M' }],
      waves: [1],
      transport: 'eapi',
      disturbances: [],
      approving: 'at once',
      purpose: 'run',
      weather: { refused: 0, lost: 0, 'answer lost': 0, slow: 0, late: 0 },
      cuts: false,
      rollsBack: false,
    })
    expect(ends).toEqual(['main succeeded, sw1 changed'])
    expect(requests[0]).toBe('sw1')
    const verbs = requests.slice(1).map((line) => line.split('\n')[0])
    expect(verbs.filter((verb) => !/ (look|read|plan|replay)$/.test(verb ?? ''))).toEqual([
      'main stage',
      'main arm',
      'main confirm',
      'main save',
    ])
    expect(requests.find((line) => line.startsWith('main arm'))).toMatch(
      /^configure session eosflow-#\d+-\d commit timer 00:05:00$/m,
    )
    expect(records.length).toBeGreaterThan(40)
    expect(records[0]).toContain('"type":"ExecutionStarted"')
    expect(records.filter((line) => /"(?:message|hint|detail|comment)":/.test(line))).toEqual([])
  })
})
