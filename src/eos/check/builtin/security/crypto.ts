import { z } from 'zod'
import { downState, type IpSecurityConnection, ipSecurityConnections } from '../../answer/management.ts'
import {
  byName,
  isNothing,
  mismatch,
  needed,
  type OutputOf,
  partly,
  printed,
  remarked,
  show,
} from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import { integer, ipv4, maybeText, someOf, vrf, word } from '../../input/words.ts'

function differingBanner(kind: 'login' | 'MOTD', expected: string, actual: string) {
  if (actual === '') return [`${kind === 'login' ? 'Login' : kind} banner is not configured`]
  if (actual === expected) return []
  return [`Incorrect ${kind} banner configured - Expected: '${expected}' Actual: '${actual}'`]
}

const KEY_SIZES = { RSA: [2048, 3072, 4096], ECDSA: [256, 384, 512] } as const

const SECONDS_OF_A_DAY = 86_400

const expectedCertificate = () =>
  z
    .strictObject({
      certificate_name: word().describe('The certificate, for example `ARISTA_ROOT_CA.crt`.'),
      expiry_threshold: integer().describe('How many days it must still be valid.'),
      common_name: z.string().describe('The common name of its subject.'),
      encryption_algorithm: z.enum(['RSA', 'ECDSA']).describe('The algorithm of its key.'),
      key_size: integer().describe('The size of its key in bits: 2048, 3072 or 4096 of RSA; 256, 384 or 512 of ECDSA.'),
    })
    .refine(({ encryption_algorithm, key_size }) => KEY_SIZES[encryption_algorithm].some((size) => size === key_size), {
      error: 'the algorithm has no key of that size',
      path: ['key_size'],
    })

const shownCertificate = () =>
  z
    .looseObject({
      subject: partly({ commonName: z.string() }),
      notAfter: z.number(),
      publicKey: partly({ encryptionAlgorithm: z.string(), size: z.number() }),
    })
    .partial()

/** Certificates are not about to expire, and have the expected name, algorithm and key size. */
export const VerifyAPISSLCertificate = defineVerify({
  summary: 'Verifies the expiry, common name, algorithm and key size of SSL certificates.',
  docs: 'Passes when each certificate is there, is valid for as many days as the threshold, and has the expected common name, algorithm and key size.',
  example: {
    certificates: [
      {
        certificate_name: 'ARISTA_ROOT_CA.crt',
        expiry_threshold: 30,
        common_name: 'Arista Networks Internal IT Root Cert Authority',
        encryption_algorithm: 'RSA',
        key_size: 4096,
      },
    ],
  },
  input: () => ({ certificates: someOf(expectedCertificate(), 'The certificates to verify.') }),
  asks: [
    show('show management security ssl certificate', () => partly({ certificates: byName(shownCertificate()) })),
    show('show clock', () => ({ utcTime: z.number() })),
  ],
  judge: ([{ certificates: shown }, { utcTime }], { certificates }) =>
    certificates.flatMap((expected) => {
      const actual = shown?.get(expected.certificate_name)
      const faults = isNothing(actual) ? ['Not found'] : certificateFaults(expected, actual, utcTime)
      return faults.map((fault) => `Certificate: ${expected.certificate_name} - ${fault}`)
    }),
})

type ExpectedCertificate = OutputOf<typeof expectedCertificate>
type ShownCertificate = OutputOf<typeof shownCertificate>

function certificateFaults(expected: ExpectedCertificate, shown: ShownCertificate, now: number) {
  const { subject, publicKey } = shown
  return [
    ...expiryFaults(expected.expiry_threshold, needed(shown, 'notAfter'), now),
    ...mismatch('incorrect common name', expected.common_name, subject?.commonName),
    ...mismatch('incorrect encryption algorithm', expected.encryption_algorithm, publicKey?.encryptionAlgorithm),
    ...mismatch('incorrect public key', expected.key_size, publicKey?.size),
  ]
}

// Both times in seconds since 1970.
function expiryFaults(threshold: number, notAfter: number, now: number) {
  const days = Math.floor((notAfter - now) / SECONDS_OF_A_DAY)
  if (days < 0) return ['certificate expired']
  if (days >= threshold) return []
  return [`set to expire within the threshold - Threshold: ${threshold} days Actual: ${days} days`]
}

/** The banner that is shown before login is the expected one. */
export const VerifyBannerLogin = defineVerify({
  summary: 'Verifies the login banner.',
  docs: 'Passes when the banner is the expected one, its spaces and the end of its last line included.',
  example: { login_banner: 'Authorized access only\n' },
  input: () => ({ login_banner: z.string().describe('The banner, as `|2+` of YAML keeps it.') }),
  asks: show('show banner login', () => ({ loginBanner: z.string() })),
  judge: ({ loginBanner: actual }, { login_banner: expected }) => differingBanner('login', expected, actual),
})

