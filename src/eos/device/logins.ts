import type { Credential, Role } from './transport.ts'
import type { TwoLogins } from './two-logins.ts'

/** The users that switches are logged in to with. */
export interface Logins {
  /** The name of the user for a role. Roles with the same one share a connection. */
  userOf(device: string, role: Role): string
  /** What the user logs in with. `again`: as its keeper has it now, whatever was known before. Throws `secret`. */
  credential(device: string, user: string, when?: 'again'): Promise<Credential>
  /** The two logins of a user whose secret the change itself replaces; absent, or undefined, where it has one. */
  two?(device: string, user: string): TwoLogins | undefined
  /** As {@link Fleet.requireLogin}. */
  requireGoodFor(device: string, user: string, milliseconds: number): Promise<void>
  /** Called when no switch is logged in to any more. */
  close(): Promise<void>
}

/** One user in every role, of whose end nothing is known. */
export function oneLogin(credentialOf: (device: string) => Promise<Credential>): Logins {
  return {
    userOf: () => '',
    credential: credentialOf,
    requireGoodFor: async () => undefined,
    close: async () => undefined,
  }
}

/** Whether a switch would see the same user and the same proof. */
export function isSameLogin(a: Credential, b: Credential): boolean {
  const isSame = (member: 'password' | 'privateKey' | 'passphrase' | 'enable'): boolean => {
    const [one, other] = [a[member], b[member]]
    return one === undefined || other === undefined ? one === other : one.equals(other)
  }
  return (
    a.username === b.username &&
    a.certificate === b.certificate &&
    a.agent?.socket === b.agent?.socket &&
    a.agent?.fingerprint === b.agent?.fingerprint &&
    (['password', 'privateKey', 'passphrase', 'enable'] as const).every(isSame)
  )
}
