import { errs, fails, passes, type Row, rowsOf } from './rows-of.ts'

interface Service {
  readonly check: string
  readonly command: string
  readonly key: 'ipAclList' | 'ipv6AclList'
  /** How messages name its access lists: `SSH IPv4 ACL(s)`. */
  readonly lists: string
  /** What a wrong number of them is called. */
  readonly miscounted: string
}

const list = (name: string, configuredVrfs: readonly string[], activeVrfs: readonly string[] = configuredVrfs) => ({
  name,
  configuredVrfs: [...configuredVrfs],
  activeVrfs: [...activeVrfs],
})

/** What a check of the access lists of a service must say. */
export function serviceAclRows({ check, command, key, lists, miscounted }: Service): readonly Row[] {
  const answer = (...aclList: readonly ReturnType<typeof list>[]) => ({ [key]: { aclList: [...aclList] } })
  return rowsOf(
    check,
    { command, empty: `answered in an unknown shape at ${key}`, inputs: { number: 2, vrf: 'MGMT' } },
    [
      passes('two, in other VRFs too', answer(list('OPERATORS', ['MGMT']), list('ROBOTS', ['default', 'MGMT']))),
      passes('none, as expected', answer(), { number: 0 }),
      fails('one of two', answer(list('OPERATORS', ['MGMT'])), `VRF: MGMT - ${miscounted} - Expected: 2 Actual: 1`),
      fails(
        'one of another VRF, one not active',
        answer(list('OPERATORS', ['default']), list('ROBOTS', ['MGMT'], [])),
        `VRF: MGMT - Following ${lists} not configured or active: OPERATORS, ROBOTS`,
      ),
      fails(
        'active where it is not configured',
        answer(list('OPERATORS', [], ['default'])),
        `VRF: default - Following ${lists} not configured or active: OPERATORS`,
        { number: 1 },
      ),
      errs(
        'lists whose VRFs are not told',
        { [key]: { aclList: [{ name: 'OPERATORS' }] } },
        `\`${command}\` does not tell 0.configuredVrfs`,
        { number: 1 },
      ),
    ],
  )
}

const entry = (sequenceNumber: number, text: string) => ({ sequenceNumber, text })

/** What the checks of access lists must say. */
export const accessListsSecurity: readonly Row[] = [
  ...serviceAclRows({
    check: 'VerifySSHIPv4Acl',
    command: 'show management ssh ip access-list summary',
    key: 'ipAclList',
    lists: 'SSH IPv4 ACL(s)',
    miscounted: 'SSH IPv4 ACL(s) count mismatch',
  }),
  ...serviceAclRows({
    check: 'VerifySSHIPv6Acl',
    command: 'show management ssh ipv6 access-list summary',
    key: 'ipv6AclList',
    lists: 'SSH IPv6 ACL(s)',
    miscounted: 'SSH IPv6 ACL(s) count mismatch',
  }),
  ...serviceAclRows({
    check: 'VerifyAPIIPv4Acl',
    command: 'show management api http-commands ip access-list summary',
    key: 'ipAclList',
    lists: 'eAPI IPv4 ACL(s)',
    miscounted: 'eAPI IPv4 ACL(s) count mismatch',
  }),
  ...serviceAclRows({
    check: 'VerifyAPIIPv6Acl',
    command: 'show management api http-commands ipv6 access-list summary',
    key: 'ipv6AclList',
    lists: 'eAPI IPv6 ACL(s)',
    miscounted: 'eAPI IPv6 ACL(s) count mismatch',
  }),
  ...rowsOf(
    'VerifyIPv4ACL',
    {
      command: 'show ip access-lists',
      empty: 'answered in an unknown shape at aclList',
      inputs: {
        ipv4_access_lists: [
          {
            name: 'EDGE',
            entries: [
              { sequence: 10, action: 'permit icmp any any' },
              { sequence: '20', action: 'deny ip any any' },
            ],
          },
        ],
      },
    },
    [
      passes('the entries, among others', {
        aclList: [
          { name: 'CORE', sequence: [] },
          {
            name: 'EDGE',
            sequence: [entry(20, 'deny ip any any'), entry(15, 'permit tcp any any'), entry(10, 'permit icmp any any')],
          },
        ],
      }),
      fails(
        'one entry is another, one is missing',
        { aclList: [{ name: 'EDGE', sequence: [entry(10, 'deny icmp any any'), entry(30, 'deny ip any any')] }] },
        `
          ACL name: EDGE Sequence: 10 - action mismatch - Expected: permit icmp any any Actual: deny icmp any any
          ACL name: EDGE Sequence: 20 - Not configured
        `,
      ),
      fails('another list', { aclList: [{ name: 'CORE' }] }, 'ACL name: EDGE - Not configured'),
      fails('no list', { aclList: [] }, 'No Access Control List (ACL) configured'),
    ],
  ),
]

