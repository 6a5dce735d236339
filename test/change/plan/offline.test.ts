import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { planDigest } from '../../../src/change/plan/make-plan.ts'
import { offlineEvidence } from '../../../src/change/plan/offline.ts'
import type { Plan } from '../../../src/change/plan/plan.ts'
import { leafLab, running } from '../../e2e/two-leaves.ts'
import { openLab, planIn } from '../../lab/lab.ts'
import { merge, replace } from './material.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')

const TAGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  leaf1: { role: 'leaf', mlag: 'pair1', asn: '65101', loopback: '10.0.250.11' },
  leaf2: { role: 'leaf', mlag: 'pair1', asn: '65101', loopback: '10.0.250.12' },
  leaf3: { role: 'leaf', mlag: 'pair2', asn: '65102', loopback: '10.0.250.13' },
  leaf4: { role: 'leaf', mlag: 'pair2', asn: '65102', loopback: '10.0.250.14' },
}

/** The content without what is not known offline: the operational state, the neighbours, and that no switch was asked. */
function comparable({ content: { neighbors: _neighbors, ...content } }: Plan) {
  const devices = content.devices.map((device) => ({ ...device, base: { ...device.base, state: '' } }))
  return { ...content, devices, offline: false, warnings: [] }
}

describe('a plan made offline', () => {
  test('of the bundled fabric is the one that the switches compute', { tags: ['long', 'turn'] }, async () => {
    const bench = await openLab({
      world: 'sockets',
      switches: { folder: `${root}fixtures/dc1` },
      files: {
        'workflows/add-vlan.yaml': read('workflows/add-vlan.yaml'),
        'workflows/templates/vlan.j2': read('workflows/templates/vlan.j2'),
      },
      tags: (device) => TAGS[device] ?? {},
    })
    const change = ['workflows/add-vlan.yaml', '-p', 'vlan=140', '-p', 'label=NEW', '-p', 'trunks=[Port-Channel1]']
    const online = planIn(await bench.eosflow('plan', ...change, '--json'))
    const offline = planIn(await bench.eosflow('plan', ...change, '--json', '--offline', `${root}fixtures/dc1`))
    const near = online.content.neighbors?.map(({ name }) => name) ?? []
    expect(near.toSorted()).toEqual(['leaf1', 'leaf2', 'leaf3', 'leaf4', 'spine1', 'spine2'])
    expect(offline.content.neighbors).toBeUndefined()
    expect(online.content.devices.map(({ name, diff }) => [name, diff.length])).toEqual([
      ['leaf1', 12],
      ['leaf2', 12],
      ['leaf3', 12],
      ['leaf4', 12],
    ])
    expect(comparable(offline)).toEqual(comparable(online))
    expect(planDigest(comparable(offline))).toBe(planDigest(comparable(online)))
    expect(offline.digest).not.toBe(online.digest)
  })

  test('from a fabric folder is not run: what it changes could not be verified', async () => {
    const bench = leafLab(1)
    const config = running('leaf1', 1)
    bench.write(
      'fabrics/one/fabric.yaml',
      'version: 1\nname: one\ndevices:\n  leaf1: { eos: 4.32.2F, serial: JPE00000001 }\n',
    )
    bench.write('fabrics/one/leaf1/running-config', config)
    const change = ['workflows/add-vlan.yaml', '-p', 'vlan=120', '-o', 'p.plan']
    await bench.ok('plan', ...change, '--offline')
    const why =
      'p.plan:1:1: the plan was made offline, without the state that its checks compare with: interfaces, vlan\n    Plan again without --offline.'
    const { code, err } = await bench.eosflow('run p.plan')
    expect([code, err]).toEqual([3, expect.stringContaining(why)])
    expect(bench.device('leaf1').counters().requests).toBe(0)
  })

  test('[P19] is not approved where it is not run: neither here, nor for another machine, nor by a decision from one', async () => {
    const bench = leafLab(1)
    bench.write(
      'fabrics/one/fabric.yaml',
      'version: 1\nname: one\ndevices:\n  leaf1: { eos: 4.32.2F, serial: JPE00000001 }\n',
    )
    bench.write('fabrics/one/leaf1/running-config', running('leaf1', 1))
    const change = ['workflows/add-vlan.yaml', '-p', 'vlan=120']
    const planned = await bench.eosflow('plan', ...change, '-o', 'p.plan', '--offline')
    expect(planned.out).toContain('! made offline, without the state that its checks compare with: interfaces, vlan\n')
    await bench.ok('plan', ...change, '-o', 'online.plan')
    await bench.ok('approve online.plan -o one.approval')
    const ways = [
      ['approve', 'p.plan'],
      ['approve', 'p.plan', '-o', 'two.approval'],
      ['approve', 'p.plan', '--import', 'one.approval'],
    ]
    const before = (await bench.ok('audit list')).out
    for (const way of ways) {
      const { code, out, err } = await bench.eosflow(...way)
      expect([way, code, out], err).toEqual([way, 3, ''])
      expect(err).toContain('p.plan:1:1: the plan was made offline, without the state that its checks compare with')
    }
    expect((await bench.ok('audit list')).out).toBe(before)
    const digest = planIn(await bench.eosflow('plan', ...change, '--json', '--offline')).digest
    const other = await bench.eosflow('reject p.plan --digest', `sha256:${'0'.repeat(64)}`)
    expect([other.code, other.err]).toEqual([5, expect.stringContaining(`the plan's digest is ${digest}`)])
    await bench.ok(`reject p.plan --digest ${digest}`)
  })

  test('from a snapshot is not run where neighbours are to be watched: nobody has looked at them', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = leafLab(1)
    const workflow = (state: string) => `name: near
targets: leaf1
change: { lines: ['vlan 120'] }
steps:
  - snapshot: { state: [${state}] }
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify: { within: 2s, stableFor: 0s, expect: { vlan: { added: [120] } } }
  - confirm
`
    bench.write('workflows/near.yaml', workflow('vlan, lldp'))
    bench.write('workflows/alone.yaml', workflow('vlan'))
    await bench.ok('snapshot take before')
    for (const [name, exit] of [
      ['near', 3],
      ['alone', 0],
    ] as const) {
      await bench.ok(`plan workflows/${name}.yaml --offline before -o ${name}.plan`)
      expect((await bench.eosflow(`approve ${name}.plan`)).code).toBe(exit)
      const ran = await bench.eosflow(`run ${name}.plan`)
      expect(ran.code, ran.out + ran.err).toBe(exit)
      if (exit === 3) expect(ran.err).toContain('without the state that its checks compare with: the neighbours')
    }
  })

  const device = {
    name: 'leaf1',
    identity: { serial: 'S', systemMac: 'M', eos: '4.32.2F', model: 'X' },
    running: running('leaf1', 1),
    startupDiff: '',
    state: {},
  }

  test('shows a merge as the switch would', () => {
    const { staged, foreignSessions } = offlineEvidence(device, merge('vlan 120', '   name TENANT-A'))
    expect(staged.candidate).toContain('vlan 110\n   name PROD-WEB\n!\nvlan 120\n   name TENANT-A\n!\n')
    expect(foreignSessions).toEqual([])
  })

  test('shows a replace as the switch would', () => {
    const { staged } = offlineEvidence(
      device,
      replace(running('leaf1', 1).replace('vlan 110\n   name PROD-WEB\n!\n', '')),
    )
    expect(staged.candidate).not.toContain('\nvlan 110\n')
    expect(staged.candidate).toContain('\nsnmp-server community')
  })

  test('names every line that the switch would refuse', () => {
    const list = (name: string) => [`ip access-list ${name}`, '   10 permit ip any any', '   10 deny ip any any']
    expect(() => offlineEvidence(device, merge(...list('A'), ...list('B')))).toThrow(
      'leaf1: "10 deny ip any any": % Duplicate sequence number\nleaf1: "10 deny ip any any": % Duplicate sequence number',
    )
  })
})
