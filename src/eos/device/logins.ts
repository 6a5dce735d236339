import type { Credential, Role } from './transport.ts'
import type { TwoLogins } from './two-logins.ts'

export interface Logins {
  userOf(device: string, role: Role): string
  /** `again`: as its keeper has it now, whatever was known before. Throws `secret`. */
  credential(device: string, user: string, when?: 'again'): Promise<Credential>
  /** The two logins of a user whose secret the change itself replaces; absent, or undefined, where it has one. */
  two?(device: string, user: string): TwoLogins | undefined
  requireGoodFor(device: string, user: string, milliseconds: number): Promise<void>
  close(): Promise<void>
}

export function oneLogin(credentialOf: (device: string) => Promise<Credential>): Logins {
  return {
    userOf: () => '',
    credential: credentialOf,
    requireGoodFor: async () => undefined,
    close: async () => undefined,
  }
}

export function isSameLogin(a: Credential, b: Credential): boolean {
  const isSame = (member: 'password' | 'privateKey' | 'passphrase' | 'enable') => {
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
