import type { ProjectPlace } from '../../project/files/project.ts'
import type { AuditVerification } from '../../report/event-words/audit-verification.ts'
import { answerOfThread, type ThreadMessage } from './answer-of-thread.ts'

/** Whose record a thread verifies. */
export interface VerifyJob {
  readonly cwd: string
  readonly place: ProjectPlace
}

/** What it says once. */
export type VerifyAnswer = ThreadMessage<AuditVerification>

/** MiB: it reads record by record, and keeps none. */
const YOUNG_HEAP = 6

/** Verifies a record in a separate thread, whose module is given: reading all of it takes seconds. Throws what was thrown there. */
export function verifyInThread(module: URL | undefined, job: VerifyJob): Promise<AuditVerification> {
  return answerOfThread({ module, does: 'verifies', job, youngHeap: YOUNG_HEAP })
}
