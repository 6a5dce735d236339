import type { ProjectPlace } from '../../project/files/project.ts'
import type { AuditVerification } from '../../report/event-words/audit-verification.ts'
import { answerOfThread, type ThreadMessage } from './answer-of-thread.ts'

export interface VerifyJob {
  readonly cwd: string
  readonly place: ProjectPlace
}

export type VerifyAnswer = ThreadMessage<AuditVerification>

const YOUNG_HEAP = 6

/** Verifies a record in a separate thread, whose module is given: reading all of it takes seconds. Throws what was thrown there. */
export function verifyInThread(module: URL | undefined, job: VerifyJob): Promise<AuditVerification> {
  return answerOfThread({ module, does: 'verifies', job, youngHeap: YOUNG_HEAP })
}
