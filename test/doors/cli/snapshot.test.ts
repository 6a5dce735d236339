import { describe, expect, test } from 'vitest'
import type { Plan } from '../../../src/change/plan/plan.ts'
import { everyNth } from '../../extent.ts'
import { DC1, exits, fileText, inProcess, json, openLab, prints, typeOn, warns } from '../../lab/lab.ts'
import { eosflow, newProject, pointInventoryAt, start } from './eosflow.ts'

const CHANGE = 'workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE'
describe('snapshot', () => {
  test('[U7] is taken, listed, shown without secrets, and planned against when the switches are gone', {
    tags: 'long',
  }, async () => {
    const dir = await newProject()
    const sim = await start(['sim start', DC1, '--json'], { cwd: dir })
    pointInventoryAt(dir, JSON.parse(sim.line).devices)

    const taken = await exits(0, eosflow('snapshot take before -t role:leaf', { cwd: dir }))
    expect(taken.stdout).toBe(
      'Snapshot: before · 4 switches, 30 state areas each\nNext: eosflow snapshot show before\n',
    )
    await sim.stop()

    expect(await json(inProcess('snapshot list --json', dir))).toMatchObject({
      kind: 'snapshots',
      snapshots: [{ name: 'before', devices: ['leaf1', 'leaf2', 'leaf3', 'leaf4'] }],
    })

    const shown = await prints(
      0,
      inProcess('snapshot show before', dir),
      'leaf1 · DCS-7280SR3-48YC8 · EOS 4.31.4M · JPE21310201',
      '\nhostname leaf1\n',
      '\n  Ethernet49/1\n    1: device spine1.dc1.example.net, port Ethernet1/1\n',
    )
    const secrets = fileText(DC1, 'leaf1/running-config').match(/\$6\$\S+/g) ?? []
    expect(secrets.length).toBeGreaterThan(3)
    for (const secret of secrets) expect(shown.stdout).not.toContain(secret)

    const offline = async (source: string) => {
      return (await json(inProcess([`plan ${CHANGE} --offline`, source, '--json'], dir))).plan
    }
    const [fromSnapshot, fromFabric] = [await offline('before'), await offline('fabrics/dc1')]
    expect(fromSnapshot.content.devices).toHaveLength(4)
    const known = ({ content }: Plan) =>
      content.devices.map(({ name, identity, diff, base }) => [name, identity, diff, base.startupEqualsRunning])
    expect(known(fromSnapshot)).toEqual(known(fromFabric))
  })

  test('a name that was never taken is 3, a switch that does not answer 10, an unknown switch 3', {
    tags: ['long', 'turn'],
  }, async () => {
    const dir = await newProject()
    const sim = await start(['sim start', DC1, '--json'], { cwd: dir })
    pointInventoryAt(dir, JSON.parse(sim.line).devices)
    await sim.stop()
    await warns(3, inProcess('snapshot show nothing', dir), 'there is no snapshot nothing')
    await warns(10, inProcess(['snapshot take -t', 'leaf1 or leaf2'], dir), /leaf1[\s\S]*leaf2/)
    await exits(3, inProcess('snapshot take -t leaf9', dir))
    await prints(0, inProcess('snapshot list', dir), '0 snapshots\n')
    await warns(3, inProcess(`plan ${CHANGE} --offline nothing`, dir), '`nothing` is neither a fabric nor a snapshot')
  })
})

const SECRET = 'N3wSnmpC0mmunity'

