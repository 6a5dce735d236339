import { describe, expect, test } from 'vitest'
import { exits, inventoryOf, json, openLab, prints } from '../lab/lab.ts'

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
    lab.fabric.fault({ device: 'leaf2', kind: 'unreachable' })
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
    const { out } = await exits(6, withVars(VARS).eosflow('inventory', 'check', '-t', 'leaf1,leaf2,leaf3'))
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
    await exits(10, lab.eosflow('inventory check -t leaf4'))
    await exits(6, lab.eosflow('inventory check -t leaf2 --json'))
  })
})
