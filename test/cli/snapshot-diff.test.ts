import { describe, expect, test } from 'vitest'
import { fileText } from '../lab/files.ts'
import { exits, openLab, typeOn } from '../lab/lab.ts'

const SECRET = 'N3wSnmpC0mmunity'

describe('snapshot diff', () => {
  test('tells what became of the switches: nothing, then configuration and state', { tags: 'long' }, async () => {
    const lab = openLab()
    expect(await lab.eosflow('snapshot take before')).toMatchObject({ code: 0, err: '' })
    const same = await lab.eosflow('snapshot diff before --detailed-exitcode')
    expect(same).toEqual({
      code: 0,
      out: 'Diff: before -> the switches now · 6 switches: 0 differ, 6 the same · +0 -0 lines, 0 changes of state\nNext: eosflow snapshot take after\n',
      err: '',
    })

    await typeOn(
      lab.fabric.device('leaf1'),
      'configure',
      'vlan 3120',
      'name TENANT-A',
      'snmp-server community N3wSnmpC0mmunity ro',
      'interface Ethernet49/1',
      'shutdown',
      'end',
      'write memory',
    )
    await typeOn(lab.fabric.device('leaf3'), 'configure', 'interface Ethernet9', 'switchport access vlan 110', 'end')
    const live = await lab.ok('snapshot diff before')
    await lab.ok('snapshot take after')
    await typeOn(lab.fabric.device('leaf3'), 'write memory')

    const kept = await exits(2, lab.eosflow('snapshot diff before after --detailed-exitcode'))
    await expect(kept.out.replace(/<redacted:[0-9a-f]{8}>/, '<redacted:8 hex>')).toMatchFileSnapshot(
      '../golden/snapshot-diff.txt',
    )
    const body = (out: string) => out.slice(0, out.indexOf('Diff: ')).replace(/<redacted:[0-9a-f]{8}>/, '')
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

  test('only the selected switches, those on one side named, an unknown snapshot 3', async () => {
    const lab = openLab()
    await lab.eosflow('snapshot take leaves -t', 'leaf1 or leaf2')
    await lab.eosflow('snapshot take more -t', 'leaf2 or leaf3')
    const { out } = await lab.eosflow('snapshot diff leaves more')
    expect(out.split('\n').slice(0, 4)).toEqual(['leaf1 is in leaves only', '', 'leaf3 is in more only', ''])
    expect(out).toContain('3 switches: 2 differ, 1 the same')
    expect((await lab.eosflow('snapshot diff leaves -t leaf2')).out).toContain('1 switch: 0 differ, 1 the same')
    await exits(3, lab.eosflow('snapshot diff leaves nothing'))
    lab.fabric.fault({ device: 'leaf2', kind: 'unreachable' })
    await exits(10, lab.eosflow('snapshot diff leaves'))
  })
})
