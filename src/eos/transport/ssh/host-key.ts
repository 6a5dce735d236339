import { createHash } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'
import { UnknownKeyError } from '../connection/first-sight.ts'
import { judgeHostKey, knownHostName, knownKeyTypes } from './known-hosts.ts'
import { keyTypeOf } from './public-key.ts'
import { type SshHost, wordsOf } from './ssh-host.ts'

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
