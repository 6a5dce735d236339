import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Notes } from '../../change/record/store/notes.ts'
import type { Secret } from '../../model/secret.ts'
import type { Project } from '../files/project.ts'
import { openSecrets } from '../secret/secrets.ts'
import { withFileLock } from '../system/machine/file-lock.ts'
import type { Host } from '../system/process/host.ts'
import { noSeams } from '../system/process/seams.ts'
import { type Hold, type LoginPorts, tokenCache } from './oidc/logins.ts'
import { makeFolder } from './oidc/private-file.ts'
import { keySets, type Spend } from './oidc/verify-token.ts'

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

/**
 * Where it is kept that a token has begun an execution: in the store where several machines write to it, else in a folder of this user, for all stores that
 * they have here: a job that begins with another store knows what the one before has used.
 */
export function begunIn(host: Host, shared: Notes | undefined): string | Spend {
  return shared === undefined ? join(stateFolder(host), 'begun') : spentIn(shared, 'spent begun')
}

export const LOGOUTS = 'spent logged-out'

export function spentIn(notes: Notes, kind: typeof LOGOUTS | 'spent begun'): Spend {
  return (name, lasts) => notes.put(kind, name, '', { lasts })
}
