import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf } from './rows-of.ts'

const resolved = {
  messages: ['Server:\t\t192.0.2.53\nAddress:\t192.0.2.53#53\n\nName:\twww.example.com\nAddress: 192.0.2.80\n\n'],
}
const unresolved = {
  messages: ["Server:\t\t192.0.2.53\nAddress:\t192.0.2.53#53\n\n** server can't find nowhere.example: NXDOMAIN\n\n"],
}

const heading = `Errdisable Reason              Timer Status   Timer Interval
------------------------------ ----------------- --------------
`

/** What the checks of `services` must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyHostname', { command: 'show hostname', inputs: { hostname: 'leaf1' } }, [
    passes('the name without its domain', [{ hostname: 'leaf1', fqdn: 'leaf1.example.com' }]),
    fails('another name', [{ hostname: 'leaf2' }], ['Incorrect Hostname - Expected: leaf1 Actual: leaf2']),
    errs('empty', [{}], '`show hostname` answered in an unknown shape at hostname'),
  ]),
  ...rowsOf(
    'VerifyDNSLookup',
    {
      command: 'bash timeout 10 nslookup www.example.com',
      inputs: { domain_names: ['www.example.com', 'nowhere.example'] },
    },
    [
      passes('a name and an alias', [
        resolved,
        {
          messages: [
            'Address:\t192.0.2.53#53\n\nmail.example.com\tcanonical name = a.example.com.\nName:\ta.example.com\nAddress: 192.0.2.25\n',
          ],
        },
      ]),
      errs('one does not resolve', [resolved, unresolved], '`nslookup nowhere.example` printed no address'),
      errs(
        'no name server answers',
        [{ messages: [';; connection timed out; no servers could be reached\n'] }, { messages: [] }],
        '`bash timeout 10 nslookup nowhere.example` answered in an unknown shape at messages',
      ),
      errs(
        'a name that a shell would read otherwise',
        [],
        'the check `VerifyDNSLookup` does not accept its inputs at domain_names.0: expected a domain name, such as www.example.com',
        { domain_names: ['example.com;reload'] },
      ),
      errs('empty', [{}, {}], '`bash timeout 10 nslookup www.example.com` answered in an unknown shape at messages'),
    ],
  ),
  ...rowsOf(
    'VerifyDNSServers',
    {
      command: 'show ip name-server',
      inputs: {
        dns_servers: [
          { server_address: '192.0.2.53', priority: 0 },
          { server_address: '2001:DB8:0::53', vrf: 'MGMT', priority: 1 },
        ],
      },
    },
    [
      passes('both, among others', [
        {
          nameServerConfigs: [
            { ipAddr: '192.0.2.53', vrf: 'MGMT', priority: 2 },
            { ipAddr: '192.0.2.53', vrf: 'default', priority: 0 },
            { ipAddr: '2001:db8::53', vrf: 'MGMT', priority: 1 },
          ],
        },
      ]),
      fails(
        'another priority, another VRF',
        [
          {
            nameServerConfigs: [
              { ipAddr: '192.0.2.53', vrf: 'default', priority: 4 },
              { ipAddr: '2001:db8::53', vrf: 'default', priority: 1 },
            ],
          },
        ],
        [
          'Server 192.0.2.53 VRF: default Priority: 0 - Incorrect priority - Priority: 4',
          'Server 2001:db8::53 VRF: MGMT Priority: 1 - Not configured',
        ],
      ),
      errs(
        'a server of which little is told',
        [{ nameServerConfigs: [{ ipAddr: '192.0.2.53', vrf: 'default' }] }],
        '`show ip name-server` does not tell nameServerConfigs.0.priority',
        { dns_servers: [{ server_address: '192.0.2.53', priority: 0 }] },
      ),
      errs('empty', [{}], '`show ip name-server` answered in an unknown shape at nameServerConfigs'),
    ],
  ),
  ...rowsOf(
    'VerifyErrdisableRecovery',
    { command: 'show errdisable recovery', inputs: { reasons: [{ reason: 'link-flap', interval: 60 }] } },
    [
      passes('enabled after the interval', [`${heading}link-flap                      Enabled                  60\n`]),
      passes(
        'disabled, as expected',
        [`${heading}acl                            Disabled                 300\nlink-flap  Enabled  60\n`],
        { reasons: [{ reason: 'acl', status: 'Disabled', interval: 300 }] },
      ),
      fails(
        'disabled, and another interval',
        [`${heading}link-flap                      Disabled                 300\n`],
        [
          'Reason: link-flap - Invalid status - Expected: Enabled Actual: Disabled',
          'Reason: link-flap - Incorrect interval - Expected: 60 second(s) Actual: 300 second(s)',
        ],
      ),
      fails('empty', [''], ['Reason: link-flap Status: Enabled Interval: 60 - Not found']),
    ],
  ),
  {
    check: 'VerifyDNSLookup',
    name: 'a name without an address',
    inputs: { domain_names: ['nowhere.example'] },
    outputs: [{ messages: ["Server:\t\t192.0.2.53\n\n*** Can't find nowhere.example: No answer\n"] }],
    result: 'failure',
    messages: ['The following domain(s) are not resolved to an IP address: nowhere.example'],
  },
]