const NOW = 1_700_000_000
const DAY = 86_400

const clock = { utcTime: NOW + 0.25 }

const certificate = (
  notAfter: number,
  commonName = 'leaf1.example.com',
  encryptionAlgorithm = 'ECDSA',
  size = 384,
) => ({
  certificates: { 'leaf1.crt': { subject: { commonName }, notAfter, publicKey: { encryptionAlgorithm, size } } },
})

const asked = {
  certificate_name: 'leaf1.crt',
  expiry_threshold: 30,
  common_name: 'leaf1.example.com',
  encryption_algorithm: 'ECDSA',
  key_size: 384,
}

const banner = 'Example Networks\n  authorized access only\n'

/** What the checks of certificates and banners must say. */
export const certificatesAndBannersSecurity: readonly Row[] = [
  ...rowsOf(
    'VerifyAPISSLCertificate',
    { command: 'show management security ssl certificate', inputs: { certificates: [asked] } },
    [
      passes('as long as the threshold', [certificate(NOW + 30 * DAY + 1), clock]),
      fails(
        'its last day',
        [certificate(NOW + 600), clock],
        'Certificate: leaf1.crt - set to expire within the threshold - Threshold: 30 days Actual: 0 days',
      ),
      fails(
        'expired, and all else is wrong',
        [certificate(NOW - 1, 'leaf2.example.com', 'RSA', 2048), clock],
        `
          Certificate: leaf1.crt - certificate expired
          Certificate: leaf1.crt - incorrect common name - Expected: leaf1.example.com Actual: leaf2.example.com
          Certificate: leaf1.crt - incorrect encryption algorithm - Expected: ECDSA Actual: RSA
          Certificate: leaf1.crt - incorrect public key - Expected: 384 Actual: 2048
        `,
      ),
      fails(
        'nothing is told of it',
        [{ certificates: { 'leaf1.crt': {} } }, clock],
        'Certificate: leaf1.crt - Not found',
      ),
      fails('it is not there', [{ certificates: {} }, clock], 'Certificate: leaf1.crt - Not found'),
      errs(
        'a size that its algorithm does not have',
        [],
        'the check `VerifyAPISSLCertificate` does not accept its inputs at certificates.0.key_size: the algorithm has no key of that size',
        { certificates: [{ ...asked, key_size: 2048 }] },
      ),
      errs('empty', [{}, {}], '`show clock` answered in an unknown shape at utcTime'),
    ],
  ),
  ...rowsOf(
    'VerifyBannerLogin',
    {
      command: 'show banner login',
      empty: 'answered in an unknown shape at loginBanner',
      inputs: { login_banner: banner },
    },
    [
      passes('the banner', { loginBanner: banner }),
      fails('no banner', { loginBanner: '' }, 'Login banner is not configured'),
    ],
  ),
  ...rowsOf(
    'VerifyBannerMotd',
    {
      command: 'show banner motd',
      empty: 'answered in an unknown shape at motd',
      inputs: { motd_banner: 'Maintenance on Sunday\n' },
    },
    [
      passes('the banner', { motd: 'Maintenance on Sunday\n' }),
      fails('its last line does not end', { motd: 'Maintenance on Sunday' }, [
        "Incorrect MOTD banner configured - Expected: 'Maintenance on Sunday\n' Actual: 'Maintenance on Sunday'",
      ]),
      fails('no banner', { motd: '' }, 'MOTD banner is not configured'),
    ],
  ),
]

const connection = (saddr: string, daddr: string, tunnelNs: string, ...states: readonly string[]) => ({
  saddr,
  daddr,
  tunnelNs,
  pathDict: Object.fromEntries(states.map((state, index) => [`path${index + 1}`, state])),
})

const up = connection('198.51.100.1', '203.0.113.1', 'default', 'Established')
const down = connection('198.51.100.2', '203.0.113.2', 'default', 'Established', 'Idle')

const one = { ip_security_connections: [{ peer: '192.0.2.1' }] }

const given = {
  ip_security_connections: [
    {
      peer: '192.0.2.1',
      description: 'hub',
      vrf: 'default',
      connections: [
        { source_address: '198.51.100.2', destination_address: '203.0.113.2' },
        { source_address: '198.51.100.1', destination_address: '203.0.113.1' },
      ],
    },
  ],
}

