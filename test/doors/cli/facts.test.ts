import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exits, fileText, inventoryOf, json, openLab, prints, warns } from '../../lab/lab.ts'

describe('facts', () => {
  test('shows what switches are, each in one request', async () => {
    const lab = openLab()
    const { out } = await lab.ok('facts -t leaf1,spine2')
    expect(
      out,
    ).toBe(`switch  model              serial       EOS      up  image                     MLAG                    power   optics
spine2  DCS-7280CR3-32P4   JPE21310102  4.32.2F  1d  flash:/EOS64-4.32.2F.swi  disabled                2 of 2  4
leaf1   DCS-7280SR3-48YC8  JPE21310201  4.31.4M  1d  flash:/EOS64-4.31.4M.swi  active (DC1_LEAFPAIR1)  2 of 2  13

Facts: 2 switches
`)
    expect(lab.fabric.devices.flatMap((device) => device.requests()).map(({ kind }) => kind)).toEqual(['read', 'read'])
  })

  test('goes into a spreadsheet and a program', async () => {
    const lab = openLab()
    expect((await lab.eosflow('facts -t leaf1 --csv')).out).toBe(
      '"Switch","Hostname","Model","Serial","MAC","EOS","Uptime seconds","Image","MLAG","MLAG domain","Power supplies ok","Power supplies","Transceivers"\r\n' +
        '"leaf1","leaf1","DCS-7280SR3-48YC8","JPE21310201","00:1c:73:aa:02:01","4.31.4M","100000","flash:/EOS64-4.31.4M.swi","active","DC1_LEAFPAIR1","2","2","13"\r\n',
    )
    expect(await json(lab.eosflow('facts -t leaf1 --json'))).toMatchObject({
      version: 1,
      kind: 'facts',
      switches: [{ name: 'leaf1', facts: { serial: 'JPE21310201', powerSupplies: { ok: 2, of: 2 } } }],
    })
  })

  test('shows those that answer, and the line that asks the others again: exit 10', async () => {
    const lab = openLab()
    lab.fault({ device: 'leaf2', kind: 'unreachable' })
    await prints(
      10,
      lab.eosflow('facts -t leaf1,leaf2'),
      '? leaf2: ',
      'Facts: 1 switch, 1 did not answer\nNext: eosflow facts -t leaf2\n',
    )
  })
})

describe('inventory check', () => {
  const withVars = (vars: Readonly<Record<string, object>>) => {
    const lab = openLab()
    const inventory = JSON.parse(inventoryOf(lab.fabric)) as { devices: Readonly<Record<string, object>> }
    const devices = Object.entries(inventory.devices).map(([name, device]) => [
      name,
      { ...device, ...(vars[name] === undefined ? {} : { vars: vars[name] }) },
    ])
    lab.write('inventory.yaml', JSON.stringify({ ...inventory, devices: Object.fromEntries(devices) }))
    return lab
  }
  const VARS = {
    leaf1: { serial: 'JPE21310201', device_type: { model: 'dcs-7280sr3-48yc8-F' } },
    leaf2: { serial: 'JPE00000000', device_type: { model: 'DCS-7050SX3-48YC8' } },
    leaf3: { chassis: { sn: 'JPE21310203' } },
  }

  test('names what is not as the inventory says: exit 6', async () => {
    const { out } = await exits(6, withVars(VARS).eosflow('inventory check -t leaf1,leaf2,leaf3'))
    expect(out).toBe(`✗ leaf2: serial: the inventory says JPE00000000, the switch JPE21310202
✗ leaf2: model: the inventory says DCS-7050SX3-48YC8, the switch DCS-7280SR3-48YC8
? leaf3: the inventory says neither serial nor model

Inventory: 3 switches: 1 as the inventory says, 1 not, 1 not compared
Next: eosflow inventory check -t leaf2
`)
  })

  test('takes other variables, and says that nothing was compared: exit 10', async () => {
    const lab = withVars(VARS)
    const named = await lab.ok('inventory check -t leaf3 --serial chassis.sn')
    expect(named.out).toBe('Inventory: 1 switch: 1 as the inventory says\n')
    await lab.exits(10, 'inventory check -t leaf4')
    await lab.exits(6, 'inventory check -t leaf2 --json')
  })
})

