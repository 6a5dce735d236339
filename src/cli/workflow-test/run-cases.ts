import { availableParallelism } from 'node:os'
import type { Project } from '../../app/project.ts'
import { EosflowError } from '../../model/error.ts'
import { type Selection, testPorts } from '../../trial/workflow-test/cases.ts'
import { type CaseResult, type CaseVerdict, runCase } from '../../trial/workflow-test/run-case.ts'
import type { TestCase } from '../../trial/workflow-test/test-case.ts'
import { frontEnd } from '../front-end.ts'
import { threadModule } from '../thread-module.ts'
import { startThread, type TestThread } from './thread.ts'

/** A thread reads every workflow and fabric again, which pays for itself from about this many cases each. */
const CASES_PER_THREAD = 6
const MOST_THREADS = 8

/** What is to be run, and how. */
export interface TestRun {
  readonly project: Project
  readonly selection: Selection
  readonly cases: readonly TestCase[]
  /** Whether golden plans are written instead of compared. */
  readonly update: boolean
  readonly stop: AbortSignal
  /** Told each result as it comes. */
  tell(result: CaseResult): void
}

/** Runs every case once, on as many threads as there are cores for, and gives the results in the order of the cases. */
export async function runCases(run: TestRun): Promise<readonly CaseResult[]> {
  const threads = Math.min(availableParallelism(), MOST_THREADS, Math.floor(run.cases.length / CASES_PER_THREAD))
  const module = threadModule('test')
  if (threads < 2 || module === undefined) {
    const ports = testPorts(run.project, run.update, frontEnd)
    return inLanes(run, [(index) => runCase(caseAt(run, index), ports)])
  }
  const { project, selection, update } = run
  const started = Array.from({ length: threads }, () => startThread(module, { dir: project.dir, selection, update }))
  try {
    return await inLanes(
      run,
      started.map((thread) => (index) => thread.run(index)),
    )
  } finally {
    await Promise.all(started.map((thread: TestThread) => thread.end()))
  }
}

/** Each lane takes the next case when it has done the one before. */
async function inLanes(
  run: TestRun,
  lanes: readonly ((index: number) => Promise<CaseVerdict>)[],
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = []
  let next = 0
  const work = async (lane: (index: number) => Promise<CaseVerdict>): Promise<void> => {
    for (let index = next++; index < run.cases.length; index = next++) {
      if (run.stop.aborted) throw new EosflowError('cancelled', 'stopped before every test had run')
      const result = { testCase: caseAt(run, index), ...(await lane(index)) }
      results[index] = result
      run.tell(result)
    }
  }
  await Promise.all(lanes.map(work))
  return results
}

function caseAt({ cases }: TestRun, index: number): TestCase {
  const found = cases[index]
  if (found === undefined) throw new RangeError(`no case ${index}`)
  return found
}