/** What the checks of IPsec must say. */
export const ipsecSecurity: readonly Row[] = [
  ...rowsOf(
    'VerifyIPSecConnHealth',
    { command: 'show ip security connection vrf all', empty: 'answered in an unknown shape at connections' },
    [
      passes('all established', {
        connections: { a: up, b: connection('198.51.100.9', '203.0.113.9', 'WAN', 'Established') },
      }),
      fails(
        'one path is idle',
        { connections: { a: down, b: up } },
        'Source: 198.51.100.2 Destination: 203.0.113.2 VRF: default - IPv4 security connection not established',
      ),
      errs(
        'a connection without paths',
        { connections: { a: up, c: connection('198.51.100.3', '203.0.113.3', 'WAN') } },
        '`show ip security connection vrf all` does not tell connections.c.pathDict',
      ),
      fails('none', { connections: {} }, 'No IPv4 security connection configured'),
    ],
  ),
  ...rowsOf(
    'VerifySpecificIPSecConn',
    {
      command: 'show ip security connection vrf default path peer 192.0.2.1',
      empty: 'answered in an unknown shape at connections',
      inputs: one,
    },
    [
      passes('all of the peer', { connections: { a: up } }),
      passes(
        'no connection given',
        { connections: { a: up } },
        {
          ip_security_connections: [{ peer: '192.0.2.1', connections: [] }],
        },
      ),
      fails(
        'one given is down, one is of another VRF',
        { connections: { a: connection('198.51.100.1', '203.0.113.1', 'WAN', 'Established'), b: down } },
        `
          Peer: 192.0.2.1 (hub) VRF: default Source: 198.51.100.2 Destination: 203.0.113.2 - Connection down - Expected: Established Actual: Idle
          Peer: 192.0.2.1 (hub) VRF: default Source: 198.51.100.1 Destination: 203.0.113.1 - Connection not found
        `,
        given,
      ),
      fails(
        'a peer with a description has none',
        { connections: {} },
        'Peer: 192.0.2.1 (hub) VRF: default - Not configured',
        given,
      ),
    ],
  ),
]

const ssh = (status: string, fips: string) => `SSHD status for Default VRF: ${status}\nFIPS status: ${fips}\n`

const api = { enabled: true, httpServer: { configured: false, running: false, port: 80 } }

const profile = (name: string, state: string) => ({ ...api, sslProfile: { name, configured: true, state } })

/** What the checks of SSH, Telnet, eAPI and entropy must say. */
export const managementSecurity: readonly Row[] = [
  ...rowsOf('VerifySSHStatus', { command: 'show management ssh' }, [
    passes('disabled', ssh('disabled', 'disabled')),
    passes('as eAPI gives text', { output: 'SSHD status for Default VRF is disabled\r\n' }),
    fails('enabled', ssh('enabled', 'disabled'), 'SSHD status for Default VRF: enabled'),
    passes('disabled in another VRF only', 'SSHD status for VRF MGMT: disabled\n'),
    fails('empty', '', 'Could not find SSH status in returned output'),
  ]),
  ...rowsOf('VerifySSHFIPSRestrictions', { command: 'show management ssh' }, [
    passes('enabled', ssh('enabled', 'enabled')),
    fails(
      'disabled',
      ssh('enabled', 'disabled'),
      'FIPS restrictions not enabled in management SSH - FIPS status: disabled',
    ),
    fails('empty', '', "FIPS status not found in 'show management ssh' output"),
  ]),
  ...rowsOf(
    'VerifyTelnetStatus',
    { command: 'show management telnet', empty: 'answered in an unknown shape at serverState' },
    [
      passes('disabled', { serverState: 'disabled' }),
      fails('enabled', { serverState: 'enabled' }, 'Telnet status for Default VRF is enabled'),
    ],
  ),
  ...rowsOf('VerifyAPIHttpStatus', { command: 'show management api http-commands', empty: 'does not tell enabled' }, [
    passes('HTTPS only', api),
    fails(
      'HTTP too',
      { enabled: true, httpServer: { configured: true, running: true, port: 80 } },
      'eAPI HTTP server is enabled globally',
    ),
  ]),
  ...rowsOf('VerifyAPIHttpsSSL', { command: 'show management api http-commands', inputs: { profile: 'API' } }, [
    passes('the profile, valid', profile('API', 'valid')),
    fails(
      'the profile, invalid',
      profile('API', 'invalid'),
      'eAPI HTTPS server SSL profile API is misconfigured or invalid',
    ),
    fails('empty', {}, 'eAPI HTTPS server SSL profile API is not configured'),
  ]),
  ...rowsOf('VerifyHardwareEntropy', { command: 'show management security' }, [
    passes('enabled', { hardwareEntropyEnabled: true }),
    fails('disabled', { hardwareEntropyEnabled: false }, 'Hardware entropy generation is disabled'),
    fails('empty', {}, 'Hardware entropy generation is disabled'),
  ]),
]

/** What the checks of `security` must say. */
export const securityChecks: readonly Row[] = [
  ...accessListsSecurity,
  ...certificatesAndBannersSecurity,
  ...ipsecSecurity,
  ...managementSecurity,
]
