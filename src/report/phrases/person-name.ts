import { identityOf, type Principal } from '../../model/principal.ts'

export function personName(principal: Principal): string {
  return principal.display ?? nameOf(identityOf(principal))
}

/** An identity for a reader: `local:0:root@vm` is `root@vm`. */
export function nameOf(identity: string): string {
  return identity.replace(/^local:\d+:/, '')
}
