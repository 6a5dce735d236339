import { homedir } from 'node:os'
import { join } from 'node:path'
import { keySets } from '../../identity/key-sets.ts'
import type { LoginPorts } from '../../identity/logins.ts'
import { makeFolder } from '../../identity/private-file.ts'
import { tokenCache } from '../../identity/token-cache.ts'
import type { Hold } from '../../identity/tokens.ts'
import { openSecrets } from '../../secret/secrets.ts'
import { withFileLock } from '../../system/file-lock.ts'
import type { Host } from '../host.ts'
import type { Project } from '../project.ts'
import { noSeams } from '../seams.ts'

/** How long a command waits for another one that renews the same login. */
const LOCK_WAIT = 30_000

/** Where this user's logins are kept: `$XDG_STATE_HOME/eosflow` (XDG Base Directory Specification 0.8). */
export function stateFolder({ env }: Pick<Host, 'env'>): string {
  const state = env.XDG_STATE_HOME ?? ''
  // A relative path there is to be ignored (same specification).
  return join(state.startsWith('/') ? state : join(env.HOME ?? homedir(), '.local', 'state'), 'eosflow')
}

/** What logins need from outside, as a command has it. */
export function loginPorts({ settings }: Project, host: Host): LoginPorts {
  const { clock } = host.seams ?? noSeams
  const folder = stateFolder(host)
  const hold: Hold = (token, name) => host.scrubber.register(token, name)
  const secrets = openSecrets({ env: host.env, exec: settings.secrets.exec, register: hold, now: () => clock.now() })
  return {
    clock,
    hold,
    keys: keySets({ folder }),
    cache: tokenCache(folder, hold),
    secretOf: (reference) => secrets.resolve(reference),
    alone: async (work) => {
      const tokens = join(folder, 'tokens')
      await makeFolder(folder)
      await makeFolder(tokens)
      return withFileLock(join(tokens, 'renewing'), { clock, milliseconds: LOCK_WAIT }, work)
    },
  }
}
