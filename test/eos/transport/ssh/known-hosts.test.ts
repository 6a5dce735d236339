import { describe, expect, test } from 'vitest'
import type { SshTarget } from '../../../../src/eos/device/device.ts'
import {
  fingerprintOf,
  hostKeyDemand,
  judgeHostKey,
  knownKeyTypes,
} from '../../../../src/eos/transport/ssh/known-hosts.ts'
import { lists } from '../../../table.ts'

/** Two keys that ssh-keygen made, and what it calls them. */
const OURS = 'AAAAC3NzaC1lZDI1NTE5AAAAICRKD0qI58xxfz4pGVv7HKVpnBAJv+xKMpf22yiz/xrL'
const OTHER = 'AAAAC3NzaC1lZDI1NTE5AAAAIKLOnMn9wHERI0zjbTi232ayhlZl/Xjk5RAjENDBwbuM'
const OUR_PRINT = 'SHA256:gPHIsYfjsCVl6JGYm4kdaeFPKaTCP/okOdbos2EJX78'
const KEY = Buffer.from(OURS, 'base64')
const LEAF1 = { host: 'leaf1.example.net', port: 22 }
const LEAF2 = { host: '10.0.0.12', port: 2222 }
/** As `ssh-keygen -H` wrote them for leaf1.example.net and [10.0.0.12]:2222. */
const HASHED = `|1|17HJ3PPi5T6P+jCLQ0H1LI1uggM=|PNOMSZTBPiEJ0aAEIcQO5nOxOWg= ssh-ed25519 ${OURS}
|1|mLqgJasQwMzb698PWZPrZvdijjY=|SlgNUIdhG5qmsuXi8ZsAuBdmnUY= ssh-ed25519 ${OURS}
`

describe('a known_hosts file', () => {
  /** The file, its lines parted by `; `; the host; the verdict, and its line. */
  test.for(lists`
    nothing | | LEAF1 | unknown
    a plain name | leaf1.example.net ssh-ed25519 OURS a comment | LEAF1 | known
    a name in capitals | Leaf1.Example.NET ssh-ed25519 OURS | LEAF1 | known
    one of several names | leaf1,10.0.0.11,leaf1.example.net ssh-ed25519 OURS | LEAF1 | known
    CR LF | leaf1.example.net ssh-ed25519 OURS\r; # the end\r | LEAF1 | known
    a wildcard | *.example.net ssh-ed25519 OURS | LEAF1 | known
    a wildcard for one character | leaf?.example.net ssh-ed25519 OURS | LEAF1 | known
    a dot that is no wildcard | leaf1xexample.net ssh-ed25519 OURS | LEAF1 | unknown
    an exception | *.example.net,!leaf1.* ssh-ed25519 OURS | LEAF1 | unknown
    a name with a port | [10.0.0.12]:2222 ssh-ed25519 OURS | LEAF2 | known
    a name without the port | 10.0.0.12 ssh-ed25519 OURS | LEAF2 | unknown
    the name at another port | [leaf1.example.net]:22 ssh-ed25519 OURS | LEAF1 | unknown
    a hashed name | HASHED | LEAF1 | known
    a hashed name with a port | HASHED | LEAF2 | known
    hashes of other names | HASHED | leaf3 | unknown
    a hash that is broken | |1|x|y ssh-ed25519 OURS | LEAF1 | unknown
    another key | # keys; ; leaf1.example.net ssh-ed25519 OTHER | LEAF1 | changed in 3
    a key of another type only | leaf1.example.net ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY= | LEAF1 | changed in 1
    two keys, one of them right | leaf1.example.net ssh-ed25519 OTHER; leaf1.example.net ssh-ed25519 OURS | LEAF1 | known
    a revoked key | leaf1.example.net ssh-ed25519 OURS; @revoked *.example.net ssh-ed25519 OURS | LEAF1 | revoked in 2
    a revoked key of another host | @revoked leaf9 ssh-ed25519 OURS | LEAF1 | unknown
    an authority | @cert-authority *.example.net ssh-ed25519 OTHER | LEAF1 | unknown
    an authority beside the key itself | @cert-authority * ssh-ed25519 OTHER; leaf1.example.net ssh-ed25519 OURS | LEAF1 | known
    a marker that OpenSSH does not know | @trusted leaf1.example.net ssh-ed25519 OURS | LEAF1 | unknown
    half a line | leaf1.example.net ssh-ed25519 | LEAF1 | unknown
  `)('with %s', ([, lines = [], [host = ''] = [], [verdict = ''] = []]) => {
    const file = lines.join('\n').replaceAll('OURS', OURS).replaceAll('OTHER', OTHER).replaceAll('\\r', '\r')
    const address = new Map(Object.entries({ LEAF1, LEAF2 })).get(host) ?? { host, port: 22 }
    const judged = judgeHostKey(file === 'HASHED' ? HASHED : file, address, KEY)
    expect('line' in judged ? `${judged.verdict} in ${judged.line}` : judged.verdict).toBe(verdict)
  })

  test('tells which types of key a host is known by', () => {
    const file = `leaf1.example.net ssh-rsa AAAA\n@revoked * ssh-ed25519 ${OTHER}\n* ssh-rsa BBBB\nleaf2 ssh-ed25519 ${OURS}`
    expect(knownKeyTypes(file, LEAF1)).toEqual(['ssh-rsa'])
  })
})

describe('the host key of a switch', () => {
  const target = (hostKey: SshTarget['hostKey'], port = 22) => ({
    name: 'leaf1',
    host: 'leaf1.example.net',
    port,
    transport: 'ssh',
    hostKey,
  })
  const file = { mode: 'known-hosts', file: 'certs/known_hosts' } as const

  test('has the fingerprint that ssh-keygen prints', () => {
    expect(fingerprintOf(KEY)).toBe(OUR_PRINT)
  })

  test('is accepted when it is known, or the pinned one', () => {
    expect(hostKeyDemand(target(file), HASHED).refusal(KEY)).toBeUndefined()
    expect(hostKeyDemand(target({ mode: 'pin', fingerprint: OUR_PRINT }), '').refusal(KEY)).toBeUndefined()
  })

  test.each([
    ['unknown', '', 'certs/known_hosts holds no host key of leaf1.example.net port 22; the switch shows SHA256:gPHIsY'],
    ['changed', `\nleaf1.example.net ssh-ed25519 ${OTHER}`, /has changed.*certs\/known_hosts:2 holds another one/],
    ['revoked', `@revoked * ssh-ed25519 ${OURS}`, 'is revoked by certs/known_hosts:1'],
  ])('[G95] is refused with its place and the mend: %s', (_, text, message) => {
    const refused = hostKeyDemand(target(file), text).refusal(KEY)
    expect(refused).toMatchObject({ kind: 'tls', device: 'leaf1', retryable: false })
    expect(refused?.message).toMatch(message)
    expect(refused?.message).toContain('host')
    expect(refused?.hint).toMatch(/\S/)
  })
})
