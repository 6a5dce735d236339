import { Worker } from 'node:worker_threads'

export type TrialRunner<Result> = (index: number) => Promise<Result>

export interface TrialThread<Result> {
  readonly run: TrialRunner<Result>
  end(): Promise<void>
}

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
