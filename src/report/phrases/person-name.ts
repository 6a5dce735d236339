import { identityOf, type Principal } from '../../model/principal.ts'

/** What a person is called, where their issuer says it, else the identity; of a local user the name and the machine. */
export function personName(principal: Principal): string {
  return principal.display ?? nameOf(identityOf(principal))
}

/** An identity for a reader: `local:0:root@vm` is `root@vm`. */
export function nameOf(identity: string): string {
  return identity.replace(/^local:\d+:/, '')
}
