import { expect, test } from 'vitest'
import { readingOf } from '../../simulate/device-texts.ts'

const CANARY = `${'CANARYcanary'.repeat(7)}12`
const config = (vlans: string, uplink: string, spare: string, third: string, mtu = '   mtu 9000\n') => `hostname sw3
!
username admin privilege 15 role network-admin secret sha512 $6$aaaaaaaaaaaaaaaa$${CANARY}
!
vlan 10
   name USERS
!
${vlans}interface Ethernet1
   description UPLINK
${uplink}!
interface Ethernet2
   description ${spare}
${mtu}!
interface Ethernet3
   description ${third}
!
interface Management1
   ip address 192.0.2.13/24
`
const TESTED = 'vlan 998\n   name TESTED\n!\n'
const RIVAL = 'vlan 997\n   name RIVAL\n!\n'
const BY_HAND = 'vlan 701\n   name SOMEBODY\n!\n'
const SHUT = '   shutdown\n'

test.each([
  ['as it was', config('', '', 'SPARE', 'SPARE-3'), 'none', 'none', '', false],
  ['the change', config(TESTED, '', 'MOVED', 'SPARE-3', ''), 'all', 'none', '', false],
  ['half of it', config(TESTED, '', 'SPARE', 'SPARE-3'), 'some', 'none', '', false],
  ['all but what it takes away', config(TESTED, '', 'MOVED', 'SPARE-3'), 'some', 'none', '', false],
  ['only what it takes away', config('', '', 'SPARE', 'SPARE-3', ''), 'some', 'none', '', false],
  [
    'a block that the switch has added',
    config('', '', 'SPARE', 'SPARE-3').replace(
      'interface Management',
      'interface Ethernet48/2\n!\ninterface Management',
    ),
    'none',
    'none',
    '',
    false,
  ],
  [
    'as it is printed',
    `! Command: show running-config\n!\n${config('', '', 'SPARE', 'SPARE-3')}!\nend\n`,
    'none',
    'none',
    '',
    false,
  ],
  ['the other half', config('', '', 'MOVED', 'SPARE-3'), 'some', 'none', '', false],
  ['that of another execution', config(RIVAL, '', 'SPARE', 'TAKEN'), 'none', 'all', '', false],
  ['both', config(RIVAL + TESTED, '', 'MOVED', 'TAKEN', ''), 'all', 'all', '', false],
  ['a VLAN by hand', config(BY_HAND, '', 'SPARE', 'SPARE-3'), 'none', 'none', 'vlan 701', false],
  ['the same line by hand', config('', '', 'BY-HAND', 'SPARE-3'), 'none', 'none', 'BY-HAND', false],
  ['cut off', config(TESTED, SHUT, 'MOVED', 'SPARE-3', ''), 'all', 'none', '', true],
  ['something else', config('', '', 'ELSE', 'SPARE-3'), 'none', 'none', 'another text', false],
  ['a line too many', `${config('', '', 'SPARE', 'SPARE-3')}ip routing\n`, 'none', 'none', 'another text', false],
  ['nothing', '', 'none', 'none', 'another text', false],
] as const)('reads %s from the text alone', (_what, text, main, rival, byHand, cut) => {
  expect(readingOf(text)).toEqual({ main, rival, byHand, cut })
})
