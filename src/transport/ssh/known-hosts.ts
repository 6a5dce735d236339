import { createHmac, timingSafeEqual } from 'node:crypto'

/** One line of a known_hosts file that is about a host. */
interface Entry {
  /** Counted from 1. */
  readonly line: number
  readonly marker: '' | '@revoked' | '@cert-authority'
  readonly keyType: string
  /** The key in base64. */
  readonly key: string
}

/** What a known_hosts file says about the key that a host shows. `line` is where, counted from 1. */
export type HostKeyVerdict =
  | { readonly verdict: 'known' }
  | { readonly verdict: 'unknown' }
  | { readonly verdict: 'changed' | 'revoked' | 'authority'; readonly line: number }

/** Where a host is, as its lines name it. */
export interface HostAddress {
  readonly host: string
  readonly port: number
}

/**
 * Judges a host key by the text of an OpenSSH known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): plain names with
 * wildcards and negation, hashed names, `[host]:port`, `@revoked`. `authority` is a host that only a line
 * `@cert-authority` is about.
 */
export function judgeHostKey(knownHosts: string, address: HostAddress, key: Uint8Array): HostKeyVerdict {
  const entries = entriesFor(knownHosts, address)
  const shown = Buffer.from(key).toString('base64')
  const revoked = entries.find(({ marker, key: known }) => marker === '@revoked' && known === shown)
  if (revoked !== undefined) return { verdict: 'revoked', line: revoked.line }
  const keys = entries.filter(({ marker }) => marker === '')
  if (keys.some(({ key: known }) => known === shown)) return { verdict: 'known' }
  const [other] = keys
  if (other !== undefined) return { verdict: 'changed', line: other.line }
  const authority = entries.find(({ marker }) => marker === '@cert-authority')
  return authority === undefined ? { verdict: 'unknown' } : { verdict: 'authority', line: authority.line }
}

/** The types of the keys that are known of a host: a host that has several must be asked for one of these. */
export function knownKeyTypes(knownHosts: string, address: HostAddress): readonly string[] {
  const keys = entriesFor(knownHosts, address).filter(({ marker }) => marker === '')
  return [...new Set(keys.map(({ keyType }) => keyType))]
}

/** The name that the lines of a known_hosts file give to a host: with its port unless that is 22. */
export function knownHostName({ host, port }: HostAddress): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`
}

function entriesFor(knownHosts: string, address: HostAddress): Entry[] {
  const name = knownHostName(address)
  return knownHosts.split('\n').flatMap((text, index) => {
    const words = text.trim().split(/\s+/)
    const marker = words[0]?.startsWith('@') === true ? words.shift() : ''
    const [hosts = '', keyType = '', key = ''] = words
    if (hosts === '' || hosts.startsWith('#') || key === '' || !isMarker(marker)) return []
    return namesHost(hosts, name) ? [{ line: index + 1, marker, keyType, key }] : []
  })
}

function isMarker(text: string | undefined): text is Entry['marker'] {
  return text === '' || text === '@revoked' || text === '@cert-authority'
}

function namesHost(hosts: string, name: string): boolean {
  if (hosts.startsWith('|1|')) return isHashOf(hosts, name)
  const patterns = hosts.split(',')
  const matches = (pattern: string): boolean => wildcards(pattern).test(name)
  if (patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)))) return false
  return patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern))
}

/** `|1|salt|hash`: HMAC-SHA1 of the name under the salt. */
function isHashOf(hosts: string, name: string): boolean {
  const [, , salt = '', hash = ''] = hosts.split('|')
  const wanted = Buffer.from(hash, 'base64')
  const made = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return wanted.length === made.length && timingSafeEqual(wanted, made)
}

function wildcards(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'i')
}
