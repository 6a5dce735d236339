import { isSignedBy } from './public-key.ts'
import { string, WireReader } from './wire.ts'

export interface HostCertificate {
  /** The public key that it certifies, as a host shows it without a certificate. */
  readonly key: Uint8Array
  readonly forHosts: boolean
  readonly id: string
  readonly principals: readonly string[]
  /** Seconds since the epoch: good from `after` on and before `before`. */
  readonly after: bigint
  readonly before: bigint
  readonly hasCriticalOptions: boolean
  readonly authority: Uint8Array
  readonly isGenuine: boolean
}

// The names that certified host keys have on the wire, the type of the key they certify, and the fields of that key.
const TYPES: Readonly<Record<string, { readonly type: string; readonly fields: number }>> = {
  'ssh-ed25519-cert-v01@openssh.com': { type: 'ssh-ed25519', fields: 1 },
  'ecdsa-sha2-nistp256-cert-v01@openssh.com': { type: 'ecdsa-sha2-nistp256', fields: 2 },
  'ecdsa-sha2-nistp384-cert-v01@openssh.com': { type: 'ecdsa-sha2-nistp384', fields: 2 },
  'ecdsa-sha2-nistp521-cert-v01@openssh.com': { type: 'ecdsa-sha2-nistp521', fields: 2 },
  'ssh-rsa-cert-v01@openssh.com': { type: 'ssh-rsa', fields: 2 },
}

/** The algorithms by which a host is asked for its certificate; those of RSA sign with SHA-2. */
export const CERTIFICATE_ALGORITHMS: readonly string[] = [
  ...Object.keys(TYPES).filter((name) => !name.startsWith('ssh-rsa')),
  'rsa-sha2-512-cert-v01@openssh.com',
  'rsa-sha2-256-cert-v01@openssh.com',
]

const FOR_HOSTS = 2

/** Reads a certificate as a host shows it; undefined when it is none. */
export function readHostCertificate(bytes: Uint8Array): HostCertificate | undefined {
  try {
    const reader = new WireReader(bytes)
    const known = TYPES[reader.text()]
    if (known === undefined) return undefined
    reader.string()
    const fields = Array.from({ length: known.fields }, () => string(reader.string()))
    reader.uint64()
    const forHosts = reader.uint32() === FOR_HOSTS
    const id = reader.text()
    const principals = textsIn(reader.string())
    const after = reader.uint64()
    const before = reader.uint64()
    const hasCriticalOptions = reader.string().length > 0
    reader.string()
    reader.string()
    const authority = reader.string()
    const signed = bytes.subarray(0, reader.offset)
    const isGenuine = isSignedBy(authority, signed, reader.string()) && reader.atEnd
    const key = Buffer.concat([string(known.type), ...fields])
    return { key, forHosts, id, principals, after, before, hasCriticalOptions, authority, isGenuine }
  } catch {
    return undefined
  }
}

/** Why a certificate does not prove the host, in words that complete "its certificate …"; undefined when it does. `now` in seconds since the epoch. */
export function certificateFaultOf(certificate: HostCertificate, host: string, now: number): string | undefined {
  const { forHosts, isGenuine, principals, after, before, hasCriticalOptions } = certificate
  if (!isGenuine) return 'does not carry the signature of its authority'
  if (!forHosts) return 'is that of a user, not of a host'
  if (hasCriticalOptions) return 'demands something that eosflow does not know (critical options)'
  if (!principals.some((name) => name.toLowerCase() === host.toLowerCase())) {
    return `is for ${principals.length === 0 ? 'no host' : principals.join(', ')}, not for ${host}`
  }
  if (BigInt(Math.floor(now)) < after) return `is good only from ${timeOf(after)} on`
  return BigInt(Math.floor(now)) >= before ? `expired ${timeOf(before)}` : undefined
}

function timeOf(seconds: bigint) {
  const date = new Date(Number(seconds) * 1000)
  return Number.isNaN(date.getTime()) ? `${seconds} s after 1970` : date.toISOString()
}

function textsIn(packed: Buffer) {
  const reader = new WireReader(packed)
  const texts: string[] = []
  while (!reader.atEnd) texts.push(reader.text())
  return texts
}
