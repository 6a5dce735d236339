import type { Host } from '../app/host.ts'
import { identify } from '../app/login/identify.ts'
import type { Project } from '../app/project.ts'
import { Scrubber } from '../secret/scrubber.ts'
import type { Asker } from './message.ts'

/**
 * Whom a token names. Anybody can send any text as a token, so it is no secret of this process before it is verified: a scrubber that knew
 * it would take that text out of what others are shown. Throws `not-authorised`, `unreachable`.
 */
export async function whoIs(project: Project, host: Host, token: string): Promise<Asker> {
  const env = { ...host.env, EOSFLOW_TOKEN: token }
  const { principal } = await identify(project, { ...host, env, scrubber: new Scrubber(() => undefined) })
  return { principal, token }
}
