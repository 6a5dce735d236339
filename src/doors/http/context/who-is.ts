import { definedMembers } from '../../../model/defined-members.ts'
import type { Project } from '../../../project/files/project.ts'
import { identify, type ProviderCaller } from '../../../project/identity/identify.ts'
import { missingMcpScope } from '../../../project/identity/oidc/token-claims.ts'
import { Scrubber } from '../../../project/secret/scrubber.ts'
import type { Host } from '../../../project/system/process/host.ts'
import type { Asker } from './message.ts'

export interface NamedByToken extends Asker, Pick<ProviderCaller, 'begins'> {
  /** From when on it is not taken any more, in milliseconds since the epoch. */
  readonly ends: number
}

/** Anybody can send any text as a token, so it is no secret of this process before it is verified: a scrubber that knew it would take that text out of what others are shown. Nor is it one afterwards: what is sent with it may not hold it, and a server that kept every token would never end to grow. */
export async function whoIs(project: Project, host: Host, token: string): Promise<NamedByToken> {
  const env = { ...host.env, EOSFLOW_TOKEN: token }
  const { principal, verified, begins } = await identify(project, {
    ...host,
    env,
    scrubber: new Scrubber(() => undefined),
  })
  const lacks = missingMcpScope(verified.claims, verified.issuer)
  return { principal, token, begins, ends: endOf(verified), ...definedMembers({ lacks }) }
}

function endOf({ expires, claims, issuer }: ProviderCaller['verified']) {
  const { maxTokenAge, clockTolerance } = issuer
  const made = typeof claims.iat === 'number' ? claims.iat : 0
  return Math.min(expires, (made + maxTokenAge) * 1000) + clockTolerance * 1000
}
