import { markedUnknown } from '../../change/policy/quorum.ts'
import type { NamedPerson, Principal } from '../../model/principal.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { reviewPrincipal, sshPrincipal } from '../../project/approval/signer.ts'
import { passkeysNow, reviewersNow, trustNow } from '../../project/identity/signers/trust.ts'

const LOGINS = 5_000
const EXECUTIONS = 1_000

/**
 * The people whom an event names, each marked whom nobody is known by: no login and no execution on record is theirs, no trusted key, and no role of
 * the policy names them. Those whom events named before are not known by that.
 */
export async function withUnknownMarked(
  app: RecordApp,
  named: readonly NamedPerson[],
): Promise<readonly NamedPerson[]> {
  if (named.length === 0) return named
  const { store, project } = app
  const logins = await store.newestOf('LoggedIn', LOGINS)
  const executions = await store.executions({ limit: EXECUTIONS })
  return markedUnknown(named, {
    people: [
      ...logins.map(({ principal }) => principal),
      ...executions.flatMap(({ first }) => (first.type === 'ExecutionStarted' ? [withoutNamed(first.requester)] : [])),
      ...trustNow(project).map(({ names: [name] }) => sshPrincipal(name, '')),
      ...passkeysNow(project),
      ...(reviewersNow(project)?.reviewers ?? []).map(reviewPrincipal),
    ],
    members: Object.values(project.policy()?.policy.roles ?? {}).flatMap(({ members }) => members),
  })
}

function withoutNamed({ named: _, ...requester }: Principal): Principal {
  return requester
}
