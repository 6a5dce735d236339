import { EosflowError } from '../../model/error.ts'
import type { Project } from '../../project/files/project.ts'
import type { FrontEnd } from '../trial/front-end.ts'
import { startTrialThread, type TrialRunner } from '../trial/trial-thread.ts'
import { type Selection, testPorts } from './cases.ts'
import { type CaseResult, type CaseVerdict, runCase } from './run-case.ts'
import type { TestCase } from './test-case.ts'

const CASES_PER_THREAD = 6
const MOST_THREADS = 8

export interface TestJob {
  readonly dir: string
  readonly selection: Selection
  readonly update: boolean
}

export interface TestRun {
  readonly project: Project
  readonly selection: Selection
  readonly cases: readonly TestCase[]
  readonly update: boolean
  readonly stop: AbortSignal
  readonly frontEnd: FrontEnd
  /** The built module of a thread, where there is one, and how many threads run at once on this machine. */
  readonly threads: { readonly module: URL | undefined; readonly cores: number }
  tell(result: CaseResult): void
}

/** Runs every case once, on as many threads as there are cores for, and gives the results in the order of the cases. */
export async function runCases(run: TestRun): Promise<readonly CaseResult[]> {
  const { project, selection, update, frontEnd } = run
  const { module, cores } = run.threads
  const threads = Math.min(cores, MOST_THREADS, Math.floor(run.cases.length / CASES_PER_THREAD))
  if (threads < 2 || module === undefined) {
    const ports = testPorts(project, update, frontEnd)
    return onRunners(run, [(index) => runCase(caseAt(run, index), ports)])
  }
  const job: TestJob = { dir: project.dir, selection, update }
  const started = Array.from({ length: threads }, () => startTrialThread<CaseVerdict>(module, job))
  try {
    return await onRunners(
      run,
      started.map(({ run }) => run),
    )
  } finally {
    await Promise.all(started.map(({ end }) => end()))
  }
}

async function onRunners(run: TestRun, runners: readonly TrialRunner<CaseVerdict>[]): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = []
  let next = 0
  const work = async (runner: TrialRunner<CaseVerdict>) => {
    for (let index = next++; index < run.cases.length; index = next++) {
      if (run.stop.aborted) throw new EosflowError('cancelled', 'stopped before every test had run')
      const result = { testCase: caseAt(run, index), ...(await runner(index)) }
      results[index] = result
      run.tell(result)
    }
  }
  await Promise.all(runners.map(work))
  return results
}

function caseAt({ cases }: TestRun, index: number) {
  const found = cases[index]
  if (found === undefined) throw new RangeError(`no case ${index}`)
  return found
}
