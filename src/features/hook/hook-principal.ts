import type { NamedPerson, Principal } from '../../model/principal.ts'

/** Who acts for a sender of events: the service `hook:NAME`, which the policy judges like any other. `named`: the people whom its event names. */
export function hookPrincipal(name: string, named: readonly NamedPerson[] = []): Principal {
  return {
    issuer: 'hook',
    id: `hook:${name}`,
    kind: 'service',
    auth: 'os',
    ...(named.length === 0 ? {} : { named }),
  }
}
