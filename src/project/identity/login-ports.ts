import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Secret } from '../../model/secret.ts'
import type { Project } from '../files/project.ts'
import { openSecrets } from '../secret/secrets.ts'
import { withFileLock } from '../system/machine/file-lock.ts'
import type { Host } from '../system/process/host.ts'
import { noSeams } from '../system/process/seams.ts'
import { keySets } from './oidc/key-sets.ts'
import type { LoginPorts } from './oidc/logins.ts'
import { makeFolder } from './oidc/private-file.ts'
import { tokenCache } from './oidc/token-cache.ts'
import type { Hold } from './oidc/tokens.ts'

const LOCK_WAIT = 30_000

/** Where this user's logins are kept: `$XDG_STATE_HOME/eosflow` (XDG Base Directory Specification 0.8). */
export function stateFolder({ env }: Pick<Host, 'env'>): string {
  const state = env.XDG_STATE_HOME ?? ''
  // A relative path there is to be ignored (same specification).
  return join(state.startsWith('/') ? state : join(env.HOME ?? homedir(), '.local', 'state'), 'eosflow')
}

/** `held` is told of every token beside. */
export function loginPorts({ settings }: Project, host: Host, held?: (token: Secret) => void): LoginPorts {
  const { clock } = host.seams ?? noSeams
  const folder = stateFolder(host)
  const know: Hold = (secret, name) => host.scrubber.register(secret, name)
  const hold: Hold = (token, name) => {
    know(token, name)
    held?.(token)
  }
  const secrets = openSecrets({ env: host.env, exec: settings.secrets.exec, register: know, now: () => clock.now() })
  return {
    clock,
    hold,
    keys: keySets({ folder }),
    cache: tokenCache(folder, know),
    secretOf: (reference) => secrets.resolve(reference),
    alone: async (work) => {
      const tokens = join(folder, 'tokens')
      await makeFolder(folder)
      await makeFolder(tokens)
      return withFileLock(join(tokens, 'renewing'), { clock, milliseconds: LOCK_WAIT }, work)
    },
  }
}
