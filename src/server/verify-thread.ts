import { Worker } from 'node:worker_threads'
import type { Place } from '../app/project.ts'
import { EosflowError } from '../model/error.ts'
import type { AuditVerification } from '../report/audit-verification.ts'
import { type Fault, Refusal } from './fault.ts'

/** Whose record a thread verifies. */
export interface VerifyJob {
  readonly cwd: string
  readonly place: Place
}

/** What it says once. */
export type VerifyAnswer =
  | { readonly kind: 'found'; readonly found: AuditVerification }
  | { readonly kind: 'failed'; readonly fault: Fault }

/** The limit of the young generation of its heap, in MiB: it reads record by record, and keeps none. */
const HEAP = { maxYoungGenerationSizeMb: 6 }

/** Verifies a record in a separate thread, whose module is given: reading all of it takes seconds. Throws what was thrown there. */
export function verifyInThread(module: URL | undefined, job: VerifyJob): Promise<AuditVerification> {
  return new Promise((resolve, reject) => {
    if (module === undefined) throw new EosflowError('bug', 'the thread that verifies is not built')
    const worker = new Worker(module, { workerData: job, resourceLimits: HEAP, stdout: false, stderr: false })
    worker.once('message', (answer: VerifyAnswer) => {
      if (answer.kind === 'found') resolve(answer.found)
      else reject(new Refusal(answer.fault))
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new EosflowError('bug', 'the thread that verifies has ended without an answer')))
  })
}
