import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { RehearsedCell } from '../../report/rehearsal/rehearsal.ts'
import type { Selection } from '../../trial/rehearsal/matrix.ts'
import type { Lane, Stage } from '../../trial/rehearsal/rehearse.ts'
import type { GlobalOptions, Invocation } from '../io.ts'
import { threadModule } from '../thread-module.ts'

/** A thread loads the program and runs the undisturbed change again, which pays for itself from about this many trials each. */
const TRIALS_PER_THREAD = 24
const MOST_THREADS = 8

/** What a thread is started with: it comes to the same trials in the same order as whoever starts it. */
export interface RehearsalJob {
  readonly cwd: string
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  readonly global: GlobalOptions
  readonly selection: Selection
}

/** Those who make the trials of a stage. */
export interface Lanes {
  readonly lanes: readonly Lane[]
  end(): Promise<void>
}

/** As many lanes as there are cores for, this process one of them. What makes a thread end ahead of time is thrown to whoever waits for its trial. */
export function lanesFor(stage: Stage, { io, args, options, global }: Invocation, selection: Selection): Lanes {
  const module = threadModule('rehearse')
  const lanes = Math.min(availableParallelism(), MOST_THREADS, Math.floor(stage.trials / TRIALS_PER_THREAD))
  // Whatever stands on stdin was read, and is not there for a thread.
  const threads = module === undefined || [args[0], options.params].includes('-') ? 0 : lanes - 1
  const job: RehearsalJob = { cwd: io.cwd, args, options, global, selection }
  const workers = Array.from({ length: Math.max(0, threads) }, () => new Worker(module ?? '', { workerData: job }))
  return {
    lanes: [(index) => stage.tryOut(index), ...workers.map(laneOf)],
    end: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

function laneOf(worker: Worker): Lane {
  const died = new Promise<never>((_, reject) => worker.once('error', reject))
  died.catch(() => undefined)
  return (index) => {
    const answered = new Promise<RehearsedCell>((resolve) => worker.once('message', resolve))
    worker.postMessage(index)
    return Promise.race([answered, died])
  }
}
