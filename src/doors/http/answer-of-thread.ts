import { Worker } from 'node:worker_threads'
import { EosflowError } from '../../model/error.ts'
import { type RequestFault, RequestRefusal } from './request/readable.ts'

export type ThreadMessage<Answer> =
  | { readonly kind: 'progress'; readonly done: number; readonly of: number }
  | { readonly kind: 'found'; readonly found: Answer }
  | { readonly kind: 'failed'; readonly fault: RequestFault }

interface AskedThread {
  readonly module: URL | undefined
  readonly does: string
  readonly job: unknown
  // The limit of the young generation of its heap, in MiB; default: that of V8.
  readonly youngHeap?: number
}

/** Throws what was thrown there. Whoever waits for the answer keeps the process alive: a thread that is listened to holds its event loop, and `unref` before that does nothing. */
export function answerOfThread<Answer>(
  { module, does, job, youngHeap }: AskedThread,
  progress: (done: number, of: number) => void = () => undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (module === undefined) throw new EosflowError('bug', `the thread that ${does} is not built`)
    const resourceLimits = youngHeap === undefined ? {} : { maxYoungGenerationSizeMb: youngHeap }
    const worker = new Worker(module, { workerData: job, resourceLimits, stdout: false, stderr: false })
    worker.on('message', (message: ThreadMessage<Answer>) => {
      if (message.kind === 'progress') progress(message.done, message.of)
      else if (message.kind === 'found') resolve(message.found)
      else reject(new RequestRefusal(message.fault))
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new EosflowError('bug', `the thread that ${does} has ended without an answer`)))
  })
}
