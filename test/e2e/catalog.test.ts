import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { DeviceFault } from '../../src/eos/sim/fault/fault.ts'
import { everyNthOfLong } from '../extent.ts'
import { DC1, openLab, type SocketLab } from '../lab/lab.ts'

const CATALOG = readFileSync(new URL('../../fixtures/catalog.yaml', import.meta.url), 'utf8')

/** One judgement, as `check run --json` tells it. */
interface Result {
  readonly device: string
  readonly check: string
  readonly status: string
  readonly messages: readonly string[]
  readonly commands: readonly string[]
  readonly customField?: string
}

type Transport = 'eapi' | 'ssh'

const startCatalog = () => openLab({ world: 'sockets', switches: { folder: DC1 }, files: { 'catalog.yaml': CATALOG } })

/** Runs the catalog over one of the two. */
async function judged(bench: SocketLab, transport: Transport, ...options: readonly string[]) {
  bench.write('inventory.yaml', inventoryOf(bench, transport))
  const { out, err } = await bench.eosflow('check run catalog.yaml --json', ...options)
  expect(err).toMatch(/^(?:Next: eosflow check run catalog\.yaml (?:-t \S+ )?--json\n)?$/)
  return (JSON.parse(out) as { readonly results: readonly Result[] }).results
}

function inventoryOf(bench: SocketLab, transport: Transport) {
  const [first] = bench.fabric.devices
  const devices = bench.fabric.devices.map(({ name, http, ssh }) => {
    const overSsh = { host: ssh.host, port: ssh.port, ssh: { hostKey: ssh.hostKey } }
    return [name, { ...(transport === 'ssh' ? overSsh : http), tags: { role: classOf(name) } }]
  })
  const defaults = transport === 'ssh' ? { transport: 'ssh' } : { protocol: 'http' }
  return JSON.stringify({
    defaults: { ...defaults, credentials: 'sim' },
    credentials: { sim: { username: first?.username, password: first?.password, simulated: true } },
    devices: Object.fromEntries(devices),
  })
}

const classOf = (device: string) => device.replace(/\d+$/, '')

/**
 * The one thing that differs: over eAPI a refusal counts the words up to the wrong one, at a terminal it does not
 * (docs/eos.md 1.4).
 */