describe('snapshot diff', () => {
  test('tells what became of the switches: nothing, then configuration and state', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    expect(await lab.eosflow('snapshot take before')).toMatchObject({ code: 0, err: '' })
    const same = await lab.eosflow('snapshot diff before --detailed-exitcode')
    expect(same).toEqual({
      code: 0,
      out: 'Diff: before -> the switches now · 6 switches: 0 differ, 6 the same · +0 -0 lines, 0 changes of state\nNext: eosflow snapshot take after\n',
      err: '',
    })

    await typeOn(
      lab.device('leaf1'),
      'configure',
      'vlan 3120',
      'name TENANT-A',
      'snmp-server community N3wSnmpC0mmunity ro',
      'interface Ethernet49/1',
      'shutdown',
      'end',
      'write memory',
    )
    await typeOn(lab.device('leaf3'), 'configure', 'interface Ethernet9', 'switchport access vlan 110', 'end')
    const live = await lab.ok('snapshot diff before')
    await lab.ok('snapshot take after')
    await typeOn(lab.device('leaf3'), 'write memory')

    const kept = await lab.exits(2, 'snapshot diff before after --detailed-exitcode')
    const masked = (out: string) => out.replace(/<redacted:[0-9a-f]{8}>/, '<redacted:8 hex>')
    await expect(masked(kept.out)).toMatchFileSnapshot('../../golden/snapshot-diff.txt')
    const body = (out: string) => masked(out.slice(0, out.indexOf('Diff: ')))
    expect(body(live.out)).toBe(body(kept.out))
    expect(kept.out).toContain('+ snmp-server community <redacted:')
    expect(kept.out + live.out).not.toContain(SECRET)

    const page = await lab.eosflow('snapshot diff before after --html diff.html')
    expect(page.out).toBe(kept.out)
    const file = fileText(lab.dir, 'diff.html')
    const printed = await lab.eosflow('snapshot diff before after --html -')
    expect(printed.out).toBe(file)
    const markdown = await lab.eosflow('snapshot diff before after --markdown')
    for (const report of [file, markdown.out]) {
      expect(report).toContain('MLAG config sanity: consistent -')
      expect(report).not.toContain(SECRET)
    }

    const { out } = await lab.eosflow('snapshot diff before after --json')
    expect(out).not.toContain(SECRET)
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      kind: 'snapshot-diff',
      before: 'before',
      after: 'after',
      equal: false,
      devices: {
        leaf1: { same: false, known: 'both', switch: [] },
        spine2: { same: true, config: [], state: {} },
        leaf3: {
          switch: ['startup-config: the same as running-config -> differs from running-config'],
          config: expect.arrayContaining([{ sign: '+', text: '   switchport access vlan 110' }]),
          state: {
            vlan: {
              comparable: true,
              changes: expect.arrayContaining([
                {
                  subject: '110',
                  kind: 'changed',
                  attribute: 'interfaces',
                  is: 'Ethernet9',
                  text: 'VLAN 110: Ethernet9 added',
                },
              ]),
            },
          },
        },
      },
    })
  })

  test('only the selected switches, those on one side named, an unknown snapshot 3', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    await lab.eosflow('snapshot take leaves -t', 'leaf1 or leaf2')
    await lab.eosflow('snapshot take more -t', 'leaf2 or leaf3')
    const { out } = await prints(0, lab.eosflow('snapshot diff leaves more'), '3 switches: 2 differ, 1 the same')
    expect(out.split('\n').slice(0, 4)).toEqual(['leaf1 is in leaves only', '', 'leaf3 is in more only', ''])
    await prints(0, lab.eosflow('snapshot diff leaves -t leaf2'), '1 switch: 0 differ, 1 the same')
    await lab.exits(3, 'snapshot diff leaves nothing')
    lab.fault({ device: 'leaf2', kind: 'unreachable' })
    await lab.exits(10, 'snapshot diff leaves')
  })
})

test.each(
  everyNth(3, 'names that no snapshot has', [
    'evening\nleaf9',
    'evening\u001b[2J',
    'evening\u202egninrom',
    'x'.repeat(101),
    '@latest',
    ' evening',
  ]),
)('a snapshot is not called %j: its name is listed, and typed again', async (name) => {
  const lab = openLab()
  await warns(3, lab.eosflow('snapshot take', name, '-t', 'leaf1'), 'the name of a snapshot is one line of plain text')
  expect(lab.device('leaf1').requests()).toEqual([])
  expect((await lab.ok('snapshot list')).out).not.toContain('evening')
})

test.each(everyNth(3, 'names that a snapshot has', ['before the upgrade', 'é-1', 'CHG-4711']))(
  'a snapshot may be called %j',
  async (name) => {
    const lab = openLab()
    await lab.ok('snapshot take', name, '-t', 'leaf1')
    await prints(0, lab.eosflow('snapshot list'), name)
  },
)
