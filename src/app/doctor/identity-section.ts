import { EosflowError } from '../../model/error.ts'
import { type DoctorSection, failed, good, warning } from '../../report/doctor/point.ts'
import { identityText } from '../../report/identity-words.ts'
import type { Host } from '../host.ts'
import { callerOf } from '../login/caller.ts'
import type { Project } from '../project/project.ts'

/** As whom commands act. Nothing is said where the project lists no identity provider: there is the local user then. */
export async function identitySections(project: Project, host: Host): Promise<readonly DoctorSection[]> {
  if (project.settings.identity === undefined) return []
  try {
    const { principal } = await callerOf(project, host)
    return [{ title: 'Identity', points: [good(`commands act as ${identityText(principal)}`)] }]
  } catch (error) {
    if (!(error instanceof EosflowError)) throw error
    const { kind, message, hint = host.words({ code: 'login' }) } = error
    return [{ title: 'Identity', points: [(kind === 'not-authorised' ? warning : failed)(message, hint)] }]
  }
}
