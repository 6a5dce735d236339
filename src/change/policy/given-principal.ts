import type { Principal } from '../../model/principal.ts'

const KINDS: readonly Principal['kind'][] = ['person', 'service', 'agent']

/** Somebody as a question to the policy describes them: `corp:sub:alice,corp:group:netops`, `kind:service,github:sub:repo`, or a local identity. */
export function givenPrincipal(text: string, now: number): Principal | undefined {
  const words = text.split(',').map((word) => word.trim())
  const kinds = words.filter((word) => word.startsWith('kind:'))
  const groups = words.flatMap((word) => partsOf(word, 'group'))
  const subjects = words.flatMap((word) => partsOf(word, 'sub'))
  const others = words.filter((word) => !/^kind:|^[^:]+:(?:group|sub):./.test(word))
  const kind = KINDS.find((one) => (kinds[0] ?? 'kind:person') === `kind:${one}`)
  const issuers = new Set(
    [...groups, ...subjects, ...others.map(() => ({ issuer: 'local' }))].map(({ issuer }) => issuer),
  )
  const isNamedOnce = kinds.length < 2 && subjects.length + others.length < 2 && issuers.size < 2
  if (kind === undefined || !isNamedOnce || others.some((word) => !word.includes(':'))) return undefined
  const [issuer = 'local'] = issuers
  return {
    issuer,
    id: subjects[0]?.name ?? others[0] ?? 'somebody',
    kind,
    auth: issuer === 'local' ? 'os' : issuer === 'ssh' ? 'ssh' : 'oidc',
    groups: groups.map(({ name }) => name),
    authenticatedAt: new Date(now).toISOString(),
  }
}

function partsOf(word: string, what: 'group' | 'sub') {
  const [, issuer = '', name = ''] = new RegExp(`^([^:]+):${what}:(.+)$`).exec(word) ?? []
  return issuer === '' ? [] : [{ issuer, name }]
}
