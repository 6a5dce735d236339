import { certificateFaultOf, readHostCertificate } from './host-certificate.ts'
import {
  authoritiesOf,
  compareHint,
  fingerprintOf,
  type HostKeyDemand,
  hostKeyError,
  revokedAt,
  type SshHost,
  wordsOf,
} from './known-hosts.ts'
import { keyTypeOf } from './public-key.ts'

export interface KnownHostsFile {
  readonly file: string
  readonly knownHosts: string
  /** Seconds since the epoch. */
  readonly now: number
}

/** The demand of a host that an authority vouches for (`@cert-authority`): the key that its certificate certifies, and no other. `certificate` is what the host showed. */
export function certifiedDemand(
  target: SshHost,
  vouching: KnownHostsFile,
  certificate: Uint8Array | undefined,
): HostKeyDemand {
  const { key } = provenCertificate(target, vouching, certificate)
  const certified = Buffer.from(key)
  return {
    keyTypes: [keyTypeOf(key)],
    refusal: (shown) => (certified.equals(shown) ? undefined : otherKey(target, certified, shown)),
  }
}

function provenCertificate(target: SshHost, { file, knownHosts, now }: KnownHostsFile, bytes: Uint8Array | undefined) {
  const { name, host } = target
  const authorities = authoritiesOf(knownHosts, target)
  const place = `${file}:${authorities[0]?.line ?? 1}`
  const certificate = bytes === undefined ? undefined : readHostCertificate(bytes)
  if (certificate === undefined) {
    throw hostKeyError(
      name,
      `${place} trusts an authority for this host, and it shows no host certificate`,
      wordsOf(target).certificate,
    )
  }
  const { authority, key } = certificate
  if (!authorities.some((one) => one.key === Buffer.from(authority).toString('base64'))) {
    const signer = fingerprintOf(authority)
    throw hostKeyError(
      name,
      `its certificate is signed by ${signer}, and ${place} trusts another authority`,
      compareHint(target),
    )
  }
  const revoked = revokedAt(knownHosts, target, authority) ?? revokedAt(knownHosts, target, key)
  if (revoked !== undefined) {
    throw hostKeyError(
      name,
      `its certificate \`${certificate.id}\` or the authority of it is revoked by ${file}:${revoked}`,
      compareHint(target),
    )
  }
  const fault = certificateFaultOf(certificate, host, now)
  if (fault === undefined) return certificate
  throw hostKeyError(name, `its certificate \`${certificate.id}\` ${fault}`, RENEW)
}

const RENEW =
  'Have the authority sign a host certificate for it: ssh-keygen -s CA -I NAME -h -n HOST -V +52w KEY.pub, HOST as the inventory has it.'

function otherKey(target: SshHost, certified: Uint8Array, shown: Uint8Array) {
  const keys = `${fingerprintOf(shown)}, and its certificate is for ${fingerprintOf(certified)}`
  return hostKeyError(target.name, `the host key is ${keys}`, compareHint(target))
}
