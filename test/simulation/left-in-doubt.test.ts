import { expect, test } from 'vitest'
import { requireNobodyLost } from '../../simulate/checker/journal-rules.ts'
import { newOnDevice, type OfExecution } from '../../simulate/checker/record.ts'
import { runSeed } from '../../simulate/run-seed.ts'
import { partOf } from '../lab/part-of.ts'
import { quiet, striking } from './later-mutants.ts'

/** Of two waves the switch of the first is out of reach from its timed commit on, for longer than anybody waits for it. */
const SILENT = quiet([striking('outage', 'after ActFinished arm', 0.999)], {
  switches: [
    { name: 'sw1', eos: '4.31.4M' },
    { name: 'sw2', eos: '4.31.4M' },
  ],
  atomic: 'wave',
  maxFailures: 1,
})

test('a rollout that tolerates a failure ends at a switch that ends unknown', { tags: ['long', 'turn'] }, async () => {
  const ended: unknown[] = []
  for (const seed of [1, 2, 3]) {
    const { violation, outcomes } = await runSeed(seed, { fixed: { transport: 'eapi', commits: 'alone', ...SILENT } })
    ended.push(violation, ...outcomes)
  }
  expect(ended).toEqual([undefined, 'unknown', undefined, 'unknown', undefined, 'unknown'])
})

test('I55 is broken by a wave behind such a switch, and by none behind one that was put back', () => {
  const behind = (end: string) =>
    requireNobodyLost(partOf<OfExecution>({ id: 'e1', devices: new Map([['sw1', { ...newOnDevice(), end }]]) }))
  expect(() => behind('unknown')).toThrow('I55: e1: a wave begins behind sw1, which ended unknown')
  expect(() => behind('reverted')).not.toThrow()
})
