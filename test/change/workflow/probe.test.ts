import { describe, expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { probeSpecs } from '../../../src/change/plan/unmet-rollout.ts'
import { compileWorkflow } from '../../../src/change/workflow/compile.ts'
import { knownChecks } from '../../../src/eos/check/builtin/known-checks.ts'
import { hasAnswered, pingCommand } from '../../../src/eos/device/ping.ts'
import { linesOf } from '../../table.ts'

const compiled = (probe: string, more = '') =>
  compileWorkflow(
    `name: x
targets: leaf1
change: { mode: merge, lines: ['vlan 7'] }
${more}
probe:
${probe}
steps: [snapshot, plan, approve, push, { verify: { checks: [reachable] } }, confirm]
`,
    'x.yaml',
    { files: () => undefined, checks: knownChecks, policyPresent: false },
  )

const inventory = (() => {
  const names = [...Array.from({ length: 8 }, (_, index) => `leaf${index + 1}`), 'spine1']
  const devices = names.map(
    (name, index) => `  ${name}: { host: 192.0.2.${index + 1}, tags: { role: ${name.slice(0, 4)} } }`,
  )
  const text = `version: 1\ndefaults: { transport: eapi, credentials: main }\ncredentials: { main: { username: a, password: '\${env:A}' } }\ndevices:\n${devices.join('\n')}\n`
  const read = parseInventory(text, 'inventory.yaml')
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'))
  return read.value
})()

/** What is asked, or what is wrong and where. */
function asked(probe: string, more = '') {
  const read = compiled(probe, more)
  const specs = read.ok ? probeSpecs(read.value, inventory) : read
  if (!specs.ok) return specs.problems.map(({ message, at }) => `${at.file}:${at.line}:${at.column}: ${message}`)
  return specs.value.map(({ spec }) => `${spec.from}, each ${spec.every} s: ${pingCommand(spec)}`)
}

describe('the pairs that a workflow probes', () => {
  test.each([
    ['  - { from: leaf1, to: 10.0.0.1 }', 'leaf1, each 1 s: ping vrf default 10.0.0.1 size 100 repeat 1 timeout 1'],
    [
      '  - { from: "leaf2 or spine1", to: 2001:DB8:0::1, vrf: PROD, source: Loopback0, every: 5s }',
      `
          leaf2, each 5 s: ping vrf PROD 2001:db8::1 source Loopback0 size 100 repeat 1 timeout 1
          spine1, each 5 s: ping vrf PROD 2001:db8::1 source Loopback0 size 100 repeat 1 timeout 1
        `,
    ],
    ['  - { from: leaf1, to: 10.0.0.1/24 }', 'x.yaml:6:24: `to` is a prefix: only the address of one host can answer'],
    ['  - { from: leaf1, to: 10.0.0.256 }', 'x.yaml:6:24: `to` is no IP address'],
    ['  - { from: leaf1, to: 224.0.0.5 }', 'x.yaml:6:24: `to` is a multicast address: it says nothing of one host'],
    ['  - { from: leaf1, to: "ff02::1" }', 'x.yaml:6:24: `to` is a multicast address: it says nothing of one host'],
    ['  - { from: leaf1, to: "fe80::1" }', 'x.yaml:6:24: `to` is a link-local address: it needs an interface'],
    ['  - { from: leaf1, to: 0.0.0.0 }', 'x.yaml:6:24: `to` is an address that no host has'],
    ['  - { from: leaf1, to: host.example }', 'x.yaml:6:24: `to` is no IP address'],
    ['  - { from: leaf1, to: "10.0.0.1 | bash" }', 'x.yaml:6:24: `to` is no IP address'],
    [
      '  - { from: leaf1, to: 10.0.0.1, vrf: "A B" }',
      'x.yaml:6:39: `vrf` must be a name, such as PROD, without blanks and | ; & < > $ `',
    ],
    [
      '  - { from: leaf1, to: 10.0.0.1, vrf: "A;reload" }',
      'x.yaml:6:39: `vrf` must be a name, such as PROD, without blanks and | ; & < > $ `',
    ],
    [
      '  - { from: leaf1, to: 10.0.0.1, source: "x size 9" }',
      'x.yaml:6:42: `source` must be an address or an interface, such as Loopback0',
    ],
    ['  - { from: leaf1, to: 10.0.0.1, every: 0s }', 'x.yaml:6:41: must be from 1s to 5m'],
    ['  - { from: leaf1, to: 10.0.0.1, every: 6m }', 'x.yaml:6:41: must be from 1s to 5m'],
    ['  - { from: leaf9, to: 10.0.0.1 }', 'x.yaml:6:13: there is no switch `leaf9` in inventory.yaml'],
    ['  - { from: "role:border", to: 10.0.0.1 }', 'x.yaml:6:14: no switch has `role:border`'],
    ['  - { form: leaf1, to: 10.0.0.1 }', 'x.yaml:6:7: the key `form` is not known in `probe[0]`'],
    [
      '  - { from: leaf1, to: 10.0.0.1 }\n  - { from: "leaf*", to: 10.0.0.1 }\n  - { from: leaf1, to: 10.0.0.1, vrf: A }',
      'x.yaml:7:5: leaf1 to 10.0.0.1 is asked already (line 6)',
    ],
    [
      Array.from({ length: 11 }, (_, index) => `  - { from: leaf1, to: 10.0.0.${index + 1} }`).join('\n'),
      'x.yaml:6:5: leaf1 would ask 11 addresses: one switch asks at most 10',
    ],
    [
      Array.from({ length: 7 }, (_, index) => `  - { from: "leaf*", to: 10.0.0.${index + 1} }`).join('\n'),
      'x.yaml:6:5: 56 pairs are probed: at most 50 can be',
    ],
  ])('%s', (probe, expected) => {
    expect(asked(probe)).toEqual(linesOf(expected))
  })

  test('cannot be those of a change over several sites', () => {
    expect(asked('  - { from: leaf1, to: 10.0.0.1 }', 'rollout: { sites: together }')).toEqual([
      'x.yaml:4:12: a worker reaches the switches of one site, so `probe` cannot be asked for all of them',
    ])
  })
})

test.each([
  [
    'PING 10.0.0.1 (10.0.0.1) 72(100) bytes of data.\n80 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.1 ms\n\n1 packets transmitted, 1 received, 0% packet loss, time 0ms',
    true,
  ],
  ['1 packets transmitted, 0 received, 100% packet loss, time 0ms', false],
  [
    'From 10.0.0.0 icmp_seq=1 Destination Host Unreachable\n1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms',
    false,
  ],
  ['connect: Network is unreachable', false],
  ['1 packets transmitted, 1 packets received, 0% packet loss', true],
  ['% Invalid input', undefined],
  ['', undefined],
])('a printed ping, %j: %s', (printed, expected) => {
  expect(hasAnswered(printed)).toBe(expected)
})
