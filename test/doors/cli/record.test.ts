import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { RecordedOutput } from '../../../src/eos/sim/platform/facts.ts'
import { type RunningDevice, readFabricFolder, startFabric } from '../../../src/lab/trial/start-fabric.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { ADD_VLAN, CANARIES, leaves, VLAN_TEMPLATE } from '../../e2e/two-leaves.ts'
import { DC1, fileText, inProcess, json, openLab, prints, warns } from '../../lab/lab.ts'

interface Answer {
  readonly result?: readonly unknown[]
  readonly error?: { readonly code: number }
}

/** What a switch answers to one command over HTTP. */
async function ask({ http, username, password }: RunningDevice, cmd: string, format: 'json' | 'text') {
  const response = await fetch(`http://${http.host}:${http.port}/command-api`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    body: JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 't', params: { version: 1, format, cmds: [cmd] } }),
  })
  return (await response.json()) as Answer
}

/** In each form that was recorded, a switch answers as another does. */
async function expectSame(output: RecordedOutput, is: RunningDevice, was: RunningDevice) {
  for (const form of ['json', 'text'] as const) {
    if (output[form] === undefined) continue
    expect(await ask(is, output.command, form)).toEqual(await ask(was, output.command, form))
  }
}

/** Every file of a folder, by its path. */
function filesIn(folder: string) {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  )
  return new Map(paths.sort().map((path) => [path, fileText(folder, path)]))
}

/** The bundled fabric; its clock stands still, so that what it says does. */
const bundled = () => openLab({ world: 'sockets', switches: { folder: DC1, clock: new VirtualClock() }, files: {} })

