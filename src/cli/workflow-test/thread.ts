import { Worker } from 'node:worker_threads'
import type { Selection } from '../../trial/workflow-test/cases.ts'
import type { CaseVerdict } from '../../trial/workflow-test/run-case.ts'

/** What a thread is started with: it reads the same cases in the same order as whoever starts it. */
export interface ThreadJob {
  /** The folder of the project. */
  readonly dir: string
  readonly selection: Selection
  readonly update: boolean
}

/** A thread that runs one case at a time. */
export interface TestThread {
  /** Runs a case by its place among those that are selected. */
  run(index: number): Promise<CaseVerdict>
  end(): Promise<void>
}

/** Starts a thread of its built module. What makes it end ahead of time is thrown to whoever waits for a case. */
export function startThread(module: URL, job: ThreadJob): TestThread {
  const worker = new Worker(module, { workerData: job })
  const died = new Promise<never>((_, reject) => worker.once('error', reject))
  died.catch(() => undefined)
  return {
    run: (index) => {
      const answered = new Promise<CaseVerdict>((resolve) => worker.once('message', resolve))
      worker.postMessage(index)
      return Promise.race([answered, died])
    },
    end: async () => {
      await worker.terminate()
    },
  }
}
