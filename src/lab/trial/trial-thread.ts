import { Worker } from 'node:worker_threads'

/** Does one thing at a time, each by its number, and gives what came of it. */
export type TrialRunner<Result> = (index: number) => Promise<Result>

/** A thread that makes trials. */
export interface TrialThread<Result> {
  readonly run: TrialRunner<Result>
  end(): Promise<void>
}

/** Starts a thread of its built module. What makes it end ahead of time is thrown to whoever waits for an answer. */
export function startTrialThread<Result>(module: URL, job: unknown): TrialThread<Result> {
  const worker = new Worker(module, { workerData: job })
  const died = new Promise<never>((_, reject) => worker.once('error', reject))
  died.catch(() => undefined)
  return {
    run: (index) => {
      const answered = new Promise<Result>((resolve) => worker.once('message', resolve))
      worker.postMessage(index)
      return Promise.race([answered, died])
    },
    end: async () => {
      await worker.terminate()
    },
  }
}
