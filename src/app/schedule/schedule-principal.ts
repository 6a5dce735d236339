import type { Principal } from '../../model/principal.ts'

/**
 * Who acts for a schedule: the service `schedule:NAME`, which the policy judges like any other. Whoever starts it by hand is behind it: it
 * may do no more than both of them, and they count as somebody who has made its plan.
 */
export function schedulePrincipal(name: string, by?: Principal): Principal {
  const service = { issuer: 'schedule', id: `schedule:${name}`, kind: 'service', auth: 'os' } as const
  if (by === undefined) return service
  const { issuer, id, groups, person } = by.onBehalfOf ?? by
  return {
    ...service,
    onBehalfOf: {
      issuer,
      id,
      ...(groups === undefined ? {} : { groups }),
      ...(person === undefined ? {} : { person }),
    },
    ...(by.authenticatedAt === undefined ? {} : { authenticatedAt: by.authenticatedAt }),
  }
}
