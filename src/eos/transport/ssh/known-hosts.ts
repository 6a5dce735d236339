import { createHmac } from 'node:crypto'
import { isSameBytes } from '../../../model/constant-time.ts'

interface Entry {
  readonly line: number
  readonly marker: '' | '@revoked' | '@cert-authority'
  readonly keyType: string
  readonly key: string
}

export type HostKeyVerdict =
  | { readonly verdict: 'known' }
  | { readonly verdict: 'unknown' }
  | { readonly verdict: 'changed' | 'revoked'; readonly line: number }

export interface HostAddress {
  readonly host: string
  readonly port: number
}

/**
 * Judges a host key by the text of an OpenSSH known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): plain names with
 * wildcards and negation, hashed names, `[host]:port`, `@revoked`.
 */
export function judgeHostKey(knownHosts: string, address: HostAddress, key: Uint8Array): HostKeyVerdict {
  const revoked = revokedAt(knownHosts, address, key)
  if (revoked !== undefined) return { verdict: 'revoked', line: revoked }
  const keys = entriesFor(knownHosts, address).filter(({ marker }) => marker === '')
  const shown = Buffer.from(key).toString('base64')
  if (keys.some(({ key: known }) => known === shown)) return { verdict: 'known' }
  const [other] = keys
  return other === undefined ? { verdict: 'unknown' } : { verdict: 'changed', line: other.line }
}

/** The line that revokes a key of a host, or of an authority, counted from 1; undefined when none does. */
export function revokedAt(knownHosts: string, address: HostAddress, key: Uint8Array): number | undefined {
  const shown = Buffer.from(key).toString('base64')
  return entriesFor(knownHosts, address).find(({ marker, key: known }) => marker === '@revoked' && known === shown)
    ?.line
}

export interface HostAuthority {
  readonly line: number
  readonly key: string
}

/**
 * The authorities (`@cert-authority`) of a host that has to show a certificate: one of which the file holds no key.
 * A host whose key is known is judged by that.
 */
export function authoritiesOf(knownHosts: string, address: HostAddress): readonly HostAuthority[] {
  const entries = entriesFor(knownHosts, address)
  if (entries.some(({ marker }) => marker === '')) return []
  return entries.filter(({ marker }) => marker === '@cert-authority').map(({ line, key }) => ({ line, key }))
}

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

function namesHost(hosts: string, name: string) {
  if (hosts.startsWith('|1|')) return isHashOf(hosts, name)
  const patterns = hosts.split(',')
  const matches = (pattern: string) => wildcards(pattern).test(name)
  if (patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)))) return false
  return patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern))
}

function isHashOf(hosts: string, name: string) {
  const [, , salt = '', hash = ''] = hosts.split('|')
  const wanted = Buffer.from(hash, 'base64')
  const made = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return isSameBytes(wanted, made)
}

function wildcards(pattern: string) {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'i')
}
