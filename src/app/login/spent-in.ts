import { join } from 'node:path'
import type { Spend } from '../../identity/spent-tokens.ts'
import type { Notes } from '../../journal/notes.ts'
import type { Host } from '../host.ts'
import { stateFolder } from './login-ports.ts'

/** Where it is kept that a token was used: in the store where several machines write to it, else in a folder of this user. */
export function spentIn(host: Host, notes: Notes | undefined, what: 'begun' | 'logged-out'): string | Spend {
  if (notes === undefined) return join(stateFolder(host), what)
  return (name, lasts) => notes.put(`spent ${what}`, name, '', { lasts })
}
