import { join } from 'node:path'
import type { Notes } from '../../change/record/store/notes.ts'
import type { Host } from '../system/process/host.ts'
import { stateFolder } from './login-ports.ts'
import type { Spend } from './oidc/spent-tokens.ts'

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