describe('record', () => {
  test('the bundled fabric, started again from its recording, answers every recorded command the same', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await bundled()
    const ended = await prints(
      0,
      bench.eosflow('record -o fabrics/copy --command', 'show inventory', '--command', 'show vrf'),
      /^Recorded: 6 switches in fabrics\/copy · \d+ outputs, \d+ cables, \d+ secrets replaced\nNext: eosflow sim start fabrics\/copy\n$/,
    )
    expect(ended).toMatchObject({ code: 0, err: '' })
    await prints(0, bench.eosflow('validate'), 'fabrics/copy/fabric.yaml')

    const folder = join(bench.dir, 'fabrics/copy')
    const copy = await startFabric(folder)
    onTestFinished(() => copy.close())
    const read = readFabricFolder(folder)
    if (!read.ok) throw new Error('no fabric')
    const outputs = read.value.devices.flatMap(({ name, recorded = [] }) =>
      recorded.map((output) => ({ name, output })),
    )
    for (const { name, output } of outputs) await expectSame(output, copy.device(name), bench.device(name))
    expect(outputs.length).toBeGreaterThanOrEqual(6 * 61)
    expect(copy.devices.map(({ name, eos }) => `${name} ${eos}`)).toEqual(
      bench.fabric.devices.map(({ name, eos }) => `${name} ${eos}`),
    )
    expect(read.value.devices[2]).toMatchObject({
      model: 'DCS-7280SR3-48YC8',
      serial: 'JPE21310201',
      mac: '00:1c:73:aa:02:01',
    })
  })

  test('its cables alone give the same state, when nothing of what was recorded is answered', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await bundled()
    await bench.eosflow('record -o copy')
    const file = join(bench.dir, 'copy/fabric.yaml')
    const text = readFileSync(file, 'utf8')
    expect(text).toContain('  - "spine1:Ethernet1/1 - leaf1:Ethernet49/1"\n')
    writeFileSync(file, text.replace(/ {4}recorded:\n(?: {6}.*\n)+/g, ''))
    const copy = await startFabric({ folder: join(bench.dir, 'copy'), clock: new VirtualClock() })
    onTestFinished(() => copy.close())
    for (const { name } of copy.devices) {
      for (const command of [
        'show bgp summary vrf all',
        'show interfaces status',
        'show lldp neighbors',
        'show mlag',
      ]) {
        const [is, was] = [copy.device(name), bench.device(name)].map((device) => ask(device, command, 'text'))
        expect([name, command, await is]).toEqual([name, command, await was])
      }
    }
  })

  test('no secret is in any byte; equal ones stay equal, and their form stays', async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(2), files: {} })
    const own = `neighbor 10.1.1.0 password 7 ${CANARIES.bgp}`
    await bench.ok('record -t', 'leaf1 or leaf2', '-o', 'copy')
    const files = filesIn(join(bench.dir, 'copy'))
    expect(files.size).toBeGreaterThan(20)
    for (const [path, content] of files) {
      for (const secret of Object.values(CANARIES)) {
        for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, -3), encodeURIComponent(secret)]) {
          expect(content.includes(form), `${path} holds a secret`).toBe(false)
        }
      }
    }
    const [leaf1 = '', leaf2 = ''] = ['leaf1', 'leaf2'].map((name) => files.get(`${name}/running-config`))
    const invented = (text: string, pattern: RegExp) => pattern.exec(text)?.[1] ?? ''
    const forms = [
      [/secret sha512 (\S+)/, /^\$6\$[A-Za-z0-9]{13,16}\$[A-Za-z0-9]+$/, CANARIES.user],
      [/password 7 (\S+)/, /^[A-Za-z0-9]{20}$/, CANARIES.bgp],
      [/community (\S+) ro/, /^[A-Z][a-z]{2}\d[a-z]{2}[A-Z]/, CANARIES.snmp],
    ] as const
    for (const [place, form, secret] of forms) {
      expect(invented(leaf1, place)).toMatch(form)
      expect(invented(leaf1, place)).toHaveLength(secret.length)
      expect(invented(leaf2, place)).toBe(invented(leaf1, place))
    }
    expect(leaf1).not.toContain(own)
    expect(leaf1).toContain('hostname leaf1\n')
    expect(leaf1).toContain('ip address 10.1.1.1/31')
  })

  test('a plan is made from it, a secret that changed nothing included', { tags: ['long', 'turn'] }, async () => {
    const bench = await openLab({
      world: 'sockets',
      switches: leaves(2),
      files: { 'workflow.yaml': ADD_VLAN, 'vlan.j2': VLAN_TEMPLATE },
      tags: () => ({ role: 'leaf' }),
    })
    await bench.eosflow('record -o copy')
    await prints(
      0,
      bench.eosflow('plan workflow.yaml -p vlan=120 --offline copy'),
      '+ vlan 120',
      'Plan: 2 switches to change',
    )
  })

  test('anonymous: no name, address or description of the source, and the subnets still fit', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await bundled()
    expect(await json(bench.ok('record -o copy --anonymize --json'))).toMatchObject({
      kind: 'recording',
      folder: 'copy',
      devices: [1, 2, 3, 4, 5, 6].map((n) => ({ name: `sw${n}` })),
    })
    const folder = join(bench.dir, 'copy')
    expect(readdirSync(folder)).toEqual(['fabric.yaml', 'sw1', 'sw2', 'sw3', 'sw4', 'sw5', 'sw6'])
    const all = [...filesIn(folder).values()].join('\n')
    const told = [
      'leaf1',
      'spine2',
      'dc1.example.net',
      'JPE21310201',
      '10.0.250.11',
      '00:1c:73:aa:02:01',
      'netops',
      'HV01',
    ]
    expect(
      told.filter((word) => new RegExp(`(?<![\\w.])${word.replaceAll('.', '\\.')}(?![\\w.])`, 'i').test(all)),
    ).toEqual([])
    const copy = await startFabric(folder)
    onTestFinished(() => copy.close())
    for (const device of copy.devices) {
      const { result: [summary] = [] } = await ask(device, 'show ip bgp summary vrf all', 'json')
      const { vrfs } = summary as { vrfs: Record<string, { peers: Record<string, { peerState: string }> }> }
      const states = Object.values(vrfs).flatMap(({ peers }) => Object.values(peers).map(({ peerState }) => peerState))
      expect(states.length).toBeGreaterThan(1)
      expect(new Set(states)).toEqual(new Set(['Established']))
    }
  })

  test('refuses a folder that is not empty, and commands that do more than show or that time would make wrong', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(1), files: { 'full/file': 'x' } })
    await warns(3, bench.eosflow('record -o full'), 'full: the folder is not empty')
    await bench.exits(3, 'record')
    const commands = [
      'reload now',
      'show version',
      'show inventory | include x',
      'show run > flash:x',
      'show lldp-neighbors',
      'show lldp.neighbors',
    ]
    await warns(
      3,
      bench.eosflow('record -o copy', ...commands.flatMap((command) => ['--command', command])),
      '4 problems: nothing was contacted.',
    )
    expect(bench.device('leaf1').requests()).toEqual([])
    await bench.fault({ device: 'leaf1', kind: 'unreachable' })
    await bench.exits(10, 'record -o copy')
    await prints(0, inProcess('record --help'), 'eosflow record -t role:leaf -o fabrics/recorded')
  })
})
