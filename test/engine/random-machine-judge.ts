import { expect } from 'vitest'
import { runMachines, told } from './random-machine-check.ts'

/** Events that thousands of machines must have come to, so that a law about them is no empty one. */
const MUST_BE_SEEN = [
  'TaskSucceeded',
  'TaskFailed',
  'TaskTimedOut',
  'TaskSubmitted',
  'TaskHeartbeat',
  'MapStarted',
  'MapFailed',
  'ParallelStarted',
  'ParallelFailed',
  'WaitStarted',
  'EvaluationFailed',
  'RetryScheduled',
  'StateAborted',
  'TaskUndoFinished',
  'UndoFinished',
  'CompensationStarted',
]

/** Runs the machines of these seeds and expects that none of them breaks a law. */
export async function judgeMachines(from: number, count: number): Promise<void> {
  const started = performance.now()
  const { machines, resumed, redriven, events, outcomes, types, counterexamples } = await runMachines({ from, count })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const ends = Object.entries(outcomes).map(([name, times]) => `${name} ${times}`)
  const runs = `${machines} machines, seeds ${from} to ${from + count - 1}, ${resumed} kills, ${redriven} redriven, ${events} events`
  process.stdout.write(`random machines: ${runs}, ${seconds} s: ${ends.join(', ')}\n`)
  expect(counterexamples.map(told).slice(0, 5).join('\n')).toBe('')
  expect(machines).toBe(count)
  expect(resumed).toBeGreaterThan(2 * count)
  expect(redriven).toBeGreaterThan(count / 20)
  expect(Object.keys(types)).toEqual(expect.arrayContaining(MUST_BE_SEEN))
}