const withoutToken = (message: string) => message.replace(/ \(at token \d+: '[^']*'\)$/, '')
const verdictOf = ({ device, check, status, messages }: Result) => ({
  device,
  check,
  status,
  messages: messages.map(withoutToken),
})

/** Why a check could not be judged, without the command that it names. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^`[^`]+` was refused: Invalid input$/, 'a command that the switch does not know'],
  [/^`bash [^`]+` was refused: The simulator has no shell: bash runs only cat$/, 'no shell'],
  [/^`[^`]+` answered in an unknown shape at \S+$/, 'an answer without what the check reads'],
  [/^`[^`]+` does not tell \S+$/, 'an answer without what the check reads'],
  [/`: The answer tells of no interface$/, 'an answer without any interface'],
  [/`: the answer has n\w+ /, 'an answer without anything to judge'],
]

function reasonOf({ check, status, messages, customField }: Result) {
  if (status === 'success') return ''
  if (status === 'failure') return customField ?? 'not meant'
  const said = messages.map(withoutToken).join('; ')
  if (status === 'skipped') return said
  const known = REASONS.find(([pattern]) => pattern.test(said))
  if (known === undefined) throw new Error(`${check}: ${said}`)
  return known[1]
}

const isJudged = ({ status }: Result) => ['success', 'failure', 'skipped'].includes(status)
const namesOf = (results: readonly Result[]) => new Set(results.map(({ check }) => check))

/** Each check on each class of switches: its statuses, with the reasons of all but success. */
function statuses(results: readonly Result[]) {
  const byRow = new Map<string, Set<string>>()
  for (const result of results) {
    const row = `${result.check.padEnd(44)} ${classOf(result.device).padEnd(6)}`
    const reason = reasonOf(result)
    const status = reason === '' ? result.status : `${result.status}: ${reason}`
    byRow.set(row, (byRow.get(row) ?? new Set()).add(status))
  }
  return [...byRow].map(([row, said]) => `${row} ${[...said].sort().join(', ')}\n`).join('')
}

test('a catalog of every check gives equal verdicts over eAPI and over SSH', { tags: ['long', 'turn'] }, async ({
  annotate,
}) => {
  const bench = await startCatalog()
  const overEapi = await judged(bench, 'eapi')
  const overSsh = await judged(bench, 'ssh')
  expect(overSsh.map(verdictOf)).toEqual(overEapi.map(verdictOf))
  expect(overEapi.filter(({ status, customField }) => status === 'failure' && customField !== 'known-failure')).toEqual(
    [],
  )
  const nameless = overEapi.filter(
    ({ messages, commands }) => !commands.some((cmd) => messages[0]?.includes(`\`${cmd}\``)),
  )
  expect(nameless.filter(({ status }) => status === 'error')).toEqual([])
  for (const results of [overEapi, overSsh]) {
    const all = namesOf(results)
    const some = namesOf(results.filter(isJudged))
    const passed = namesOf(results.filter(({ status }) => status === 'success'))
    expect({ checks: all.size, judged: some.size, passed: passed.size, verdicts: results.length }).toEqual(FIGURES)
  }
  await annotate(
    `${FIGURES.judged} of ${FIGURES.checks} checks judged, ${FIGURES.passed} passed; ${FIGURES.verdicts} equal verdicts`,
  )
  await expect(statuses(overEapi)).toMatchFileSnapshot('../golden/catalog-statuses.txt')
  const methods = bench.fabric.devices.map((device) => new Set(device.requests().map(({ method }) => method)))
  for (const spoken of methods) expect([...spoken].sort()).toEqual(['POST', 'SSH'])
})

const FIGURES = { checks: 208, judged: 168, passed: 134, verdicts: 1122 }

const PEER_DOWN = 'Peer: 10.0.250.1 VRF: default'
const ACTIVE = 'Incorrect session state - Expected: Established Actual: Active'
const IDLE = 'Incorrect session state - Expected: Established Actual: Idle'

/** What a fault turns: the check, the first of its messages, and where it is no failure, its status. */
const PLANTED: readonly (readonly [string, DeviceFault, readonly (readonly [string, string, string?])[]])[] = [
  [
    'a BGP peer down',
    { device: 'leaf1', kind: 'bgp-peer-down', peer: '10.0.250.1' },
    [
      ['VerifyBFDPeersHealth', `${PEER_DOWN} - Session not properly established - State: down Remote Discriminator: 0`],
      ['VerifyBGPNlriAcceptance', `${PEER_DOWN} - l2VpnEvpn not negotiated`],
      ['VerifyBGPPeerASNCap', `${PEER_DOWN} - 4-octet ASN capability not found`],
      ['VerifyBGPPeerMD5Auth', `${PEER_DOWN} - ${ACTIVE}`],
      ['VerifyBGPPeerRouteRefreshCap', `${PEER_DOWN} - Route refresh capability not found`],
      ['VerifyBGPPeerSession', `${PEER_DOWN} - ${ACTIVE}`],
      ['VerifyBGPPeerSessionRibd', `${PEER_DOWN} - ${ACTIVE}`],
      ['VerifyBGPPeersHealth', `AFI: evpn Peer: 10.0.250.1 - ${ACTIVE}`],
      ['VerifyBGPPeersHealthRibd', `${PEER_DOWN} - ${ACTIVE}`],
      ['VerifyBGPSpecificPeers', `AFI: evpn Peer: 10.0.250.1 - ${ACTIVE}`],
      ['VerifyBGPTimers', `${PEER_DOWN} - Hold time mismatch - Expected: 180 Actual: 0`],
    ],
  ],
  [
    'a link down',
    { device: 'leaf1', kind: 'link-down', port: 'Ethernet50/1' },
    [
      ['VerifyLLDPNeighbors', 'Port: Ethernet50/1 Neighbor: spine2 Neighbor Port: Ethernet1/1 - No LLDP neighbors'],
      ['VerifyInterfacesStatus', 'Interface: Ethernet50/1 - Status mismatch - Expected: up/up, Actual: down/down'],
      // A session that is down tells no address family: it may be one of EVPN.
      ['VerifyBGPPeersHealth', `AFI: evpn Peer: 10.0.2.0 - ${IDLE}`],
      ['VerifyBGPPeersHealthRibd', `Peer: 10.0.2.0 VRF: default - ${IDLE}`],
      ['VerifyBGPRouteECMP', 'Prefix: 10.0.250.13/32 VRF: default - Valid and active ECMP head not found'],
      ['VerifyBGPRoutePaths', 'Prefix: 10.0.250.13/32 VRF: default Next-hop: 10.0.2.0 Origin: Igp - Path not found'],
      [
        'VerifyIPv4RouteNextHops',
        'Prefix: 10.0.251.13/32 VRF: default - List of next-hops not matching - Expected: 10.0.1.0, 10.0.2.0 Actual: 10.0.1.0',
      ],
    ],
  ],
  [
    'MLAG inactive',
    { device: 'leaf3', kind: 'mlag-inactive' },
    [
      ['VerifyMlagConfigSanity', 'MLAG is disabled', 'skipped'],
      ['VerifyMlagPrimaryPriority', 'The device is not set as MLAG primary'],
      ['VerifyMlagStatus', 'MLAG state is not active - Expected: active Actual: inactive'],
      ['VerifyVxlanConfigSanity', 'Vxlan Category: mlag - Config sanity check is not passing'],
    ],
  ],
]

test.each(everyNthOfLong(3, 'faults that turn checks', PLANTED))(
  '%s turns the checks that see it, and no other, over either',
  { tags: ['long', 'turn'] },
  async (_, fault, turned) => {
    const bench = await startCatalog()
    const target = ['-t', fault.device]
    const before = await judged(bench, 'eapi', ...target)
    await bench.fault(fault)
    for (const transport of ['eapi', 'ssh'] as const) {
      const after = await judged(bench, transport, ...target)
      const others = after.filter((result, at) => result.status !== before[at]?.status)
      expect(
        others.map(({ check, status, messages: [first = ''] }) => [
          check,
          first,
          ...(status === 'failure' ? [] : [status]),
        ]),
        transport,
      ).toEqual(turned)
    }
  },
)
