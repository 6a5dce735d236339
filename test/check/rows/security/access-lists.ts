import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'
import { serviceAclRows } from '../service-acls.ts'

const entry = (sequenceNumber: number, text: string) => ({ sequenceNumber, text })

/** What the checks of access lists must say. */
export const rows: readonly Row[] = [
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
      passes('the entries, among others', [
        {
          aclList: [
            { name: 'CORE', sequence: [] },
            {
              name: 'EDGE',
              sequence: [
                entry(20, 'deny ip any any'),
                entry(15, 'permit tcp any any'),
                entry(10, 'permit icmp any any'),
              ],
            },
          ],
        },
      ]),
      fails(
        'one entry is another, one is missing',
        [{ aclList: [{ name: 'EDGE', sequence: [entry(10, 'deny icmp any any'), entry(30, 'deny ip any any')] }] }],
        [
          'ACL name: EDGE Sequence: 10 - action mismatch - Expected: permit icmp any any Actual: deny icmp any any',
          'ACL name: EDGE Sequence: 20 - Not configured',
        ],
      ),
      fails(
        'an entry that is missing',
        [{ aclList: [{ name: 'EDGE', sequence: [{ sequenceNumber: 10, text: 'permit icmp any any' }] }] }],
        ['ACL name: EDGE Sequence: 20 - Not configured'],
      ),
      fails('another list', [{ aclList: [{ name: 'CORE' }] }], ['ACL name: EDGE - Not configured']),
      fails('no list', [{ aclList: [] }], ['No Access Control List (ACL) configured']),
      errs('empty', [{}], '`show ip access-lists` answered in an unknown shape at aclList'),
    ],
  ),
]
