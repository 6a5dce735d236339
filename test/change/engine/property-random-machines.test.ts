import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { extent, isWhole } from '../../extent.ts'
import { type Report, runMachines, told } from './random-machine-check.ts'

/** `npm run soak -- machines` runs more of them. */
const MACHINES = extent(8, 3_000)
/** The eight from here on come to each of the events below. */
const FROM = extent(10, 1)
const PART = fileURLToPath(new URL('random-machine-process.ts', import.meta.url))

/** Events that the machines must have come to, so that no law is an empty one. */
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

type Part = Omit<Report, 'counterexamples'> & { readonly counterexamples: readonly string[] }

/** Machines by seed, in a process of its own, so that all cores work; a few are run here. */
async function part(from: number, count: number) {
  if (!isWhole) {
    const { counterexamples, ...report } = await runMachines({ from, count })
    return { ...report, counterexamples: counterexamples.map(told) }
  }
  const given = ['--import', 'tsx', PART, String(count), String(from)]
  const { stdout } = await promisify(execFile)(process.execPath, given, { maxBuffer: 1 << 28 })
  return JSON.parse(stdout) as Part
}

test(`${MACHINES} random machines keep the laws of the engine, killed, resumed and redriven`, {
  timeout: 600_000,
}, async () => {
  const cores = extent(1, Math.min(4, availableParallelism()))
  const size = Math.ceil(MACHINES / cores)
  const started = performance.now()
  const parts = await Promise.all(
    Array.from({ length: cores }, (_, index) => {
      return part(FROM + index * size, Math.min(size, MACHINES - index * size))
    }),
  )
  const sum = (of: (one: Part) => number) => parts.reduce((total, one) => total + of(one), 0)
  const machines = sum((one) => one.machines)
  const [resumed, redriven] = [sum((one) => one.resumed), sum((one) => one.redriven)]
  const seconds = Math.round((performance.now() - started) / 1000)
  const runs = `seeds ${FROM} to ${FROM + MACHINES - 1}, ${resumed} kills, ${redriven} redriven, ${sum((one) => one.events)} events`
  process.stdout.write(`${machines} random machines in ${seconds} s on ${cores} cores: ${runs}\n`)

  expect(parts.flatMap((one) => one.counterexamples).slice(0, 5)).toEqual([])
  expect(machines).toBe(extent(8, 3_000))
  expect(resumed).toBeGreaterThan(extent(20, 6_000))
  expect(redriven).toBeGreaterThan(extent(1, 150))
  const seen = new Set(parts.flatMap((one) => Object.keys(one.types)))
  expect(MUST_BE_SEEN.filter((type) => !seen.has(type))).toEqual([])
})