describe('ask', () => {
  test('shows equal answers once, and with --diff how the others differ from most', async () => {
    const lab = openLab()
    const { out } = await lab.ok('ask', 'show vlan | include active', '-t', 'leaf1,leaf2,leaf3', '--diff')
    expect(out).toBe(`leaf1-2 (2)
  1     default                          active    Po1000
  110   PROD-WEB                         active    Cpu, Po1, Po2, Po3, Po4, Po8
  111   PROD-APP                         active    Cpu, Po1, Po2, Po3, Po4, Po8
  112   PROD-DB                          active    Cpu, Po1, Po2, Po3, Po4, Po5
  120   DEV-WEB                          active    Cpu, Et9, PEt9, Po1, Po2, Po3
  121   DEV-APP                          active    Cpu, Po1, Po2, Po3, Po4, Po8
  210   STORAGE                          active    Po7, Po1000, Vx1
  211   BACKUP                           active    Po7, Po1000, Vx1
  3001  MLAG_L3_VRF_PROD                 active    Cpu, Po1000
  3002  MLAG_L3_VRF_DEV                  active    Cpu, Po1000
  4093  MLAG_L3                          active    Cpu, Po1000
  4094  MLAG                             active    Cpu, Po1000

leaf3
   1     default                          active    Po1000
  -110   PROD-WEB                         active    Cpu, Po1, Po2, Po3, Po4, Po8
  -111   PROD-APP                         active    Cpu, Po1, Po2, Po3, Po4, Po8
  -112   PROD-DB                          active    Cpu, Po1, Po2, Po3, Po4, Po5
  -120   DEV-WEB                          active    Cpu, Et9, PEt9, Po1, Po2, Po3
  -121   DEV-APP                          active    Cpu, Po1, Po2, Po3, Po4, Po8
  +110   PROD-WEB                         active    Cpu, Po1, Po2, Po3, Po4
  +111   PROD-APP                         active    Cpu, Po1, Po2, Po3, Po4
  +120   DEV-WEB                          active    Cpu, Po1, Po2, Po3, Po4
  +121   DEV-APP                          active    Cpu, Et9, Et10, PEt9, Po1, Po2
  +130   OFFICE-VOICE                     active    Cpu, Po5, Po6, Po1000, Vx1
   210   STORAGE                          active    Po7, Po1000, Vx1
  -211   BACKUP                           active    Po7, Po1000, Vx1
   3001  MLAG_L3_VRF_PROD                 active    Cpu, Po1000

Asked: 3 switches: 3 answered
`)
  })

  test('asks each switch once, over one login, and nothing that writes', async () => {
    const lab = openLab()
    const before = lab.requests()
    await lab.eosflow('ask', 'show version', 'show clock')
    expect(lab.requests() - before).toBe(6)
    const kinds = lab.fabric.devices.flatMap((device) => device.requests().map(({ kind }) => kind))
    expect(kinds).not.toContain('write')
  })

  test('makes a table of models, and a file of it', async () => {
    const lab = openLab()
    const table = await lab.eosflow(
      'ask',
      'show version',
      '-t',
      'leaf1,spine2',
      '--table',
      'modelName,version,nothing',
      '--csv',
      'v.csv',
    )
    expect(table.out).toBe(`switch  modelName          version  nothing
spine2  DCS-7280CR3-32P4   4.32.2F  -
leaf1   DCS-7280SR3-48YC8  4.31.4M  -

Asked: 2 switches: 2 answered
`)
    expect(fileText(lab.dir, 'v.csv')).toBe(
      '"Switch","modelName","version","nothing"\r\n"spine2","DCS-7280CR3-32P4","4.32.2F",""\r\n"leaf1","DCS-7280SR3-48YC8","4.31.4M",""\r\n',
    )
  })

  test('evaluates one query over the models of several commands', async () => {
    const lab = openLab()
    const { out } = await lab.eosflow(
      'ask',
      'show version',
      'show hostname',
      '-t',
      'leaf1 or leaf2',
      '--query',
      'version[0]',
    )
    expect(out).toBe('leaf1-2 (2)\n  4.31.4M\n\nAsked: 2 switches: 2 answered\n')
  })

  test('gives a document, and a folder of files', async () => {
    const lab = openLab()
    expect(await json(lab.eosflow('ask', 'show hostname', '-t', 'leaf1', '--json', '--save', 'answers'))).toEqual({
      version: 1,
      kind: 'answers',
      commands: ['show hostname'],
      switches: [
        {
          name: 'leaf1',
          answers: [{ command: 'show hostname', model: { fqdn: 'leaf1.dc1.example.net', hostname: 'leaf1' } }],
        },
      ],
    })
    expect(JSON.parse(fileText(lab.dir, 'answers/leaf1/show-hostname.json'))).toEqual({
      fqdn: 'leaf1.dc1.example.net',
      hostname: 'leaf1',
    })
  })

  test.each(['a link', 'a file'])(
    '%s in the place of the folder of a switch is not written through: exit 1',
    async (what) => {
      const lab = openLab()
      mkdirSync(join(lab.dir, 'answers'))
      mkdirSync(join(lab.dir, 'elsewhere'))
      if (what === 'a link') symlinkSync(join(lab.dir, 'elsewhere'), join(lab.dir, 'answers/leaf1'))
      else lab.write('answers/leaf1', 'mine')
      const { err } = await warns(
        1,
        lab.eosflow('ask', 'show hostname', '-t', 'leaf1', '--save', 'answers'),
        'answers/leaf1: a folder cannot be made there, or it is a link',
      )
      expect(err).not.toContain('nothing was contacted')
      expect(readdirSync(join(lab.dir, 'elsewhere'))).toEqual([])
    },
  )

  test('shows what was answered where a switch is silent: exit 10, and the line that asks it again', async () => {
    const lab = openLab()
    lab.fault({ device: 'leaf2', kind: 'unreachable' })
    await prints(
      10,
      lab.eosflow('ask', 'show hostname', '-t', 'leaf1,leaf2'),
      'leaf1\n  Hostname: leaf1\n',
      '? leaf2: ',
      "Asked: 2 switches: 1 answered, 1 did not answer\nNext: eosflow ask 'show hostname' -t leaf2\n",
    )
  })

  test('names what a switch refuses: exit 10', async () => {
    const { out } = await exits(10, openLab().eosflow('ask', 'show nonsense', 'show hostname', '-t', 'leaf1'))
    expect(out).toBe(`show nonsense

✗ leaf1: refused \`show nonsense\`: Invalid input (at token 1: 'nonsense')

show hostname

leaf1
  Hostname: leaf1
  FQDN:     leaf1.dc1.example.net

Asked: 1 switch: 1 answered, 1 refused a command
`)
  })

  test.each([
    [['reload']],
    [['show version > flash:x']],
    [['show version', '--by', 'port']],
    [['show version', '--csv', 'x.csv']],
    [['show version', '--query', '(']],
    [['show version', '-t', 'nobody']],
  ])('%j is refused before anything is asked: exit 3', async (args) => {
    const lab = openLab()
    await lab.exits(3, 'ask', ...args)
    expect(lab.requests()).toBe(0)
  })

  test('shows no secret of a configuration, in any form', async () => {
    const lab = openLab()
    const texts = [
      await lab.eosflow('ask', 'show running-config', '--by', 'switch'),
      await lab.eosflow('ask', 'show running-config', '--json'),
      await lab.eosflow('ask', 'show running-config', '--query', '$'),
      await lab.eosflow('ask', 'show startup-config', '--json', '--text'),
    ].map(({ out }) => out)
    expect(texts.every((text) => text.includes('snmp-server community <redacted:'))).toBe(true)
    for (const canary of ['d1-Tr4ce-7Ke', '$6$']) for (const text of texts) expect(text).not.toContain(canary)
  })
})
