import { NOTHING_TAKEN, type TakenEvidence } from '../../../change/plan/taken-forms.ts'
import { EosflowError, messageOf } from '../../../model/error.ts'
import type { Project } from '../../files/project.ts'
import type { Host } from '../../system/process/host.ts'

/** It is only read: none is made, none is signed, and no database is contacted. What is wrong with it is a reason, never an error. */
export async function evidenceOfStore(
  project: Project,
  host: Host,
  forms: readonly string[],
): Promise<TakenEvidence | { readonly unread: string }> {
  if (project.database !== undefined) return { unread: 'the store is in a database, and nothing is contacted here' }
  try {
    const [{ isMade, lostWords, traceOfLost }, { requireNotMoved }, { openProjectStoreToRead }, { takenEvidence }] =
      await Promise.all([
        import('../../app/store/lost-store.ts'),
        import('../../app/store/project-store.ts'),
        import('../../app/store/project-store.ts'),
        import('../../plan/taken-forms.ts'),
      ])
    if (!isMade(project.store)) {
      const trace = traceOfLost(project, host)
      return trace === undefined ? NOTHING_TAKEN : { unread: lostWords(project, trace) }
    }
    requireNotMoved(project.store)
    const kept = await openProjectStoreToRead(project, host, { append: () => refuse, changeNotes: refuse })
    try {
      return await takenEvidence(kept, forms)
    } finally {
      await kept.store.close()
    }
  } catch (error) {
    return { unread: messageOf(error) }
  }
}

const refuse = (): never => {
  throw new EosflowError('bug', 'what is only read is not written')
}
