import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Anonymizer, cablesOf, InventedAddresses, type RecordedSwitch } from '../../../src/lab/record/fabric-folder.ts'
import { linesOf } from '../../table.ts'

const addresses = new InventedAddresses('k'.repeat(64))

describe('invented addresses', () => {
  test.each(
    [
      [
        '0.0.0.0/0',
        '255.255.255.0',
        '127.0.0.1',
        '224.0.0.5',
        '169.254.1.1',
        'fe80::1',
        '::',
        '::/0',
        'ff02::1',
        '4.32.2F',
        'EOS-4.36.0.1F',
      ],
      [
        '00:00:00:00:00:00',
        'ff:ff:ff:ff:ff:ff',
        '01:00:5e:00:00:05',
        '12:34:56',
        '65000:100',
        '1.2.3',
        '300.1.1.1',
        '1.2.3.4.5',
      ],
    ].flat(),
  )('%s stays', (text) => {
    expect(addresses.in(text)).toBe(text)
  })

  test.each([
    [/^10\.\d+\.\d+\.1$/, '10.1.2.1'],
    [/^172\.(?:1[6-9]|2\d|3[01])\.\d+\.9$/, '172.20.4.9'],
    [/^192\.168\.\d+\.1$/, '192.168.7.1'],
    [/^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+\.1$/, '100.64.7.1'],
    [/^10\.\d+\.0\.0\/16$/, '10.1.0.0/16'],
    [/^2001:db8:[0-9a-f]+::1$/, '2001:db8:7::1'],
    [/^00:1c:73:[0-9a-f:]{8}$/, '00:1c:73:aa:02:01'],
    [/^001c\.73[0-9a-f]{2}\.[0-9a-f]{4}$/, '001c.73aa.0201'],
  ])('%s for %s', (form, text) => {
    expect(addresses.in(text)).toMatch(form)
    expect(addresses.in(text)).not.toBe(text)
    expect(addresses.in(`neighbor ${text} peer`)).toBe(`neighbor ${addresses.in(text)} peer`)
  })

  test('the two forms of a MAC address stay one', () => {
    const colons = addresses.in('00:1c:73:aa:02:01').replaceAll(':', '')
    expect(addresses.in('001c.73aa.0201').replaceAll('.', '')).toBe(colons)
  })

  test('two addresses share as long a prefix as before', () => {
    const octet = fc.integer({ min: 0, max: 255 })
    const address = fc.tuple(
      fc.constantFrom(10, 100, 169, 172, 192, 198, 203),
      fc.oneof(octet, fc.constantFrom(16, 18, 64, 168, 254)),
      octet,
      octet,
    )
    const bits = (text: string) =>
      text
        .split('.')
        .map((one) => Number(one).toString(2).padStart(8, '0'))
        .join('')
    const shared = (a: string, b: string) => [...bits(a)].findIndex((bit, at) => bit !== bits(b)[at])
    fc.assert(
      fc.property(address, address, (a, b) => {
        const [one, two] = [a.join('.'), b.join('.')]
        expect(shared(addresses.in(one), addresses.in(two))).toBe(shared(one, two))
      }),
      { numRuns: 300 },
    )
  })
})

const RUNNING = `hostname edge1
!
username netops privilege 15 role network-operator nopassword
!
dns domain corp.example.org
!
snmp-server location Cologne, room 7
!
interface Ethernet1
   description P2P_TO_H-CORE1_Ethernet3
   ip address 10.1.2.1/31
!
banner motd
Property of Example Corp
EOF
!
end
`
const one: RecordedSwitch = {
  name: 'lab-a',
  identity: { serial: 'JPE00000001', systemMac: '00:1c:73:00:00:01', eos: '4.32.2F', model: 'x' },
  running: RUNNING,
  outputs: [],
}

describe('anonymous', () => {
  const anonymizer = new Anonymizer('k'.repeat(64), [one], ['core1.corp.example.org', 'edge1.corp.example.org'])

  test('a configuration tells nothing of whose it is, and does the same', () => {
    const text = anonymizer.text(RUNNING)
    expect(text).not.toContain('10.1.2.1/')
    expect(text.replace(/text-[0-9a-f]{8}$/gm, 'WORDS').replace(/10(?:\.\d+){3}\/31$/m, 'ADDRESS')).toBe(`hostname sw1
!
username user1 privilege 15 role network-operator nopassword
!
dns domain example.com
!
snmp-server location WORDS
!
interface Ethernet1
   description WORDS
   ip address ADDRESS
!
banner motd
WORDS
EOF
!
end
`)
  })

  test('a model follows: names, descriptions, keys', () => {
    expect(
      anonymizer.model({
        neighbors: { 'core1.corp.example.org': 'to_EDGE1_port' },
        description: 'anything',
        serial: 'JPE00000001',
        n: 7,
      }),
    ).toEqual({
      neighbors: { 'heard3.example.com': 'to_sw1_port' },
      description: expect.stringMatching(/^text-/),
      serial: expect.stringMatching(/^ANON[0-9A-F]{7}$/),
      n: 7,
    })
    expect(anonymizer.text('lab-a/running-config')).toBe('sw1/running-config')
    expect(anonymizer.text('edge11 and core10')).toBe('edge11 and core10')
  })
})

describe('cables', () => {
  const heard = (port: string, device: string, neighborPort: string) => ({
    port,
    neighborDevice: device,
    neighborPort,
    ttl: 120,
  })
  const withLldp = (name: string, ...neighbors: readonly ReturnType<typeof heard>[]) => ({
    ...one,
    name,
    outputs: [
      { command: 'show lldp neighbors', json: { lldpNeighbors: neighbors } },
      {
        command: 'show interfaces status',
        json: {
          interfaceStatuses: {
            Ethernet1: { linkStatus: 'connected' },
            Ethernet9: { linkStatus: 'connected' },
            Ethernet10: { linkStatus: 'notconnect' },
            Management1: { linkStatus: 'connected' },
          },
        },
      },
    ],
  })

  test('each once, the first neighbour of a port, made-up hosts where nobody is heard', () => {
    const leaf = withLldp(
      'leaf1',
      heard('Ethernet1', 'spine1.example.net', 'Ethernet3'),
      heard('Ethernet2', 'a phone', '00:1c:73:aa:02:01'),
      heard('Ethernet2', 'pc', 'eth0'),
    )
    const spine = withLldp('s1', heard('Ethernet3', 'leaf1', 'Ethernet1'))
    const hostnames = new Map([
      ['spine1', 's1'],
      ['leaf1', 'leaf1'],
    ])
    expect(cablesOf([leaf, spine], hostnames)).toEqual(
      linesOf(`
      leaf1:Ethernet1 - s1:Ethernet3
      leaf1:Ethernet2 - a-phone:001c.73aa.0201
      leaf1:Ethernet9 - unheard-3:eth0
      s1:Ethernet1 - unheard-4:eth0
      s1:Ethernet9 - unheard-5:eth0
    `),
    )
  })
})
