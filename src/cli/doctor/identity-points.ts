import { callerOf } from '../../app/login/caller.ts'
import type { Project } from '../../app/project.ts'
import { EosflowError } from '../../model/error.ts'
import type { Io } from '../io.ts'
import { identityText } from '../login/identity-words.ts'
import { failed, good, type Section, warning } from './point.ts'

/** As whom commands act. Nothing is said where the project lists no identity provider: there is the local user then. */
export async function identitySections(project: Project, io: Io): Promise<readonly Section[]> {
  if (project.settings.identity === undefined) return []
  try {
    const { principal } = await callerOf(project, io, io)
    return [{ title: 'Identity', points: [good(`commands act as ${identityText(principal)}`)] }]
  } catch (error) {
    if (!(error instanceof EosflowError)) throw error
    const { kind, message, hint = 'eosflow login' } = error
    return [{ title: 'Identity', points: [(kind === 'not-authorised' ? warning : failed)(message, hint)] }]
  }
}
