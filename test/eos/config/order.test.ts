import { expect, test } from 'vitest'
import { orderGroup } from '../../../src/eos/config/diff/order.ts'

test.each([
  ['permit ip any any', 'ip access-list X', ''],
  ['10 permit ip any any', 'ip access-list X', undefined],
  ['remark first', 'ipv6 access-list X', ''],
  ['statistics per-entry', 'ip access-list X', undefined],
  ['seq 10 permit 10.0.0.0/8', 'ip prefix-list X', undefined],
  ['permit 10.0.0.0/8', 'ip prefix-list X', ''],
  ['class VOICE', 'policy-map type quality-of-service X', ''],
  ['match ip address prefix-list Y', 'route-map X permit 10', undefined],
  ['permit 10.0.0.0/8', undefined, undefined],
  ['ip community-list standard C permit 65001:1', undefined, 'ip community-list standard C'],
  ['ip as-path access-list A deny ^65001_ any', undefined, 'ip as-path access-list A'],
  ['ip prefix-list P seq 10 permit 10.0.0.0/8', undefined, undefined],
  ['ip prefix-list P permit 10.0.0.0/8', undefined, 'ip prefix-list P'],
  ['route-map R permit 10', undefined, undefined],
  ['route-map R deny', undefined, 'route-map R'],
  ['ip name-server vrf MGMT 10.0.0.1', undefined, 'ip name-server'],
  ['tacacs-server host 10.0.0.1', undefined, 'tacacs-server host'],
  ['tacacs-server key 7 00', undefined, undefined],
  ['server 10.0.0.1', 'aaa group server radius G', ''],
  ['server 10.0.0.1', 'management ldap', undefined],
  ['ntp server 10.0.0.1', undefined, undefined],
  ['interface Ethernet1', undefined, undefined],
])('%s under %s is ordered within %s', (line, parent, group) => {
  expect(orderGroup(line, parent)).toBe(group)
})