/** The message of the day is the expected one. */
export const VerifyBannerMotd = defineVerify({
  summary: 'Verifies the message of the day.',
  docs: 'Passes when the banner is the expected one, its spaces and the end of its last line included.',
  example: { motd_banner: 'Authorized access only\n' },
  input: () => ({ motd_banner: z.string().describe('The banner, as `|2+` of YAML keeps it.') }),
  asks: show('show banner motd', () => ({ motd: z.string() })),
  judge: ({ motd: actual }, { motd_banner: expected }) => differingBanner('MOTD', expected, actual),
})

/** Random numbers come from the hardware. */
export const VerifyHardwareEntropy = defineVerify({
  summary: 'Verifies that hardware entropy generation is enabled.',
  docs: 'Passes when hardware entropy generation is enabled.',
  asks: show('show management security', () => ({ hardwareEntropyEnabled: z.boolean().default(false) }), null),
  judge: ({ hardwareEntropyEnabled }) => (hardwareEntropyEnabled ? [] : ['Hardware entropy generation is disabled']),
})

/** Every IPsec connection is established. */
export const VerifyIPSecConnHealth = defineVerify({
  summary: 'Verifies that all IPv4 security connections are established.',
  docs: 'Passes when every IPv4 security connection of every VRF is established, fails when there is none.',
  asks: show('show ip security connection vrf all', ipSecurityConnections, null),
  judge: ({ connections }) => {
    const all = Object.values(connections)
    if (all.length === 0) return ['No IPv4 security connection configured']
    return all
      .filter((connection) => downState(connection) !== undefined)
      .map(
        ({ saddr, daddr, tunnelNs }) =>
          `Source: ${printed(saddr)} Destination: ${printed(daddr)} VRF: ${printed(tunnelNs)} - IPv4 security connection not established`,
      )
  },
})

const peer = () =>
  z.strictObject({
    peer: ipv4().describe('The address of the peer.'),
    description: maybeText('What reports call the peer besides its address.'),
    vrf: vrf().describe('The VRF of the peer.'),
    connections: z
      .array(
        z.strictObject({
          source_address: ipv4().describe('The source of the connection.'),
          destination_address: ipv4().describe('Its destination.'),
        }),
      )
      .nullish()
      .describe('The connections that must be established; absent: all of the peer.'),
  })

/** The IPsec connections of given peers are established. */
export const VerifySpecificIPSecConn = defineVerify({
  summary: 'Verifies the IPv4 security connections of given peers.',
  docs: 'Passes when each peer has connections and the given ones are established; all of the peer where none is given.',
  example: {
    ip_security_connections: [
      { peer: '10.255.0.1' },
      {
        peer: '10.255.0.2',
        vrf: 'default',
        connections: [{ source_address: '100.64.3.2', destination_address: '100.64.2.2' }],
      },
    ],
  },
  input: () => ({ ip_security_connections: someOf(peer(), 'The peers to verify.') }),
  asks: ({ ip_security_connections: peers }) =>
    peers.map(({ peer, vrf }) =>
      show(`show ip security connection vrf ${vrf} path peer ${peer}`, ipSecurityConnections, 2),
    ),
  judge: (answers, { ip_security_connections: peers }) =>
    peers.flatMap((peer, index) => connectionFaults(peer, Object.values(answers[index]?.connections ?? {}))),
})

type Peer = OutputOf<typeof peer>

function connectionFaults({ peer, description, vrf, connections }: Peer, shown: readonly IpSecurityConnection[]) {
  const subject = `Peer: ${remarked(peer, description)} VRF: ${vrf}`
  if (shown.length === 0) return [`${subject} - Not configured`]
  // All are read: one that shows no path may be the one that is asked for.
  const states = new Map(shown.map((one) => [one, downState(one)]))
  const wanted = connections?.length
    ? connections.map((path) => ({ path, actual: shown.findLast((one) => isOf(path, vrf, one)) }))
    : shown.map((actual) => ({ path: pathOf(actual), actual }))
  return wanted.flatMap(({ path, actual }) => {
    const place = `${subject} Source: ${path.source_address} Destination: ${path.destination_address}`
    if (actual === undefined) return [`${place} - Connection not found`]
    const state = states.get(actual)
    return state === undefined ? [] : [`${place} - Connection down - Expected: Established Actual: ${state}`]
  })
}

interface Path {
  readonly source_address: string
  readonly destination_address: string
}

function pathOf({ saddr, daddr }: IpSecurityConnection): Path {
  return { source_address: printed(saddr), destination_address: printed(daddr) }
}

function isOf(path: Path, vrf: string, { saddr, daddr, tunnelNs }: IpSecurityConnection) {
  return saddr === path.source_address && daddr === path.destination_address && tunnelNs === vrf
}
