import { BrokenChainError } from '../../../change/record/seal/chain.ts'
import { LACKING_HINT, lackingWords } from '../../../change/record/seal/lacking-key.ts'
import { EosflowError } from '../../../model/error.ts'
import { asGiven } from '../../../model/install-keys.ts'
import { count } from '../../../report/text/count.ts'
import { anchorsOf } from '../../app/store/anchor-files.ts'
import { ownVerifier } from '../../app/store/own-verifier.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { Project } from '../../files/project.ts'
import type { Host } from '../../system/process/host.ts'
import { judgedFile } from '../audit/verify.ts'
import type { judgedDatabase } from '../audit/verify-database.ts'

const NOTHING = 'no record has left the store'

/**
 * Verifies a store before records leave it: what is broken would be sealed as if it were good. A segment that is not at hand
 * here is no fault. Throws BrokenChainError, which names the record, and `store` where a text is of a key that is not here: whether another
 * text names it could not be told.
 */
export async function requireSound(
  project: Project,
  app: Host & Pick<ProjectStore, 'key' | 'keys' | 'clock'>,
): Promise<void> {
  const { database } = project
  const installKey = asGiven(app.key)
  const measure = { verifier: undefined, anchors: anchorsOf(project), now: app.clock.now(), words: app.words }
  const evidence = { installKey, verifier: ownVerifier(app.keys, installKey) }
  const {
    fault,
    unread,
    lacking = [],
  } = database === undefined
    ? await judgedFile(project.store, evidence, measure)
    : await judgedInDatabase({ ...project, database }, app, evidence, measure)
  if (fault !== undefined) throw new BrokenChainError({ ...fault, reason: `${fault.reason}: ${NOTHING}` })
  if (unread === undefined || unread.texts === 0) return
  const { texts, executions } = unread
  const of = executions.length === 0 ? '' : ` of ${executions.join(', ')}`
  throw new EosflowError('store', `${count(texts, 'text')}${of} may be of ${lackingWords(lacking)}: ${NOTHING}`, {
    hint: LACKING_HINT,
  })
}

async function judgedInDatabase(...asked: Parameters<typeof judgedDatabase>): ReturnType<typeof judgedDatabase> {
  const { judgedDatabase } = await import('../audit/verify-database.ts')
  return judgedDatabase(...asked)
}
