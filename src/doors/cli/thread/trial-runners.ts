import { availableParallelism } from 'node:os'
import type { Selection } from '../../../lab/rehearse/matrix.ts'
import type { Stage } from '../../../lab/rehearse/rehearse.ts'
import { startTrialThread, type TrialRunner } from '../../../lab/trial/trial-thread.ts'
import type { RehearsedCell } from '../../../report/rehearsal/rehearsal.ts'
import type { GlobalOptions, Invocation } from '../terminal/io.ts'
import { threadModule } from './thread-module.ts'

const TRIALS_PER_THREAD = 24
const MOST_THREADS = 8

export interface RehearsalJob {
  readonly cwd: string
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  readonly global: GlobalOptions
  readonly selection: Selection
}

interface TrialRunners {
  readonly runners: readonly TrialRunner<RehearsedCell>[]
  end(): Promise<void>
}

export function trialRunnersFor(
  stage: Stage,
  { io, args, options, global }: Invocation,
  selection: Selection,
): TrialRunners {
  const module = threadModule('rehearse')
  const runners = Math.min(availableParallelism(), MOST_THREADS, Math.floor(stage.trials / TRIALS_PER_THREAD))
  // Whatever stands on stdin was read, and is not there for a thread.
  const threads = [args[0], options.params].includes('-') ? 0 : runners - 1
  const job: RehearsalJob = { cwd: io.cwd, args, options, global, selection }
  const started =
    module === undefined
      ? []
      : Array.from({ length: Math.max(0, threads) }, () => startTrialThread<RehearsedCell>(module, job))
  return {
    runners: [(index) => stage.tryOut(index), ...started.map(({ run }) => run)],
    end: async () => {
      await Promise.all(started.map(({ end }) => end()))
    },
  }
}
