import { describe, expect, test } from 'vitest'
import { oneSwitchFabric, parseFabric } from '../../../src/eos/sim/fabric/fabric.ts'
import { readFabricFolder } from '../../../src/lab/trial/start-fabric.ts'
import { startFabric, VirtualClock } from '../../../src/testing.ts'
import { DC1 } from '../../lab/checkout.ts'
import { linesOf } from '../../table.ts'
import { CONFIG } from './simulate.ts'

const beside = (path: string) => (path.endsWith('running-config') ? CONFIG : undefined)
const parse = (text: string) => parseFabric(text, 'f/fabric.yaml', beside)

/** `line:column code: message` of every problem. */
function problems(text: string) {
  const parsed = parse(text)
  if (parsed.ok) return []
  expect(parsed.problems.every(({ hint }) => hint !== undefined && hint !== '')).toBe(true)
  return parsed.problems.map(({ at, code, message }) => `${at.file}:${at.line}:${at.column} ${code}: ${message}`)
}

describe('fabric.yaml', () => {
  test('a whole one', () => {
    const parsed = parse(`version: 1
name: lab
credentials: { username: op, password: pw }
devices:
  leaf1: { eos: 4.31.4M, model: DCS-7050SX3-48YC8, serial: ABC1, mac: '00:1c:73:00:00:01' }
  spine1: { eos: 4.32.2F }
cabling:
  - leaf1:Ethernet1 - spine1:Ethernet49/1
  - leaf1:Ethernet2 -- host1:eth0
faults:
  - { device: leaf1, kind: slow, before: 2 }
`)
    expect(parsed).toMatchObject({ ok: true })
    expect(parsed.ok && parsed.value).toEqual({
      name: 'lab',
      credentials: { username: 'op', password: 'pw' },
      devices: [
        {
          name: 'leaf1',
          eos: '4.31.4M',
          model: 'DCS-7050SX3-48YC8',
          serial: 'ABC1',
          mac: '00:1c:73:00:00:01',
          config: CONFIG,
        },
        {
          name: 'spine1',
          eos: '4.32.2F',
          model: 'cEOSLab',
          serial: expect.stringMatching(/^SIM[0-9A-F]{8}$/),
          mac: expect.stringMatching(/^00:1c:73(:[0-9a-f]{2}){3}$/),
          config: CONFIG,
        },
      ],
      cabling: [
        { a: { device: 'leaf1', port: 'Ethernet1' }, b: { device: 'spine1', port: 'Ethernet49/1' } },
        { a: { device: 'leaf1', port: 'Ethernet2' }, b: { device: 'host1', port: 'eth0' } },
      ],
      faults: [{ device: 'leaf1', kind: 'slow', before: 2 }],
    })
  })

  test.each([
    ['', ['f/fabric.yaml:1:1 empty-file: the file is empty']],
    ['version: 1\nname: x\ndevices: {}\n', ['f/fabric.yaml:3:10 no-devices: the fabric has no switch']],
    [
      'version: 1\nname: x\ndevices:\n  a: { eos: 4.31.4M, os: 5 }\n',
      ['f/fabric.yaml:4:22 unknown-key: the key `os` is not known in `devices.a`'],
    ],
    [
      'version: 1\nname: x\ndevices:\n  a: { eos: 5 }\n',
      ['f/fabric.yaml:4:13 wrong-type: `devices.a.eos` must be text, not 5'],
    ],
    [
      'version: 1\nname: x\ndevices:\n  a: { eos: 4.31.4M, config: a/none }\n',
      ['f/fabric.yaml:4:22 missing-file: the configuration `a/none` is not there'],
    ],
    [
      'version: 1\nname: x\ndevices:\n  a: { eos: 4.31.4M }\ncabling:\n  - a-Ethernet1\n',
      ['f/fabric.yaml:6:5 invalid-cable: `a-Ethernet1` is no cable'],
    ],
    [
      'version: 1\nname: x\ndevices:\n  a: { eos: 4.31.4M }\ncabling:\n  - b:Ethernet1 - c:Ethernet1\n',
      ['f/fabric.yaml:6:5 unknown-device: `b` is no switch of this fabric'],
    ],
    [
      'version: 1\nname: x\ndevices:\n  a: { eos: 4.31.4M }\ncabling:\n  - a:Et1 - c:e1\n  - a:Et1 - d:e1\n',
      ['f/fabric.yaml:7:5 port-used-twice: `a:Et1` has a cable already'],
    ],
    [
      'version: 1\nname: x\ndevices:\n  a: { eos: 4.31.4M }\nfaults:\n  - { device: z, kind: reset-after-commit }\n',
      ['f/fabric.yaml:6:15 unknown-device: `z` is no switch of this fabric'],
    ],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual(expected)
  })

  test('all problems of a file at once, in its order', () => {
    const found = problems(`version: 2
devices:
  a: { eos: x }
faults:
  - { device: a, kind: meteor }
`)
    expect(found.map((problem) => problem.split(':', 2)[1])).toEqual(expect.arrayContaining(['1', '3', '5']))
  })
})

