import { createHash, createHmac } from 'node:crypto'
import { isSameBytes } from '../../../model/constant-time.ts'
import { EosflowError } from '../../../model/error.ts'
import type { SshTarget } from '../../device/device.ts'
import { UnknownKeyError } from '../connection/first-sight.ts'
import { keyTypeOf } from './public-key.ts'

interface Entry {
  readonly line: number
  readonly marker: '' | '@revoked' | '@cert-authority'
  readonly keyType: string
  readonly key: string
}

type HostKeyVerdict =
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

interface HostAuthority {
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

// The name that the lines of a known_hosts file give to a host: with its port unless that is 22.
function knownHostName({ host, port }: HostAddress) {
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

export interface HostKeyDemand {
  readonly keyTypes: readonly string[]
  /** Why a host key is refused; undefined when it is the host's own. */
  refusal(key: Uint8Array): EosflowError | undefined
}

/** The fingerprint of a host key as OpenSSH prints it: `SHA256:` and base64 without padding. */
export function fingerprintOf(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** The demand of a target: one fingerprint, or a key that stands in its known_hosts file, whose text is given. */
export function hostKeyDemand(target: SshHost, knownHosts: string): HostKeyDemand {
  const { hostKey } = target
  if (hostKey.mode === 'pin') {
    return {
      keyTypes: [],
      refusal: (key) => (fingerprintOf(key) === hostKey.fingerprint ? undefined : notPinned(target, key)),
    }
  }
  const { file } = hostKey
  return {
    keyTypes: knownKeyTypes(knownHosts, target),
    refusal: (key) => {
      const judged = judgeHostKey(knownHosts, target, key)
      if (judged.verdict === 'known') return undefined
      if (judged.verdict === 'unknown') return unknownKey(target, file, key)
      return refusedKey(target, `${file}:${judged.line}`, judged.verdict, key)
    },
  }
}

function notPinned(target: SshHost, key: Uint8Array) {
  const message = `the host key ${fingerprintOf(key)} is not the one that the inventory names`
  return hostKeyError(target.name, message, compareHint(target))
}

function unknownKey(target: SshHost, file: string, key: Uint8Array): EosflowError {
  const { name, host, port } = target
  const { who, compareWith } = wordsOf(target)
  const scan = port === 22 ? `ssh-keyscan ${host}` : `ssh-keyscan -p ${port} ${host}`
  return new UnknownKeyError(
    {
      device: name,
      who,
      host,
      port,
      transport: 'ssh',
      what: 'host key',
      fingerprint: fingerprintOf(key),
      file,
      line: `${knownHostName(target)} ${keyTypeOf(key)} ${Buffer.from(key).toString('base64')}`,
      compareWith,
    },
    `Compare it with the console of ${who} (${compareWith}), then: ${scan} >> ${file}; or run eosflow doctor at a terminal and trust it there.`,
  )
}

function refusedKey(target: SshHost, place: string, verdict: 'changed' | 'revoked', key: Uint8Array) {
  const shown = fingerprintOf(key)
  const message =
    verdict === 'changed'
      ? `the host key has changed: it shows ${shown}, and ${place} holds another one`
      : `the host key ${shown} is revoked by ${place}`
  return hostKeyError(target.name, message, compareHint(target))
}

/** What a person does before anything that is trusted is changed. */
export function compareHint(target: SshHost): string {
  const { who, compareWith } = wordsOf(target)
  return `Somebody may be between you and ${who}, or it was replaced: compare the key on its console (${compareWith}) before you change what is trusted.`
}

/** The host key was refused: nothing was sent. */
export function hostKeyError(device: string, message: string, hint: string): EosflowError {
  return new EosflowError('tls', `${device}: ${message}`, { device, hint })
}

export interface SshHost extends Pick<SshTarget, 'name' | 'host' | 'port' | 'hostKey'> {
  readonly isHop?: true
}

interface HostWords {
  readonly who: 'the switch' | 'the jump host'
  readonly gives: string
  readonly compareWith: string
  readonly reach: string
  readonly login: string
  readonly handshake: string
  readonly certificate: string
}

const SWITCH: HostWords = {
  who: 'the switch',
  gives: 'shell',
  compareWith: 'show management ssh hostkey',
  reach: 'Check the address, the route, and that SSH is enabled there (show management ssh).',
  login: 'Check the credentials of this switch in the inventory, and what it accepts (management ssh, authentication).',
  handshake:
    'The switch must offer a key exchange, a cipher and a host key that are still held to be safe (management ssh).',
  certificate:
    'Let the switch show its host certificate (management ssh, hostkey server cert), add its host key to the file, or pin it: ssh: { hostKey: SHA256:... }.',
}

const HOP: HostWords = {
  who: 'the jump host',
  gives: 'connection',
  compareWith: 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
  reach: 'Check its address under `jumps` in the inventory, the route, and that its sshd runs.',
  login: 'Check the credentials of this jump host in the inventory, and what its sshd accepts.',
  handshake: 'Its sshd must offer a key exchange, a cipher and a host key that are still held to be safe.',
  certificate:
    'Let the jump host show its host certificate (HostCertificate in sshd_config), add its host key to the file, or pin it: ssh: { hostKey: SHA256:... }.',
}

export function wordsOf({ isHop }: SshHost): HostWords {
  return isHop === true ? HOP : SWITCH
}
