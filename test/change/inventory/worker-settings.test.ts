import { expect, test } from 'vitest'
import { parseSettings } from '../../../src/project/files/settings/settings.ts'

/** What is wrong with the terms of a worker. */
function faults(workers: string) {
  const read = parseSettings(`version: 1\nworkers: ${workers}\n`, 'eosflow.yaml')
  return read.ok ? [] : read.problems.map(({ message }) => message)
}

test.each([
  ['{}', []],
  ['{ ttl: 2s, beat: 1s }', []],
  ['{ ttl: 300s, beat: 60s }', []],
  ['{ ttl: 1s, beat: 1s }', ['`beat` must be at most half of `ttl`', 'must be from 2s to 5m']],
  ['{ ttl: 0s, beat: 1s }', ['`beat` must be at most half of `ttl`', 'must be from 2s to 5m']],
  ['{ ttl: 30d }', ['must be from 2s to 5m']],
  // A process that is silent for longer than half of its term is dead by the first answer that is late.
  ['{ ttl: 2s }', ['`beat` must be at most half of `ttl`']],
  ['{ ttl: 10s, beat: 60s }', ['`beat` must be at most half of `ttl`']],
  ['{ quarantine: 0s }', ['must be from 10s to 1h']],
  ['{ keepActivations: 1h }', []],
  // Nothing is posted under an id so old: an hour is longer than anybody is held up who lives.
  ['{ keepActivations: 59m }', ['must be from 1h to 8760h']],
  ['{ quarantine: 10s, idleTimeout: 0s }', []],
  ['{ idleTimeout: 2d }', ['must be from 0s to 24h']],
  ['{ beat: -1s }', ['`workers.beat` must be a duration such as 30s, 10m or 1h30m, not the text "-1s"']],
])('the terms of workers: %s', (workers, said) => {
  expect(faults(workers)).toEqual(said)
})
