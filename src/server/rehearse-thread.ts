import { Worker } from 'node:worker_threads'
import type { Place } from '../app/project.ts'
import { EosflowError } from '../model/error.ts'
import type { Plan } from '../plan/plan.ts'
import type { Rehearsal } from '../report/rehearsal/rehearsal.ts'
import { type Fault, Refusal } from './fault.ts'

/** Which plan of which project a thread rehearses. */
export interface RehearseJob {
  readonly cwd: string
  readonly place: Place
  readonly plan: Plan
}

/** What it says: how far it is, then once what it has found. */
export type RehearseMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly of: number }
  | { readonly kind: 'rehearsed'; readonly rehearsal: Rehearsal }
  | { readonly kind: 'failed'; readonly fault: Fault }

/** Rehearses a plan in a separate thread, whose module is given: the engine goes on meanwhile. Throws what was thrown there. */
export function rehearseInThread(
  module: URL | undefined,
  job: RehearseJob,
  progress: (done: number, of: number) => void,
): Promise<Rehearsal> {
  return new Promise((resolve, reject) => {
    if (module === undefined) throw new EosflowError('bug', 'the thread that rehearses is not built')
    const worker = new Worker(module, { workerData: job, stdout: false, stderr: false })
    // A server that ends does not wait for it.
    worker.unref()
    worker.on('message', (message: RehearseMessage) => {
      if (message.kind === 'progress') return progress(message.done, message.of)
      if (message.kind === 'rehearsed') resolve(message.rehearsal)
      else reject(new Refusal(message.fault))
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new EosflowError('bug', 'the thread that rehearses has ended without an answer')))
  })
}