describe('a fabric of one switch', () => {
  test('version, model and name come from the configuration', () => {
    const [device] = oneSwitchFabric(CONFIG).devices
    expect(device).toMatchObject({ name: 'sw1', eos: '4.31.4M', model: 'DCS-7050SX3-48YC8', managementOutside: true })
    expect(oneSwitchFabric('hostname x\n', { eos: '4.28.3M', name: 'y' }).devices[0]).toMatchObject({
      name: 'y',
      eos: '4.28.3M',
    })
    expect(oneSwitchFabric('').devices[0]).toMatchObject({ name: 'localhost', eos: '4.32.2F', model: 'cEOSLab' })
  })
})

describe('the bundled fabric', () => {
  test('starts from its folder; every switch prints its configuration and sees its neighbours', async () => {
    const fabric = await startFabric({ folder: DC1, clock: new VirtualClock() })
    try {
      expect(fabric.devices.map(({ name, eos }) => `${name} ${eos}`)).toEqual(
        linesOf(`
        spine1 4.31.4M
        spine2 4.32.2F
        leaf1 4.31.4M
        leaf2 4.31.4M
        leaf3 4.32.2F
        leaf4 4.32.2F
      `),
      )
      const read = readFabricFolder(DC1)
      for (const { name, eapi } of fabric.devices) {
        const cmds = ['enable', 'show running-config']
        const answer = await eapi(
          JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params: { cmds, format: 'text' } }),
        )
        const config = read.ok ? read.value.devices.find((device) => device.name === name)?.config : undefined
        expect(JSON.parse(answer.body).result[1].output).toBe(config)
      }
      const cmds = ['show ip bgp summary']
      const answer = await fabric
        .device('leaf1')
        .eapi(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params: { cmds } }))
      const peers: Record<string, { peerState: string }> = JSON.parse(answer.body).result[0].vrfs.default.peers
      expect(Object.values(peers).map(({ peerState }) => peerState)).toEqual([
        'Established',
        'Established',
        'Established',
      ])
    } finally {
      await fabric.close()
    }
  })

  test('a shut uplink takes the session down on both ends', async () => {
    const fabric = await startFabric({ folder: DC1, clock: new VirtualClock() })
    try {
      const run = async (name: string, ...cmds: string[]) => {
        const answer = await fabric
          .device(name)
          .eapi(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params: { cmds } }))
        return JSON.parse(answer.body).result.at(-1)
      }
      await run('leaf1', 'enable', 'configure', 'interface Ethernet49/1', 'shutdown')
      const leaf = (await run('leaf1', 'show ip bgp summary')).vrfs.default.peers['10.0.1.0']
      const spine = (await run('spine1', 'show ip bgp summary')).vrfs.default.peers['10.0.1.1']
      expect([leaf.peerState, spine.peerState].includes('Established')).toBe(false)
    } finally {
      await fabric.close()
    }
  })

  test('a folder without fabric.yaml', async () => {
    await expect(startFabric('nowhere')).rejects.toThrow('nowhere/fabric.yaml:1:1: there is no fabric.yaml')
  })
})
