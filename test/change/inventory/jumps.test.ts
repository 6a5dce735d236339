import { describe, expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'

const HEAD = `credentials: { rw: { username: rw, password: '\${file:/p}' }, jumper: { username: j, agent: true }, sim: { username: a, password: b, simulated: true } }
defaults: { credentials: rw }
`

function ways(text: string) {
  const read = parseInventory(HEAD + text, 'inventory.yaml')
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return Object.fromEntries(read.value.devices.map(({ name, via = [] }) => [name, via.map((hop) => hop.name)]))
}

function faults(text: string) {
  const read = parseInventory(HEAD + text, 'inventory.yaml')
  return read.ok ? [] : read.problems.map(({ code, at, message }) => `${at.line}:${at.column} ${code} ${message}`)
}

describe('the way to a switch', () => {
  test('is its own, else that of its strongest group, else that of the defaults', () => {
    const text = `jumps:
  a: { host: 192.0.2.1, credentials: jumper }
  b: { host: '2001:db8::1', port: 2222, credentials: jumper, via: a }
  c: { host: c.example, credentials: jumper }
groups: { all: { via: c }, DC1: { via: b, children: [LEAVES] }, LEAVES: {}, DC2: {} }
devices:
  own: { host: 10.0.0.1, via: [c, a], groups: [DC1] }
  none: { host: 10.0.0.2, via: [], groups: [DC1] }
  grouped: { host: 10.0.0.3, groups: [LEAVES] }
  all: { host: 10.0.0.4, groups: [DC2] }
`
    expect(ways(text)).toEqual({ own: ['c', 'a'], none: [], grouped: ['a', 'b'], all: ['c'] })
    expect(ways(text.replace('all: { via: c }, ', ''))).toMatchObject({ all: [] })
  })

  test('has of each jump host where it is, how it is known, and who logs in', () => {
    const text = `jumps:
  a: { host: '2001:db8::1', credentials: jumper, ssh: { knownHosts: certs/known, hostKey: strict } }
devices: { leaf1: { host: 10.0.0.1, via: a } }
`
    const read = parseInventory(HEAD + text, 'inventory.yaml')
    expect(read.ok ? read.value.devices[0]?.via : read.problems).toEqual([
      {
        name: 'a',
        host: '2001:db8::1',
        port: 22,
        credentials: 'jumper',
        hostKey: { mode: 'known-hosts', file: 'certs/known', strict: true },
      },
    ])
  })

  test('may lead to one address twice behind different jump hosts, and not behind the same', () => {
    const text = (via: string) => `jumps:
  a: { host: 192.0.2.1, credentials: jumper }
  b: { host: 192.0.2.2, credentials: jumper }
devices:
  one: { host: 10.0.0.1, via: a }
  two: { host: 10.0.0.1, via: ${via} }
`
    expect(faults(text('b'))).toEqual([])
    expect(faults(text('a'))).toEqual(['8:16 shared-address `two` has the address of `one`: 10.0.0.1 port 443'])
  })
})

test.each([
  ['another port, as behind one address of many', '192.0.2.1, port: 2222', '192.0.2.1'],
  ['loopback, which is that of another host', '127.0.0.1', '127.0.0.1'],
  ['loopback of IPv6', "'::1'", "'::1'"],
  ['an address of one link', "'fe80::1%eth0'", "'fe80::1%eth0'"],
  ['two names', 'bastion.example', 'core.example'],
])('is no loop with %s', (_what, first, second) => {
  const text = (via: string) => `jumps:
  a: { host: ${first}, credentials: jumper }
  b: { host: ${second}, credentials: jumper, via: a }
devices: { leaf1: { host: ${second}, transport: ssh, via: ${via} } }
`
  expect(ways(text('a'))).toEqual({ leaf1: ['a'] })
  expect(ways(text('b').replace(`host: ${second}, transport`, 'host: 10.0.0.1, transport'))).toEqual({
    leaf1: ['a', 'b'],
  })
})

test.each([
  [
    'a name that no jump host has',
    'devices: { leaf1: { host: 10.0.0.1, via: bastion } }',
    '3:42 unknown-jump there is no jump host `bastion`',
  ],
  [
    'a name in a list',
    'jumps: { bastion: { host: h, credentials: jumper } }\ndevices: { leaf1: { host: 10.0.0.1, via: [bastion, bation] } }',
    '4:52 unknown-jump there is no jump host `bation`',
  ],
  [
    'a loop',
    'jumps:\n  a: { host: h, credentials: jumper, via: b }\n  b: { host: i, credentials: jumper, via: a }\ndevices: { leaf1: { host: 10.0.0.1, via: a } }',
    '5:43 jump-loop the way to `a` leads through itself: a > b > a',
  ],
  [
    'a jump host twice in a list',
    'jumps: { a: { host: h, credentials: jumper } }\ndevices: { leaf1: { host: 10.0.0.1, via: [a, a] } }',
    '4:42 jump-loop the way to `a` leads through itself: a > a',
  ],
  [
    'a loop through two names of one address, once for all who take it',
    `jumps:
  a: { host: 192.0.2.1, credentials: jumper }
  b: { host: 192.0.2.2, credentials: jumper, via: a }
  c: { host: 192.0.2.1, port: 22, credentials: jumper, via: b }
groups: { all: { via: c } }
devices: { leaf1: { host: 10.0.0.1 }, leaf2: { host: 10.0.0.2, via: c } }`,
    '6:61 jump-loop the way to `c` leads through itself: `a` has its address, 192.0.2.1 port 22',
  ],
  [
    'two names of one address in a list, in two spellings',
    "jumps: { a: { host: '2001:db8::1', credentials: jumper }, b: { host: '2001:DB8:0::1', credentials: jumper } }\ndevices: { leaf1: { host: 10.0.0.1, via: [a, b] } }",
    '4:42 jump-loop the way to `b` leads through itself: `a` has its address, 2001:db8::1 port 22',
  ],
  [
    'two names of one name',
    'jumps: { a: { host: Bastion.example, credentials: jumper }, b: { host: bastion.example., credentials: jumper } }\ndevices: { leaf1: { host: 10.0.0.1, via: [a, b] } }',
    '4:42 jump-loop the way to `b` leads through itself: `a` has its address, Bastion.example port 22',
  ],
  [
    'a switch that is its own jump host',
    'jumps: { spine1: { host: 10.0.0.9, credentials: jumper } }\ngroups: { all: { via: spine1 } }\ndevices: { spine1: { host: 10.0.0.9, transport: ssh }, leaf1: { host: 10.0.0.1 } }',
    '5:28 jump-loop the way to `spine1` leads through itself: `spine1` has its address, 10.0.0.9 port 22',
  ],
  [
    'two ways to one jump host',
    'jumps:\n  a: { host: h, credentials: jumper }\n  b: { host: i, credentials: jumper, via: a }\ndevices: { leaf1: { host: 10.0.0.1, via: [a, b] } }',
    '6:42 jump-two-ways `b` is reached through the one before it here, and its own `via` says another way',
  ],
  [
    'an unknown user',
    'jumps: { a: { host: h, credentials: nobody } }\ndevices: { leaf1: { host: 10.0.0.1 } }',
    '3:37 unknown-credential there is no credential `nobody`',
  ],
  [
    'an address that is none',
    "jumps: { a: { host: '[::1]', credentials: jumper } }\ndevices: { leaf1: { host: 10.0.0.1 } }",
    '3:21 bad-host `[::1]` is neither an address nor a host name',
  ],
  [
    'two proofs at once',
    `jumps: { a: { host: h, credentials: jumper, ssh: { knownHosts: k, hostKey: 'SHA256:${'A'.repeat(43)}' } } }\ndevices: { leaf1: { host: 10.0.0.1 } }`,
    '3:50 ssh-contradiction `ssh` asks for knownHosts and hostKey at once',
  ],
  [
    'a simulated login on the way',
    'jumps: { a: { host: 192.0.2.1, credentials: sim } }\ndevices: { leaf1: { host: 10.0.0.1 } }',
    '3:21 simulated-login the simulated login is not for 192.0.2.1',
  ],
  [
    'plain HTTP behind a jump host, at what is loopback there',
    'jumps: { a: { host: h, credentials: jumper } }\ndevices: { leaf1: { host: 127.0.0.1, protocol: http, via: a } }',
    '4:48 plain-http plain http to 127.0.0.1 behind a jump host would send the password in clear text',
  ],
  [
    'the agent over eAPI',
    'devices: { leaf1: { host: 10.0.0.1, credentials: jumper } }',
    '3:50 no-password the credential `jumper` has no password, and eAPI takes no key',
  ],
])('%s is a problem with its place', (_what, text, fault) => {
  expect(faults(`${text}\n`)).toEqual([fault])
})
