import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { extentOfLong } from '../../../extent.ts'
import { recordings } from '../../../recordings.ts'
import { hostsOf, reading, sourcePorts } from './asking.ts'
import { idOf, NAUTOBOT_TOKEN, nautobotDevice, nautobotDevices, startNautobot } from './device-service.ts'

const asked = (settings: Readonly<Record<string, unknown>>) =>
  reading('nautobot', settings, sourcePorts({ token: NAUTOBOT_TOKEN }))

describe('a Nautobot of 5,000 devices', () => {
  const PAGES = [
    [50, 103],
    [200, 26],
    [1000, 6],
  ]
  test.each(extentOfLong(PAGES.slice(1), PAGES))(
    'in pages of %i: all of them, by %i requests',
    { tags: ['long', 'turn'] },
    async (pageSize, requests) => {
      const nautobot = await startNautobot(nautobotDevices(5000))
      const { list, errors } = await asked({ url: nautobot.origin, pageSize, vars: ['custom_fields'] })
      expect(errors).toEqual([])
      expect(Object.keys(list._meta.hostvars)).toHaveLength(5000)
      expect(nautobot.seen).toHaveLength(requests)
    },
  )
})

test.each([
  [{ vars: ['custom_fields'] }, '?role=Leaf&role=Border+Leaf&depth=1&sort=id&limit=1000'],
  [{ vars: ['config_context'] }, '?role=Leaf&role=Border+Leaf&depth=1&sort=id&include=config_context&limit=200'],
])('what it is asked: %j', async (settings, target) => {
  const nautobot = await startNautobot(nautobotDevices(3))
  const { list } = await asked({ url: nautobot.origin, query: { role: ['Leaf', 'Border Leaf'] }, ...settings })
  expect(Object.keys(list._meta.hostvars)).toHaveLength(3)
  expect(nautobot.seen.map((one) => [one.target, one.headers.authorization])).toEqual([
    [`/api/dcim/devices/${target}`, `Token ${NAUTOBOT_TOKEN}`],
  ])
})

test('a filter that it does not know is refused there', async () => {
  const nautobot = await startNautobot(nautobotDevices(3))
  await expect(asked({ url: nautobot.origin, query: { rol: 'Leaf' } })).rejects.toMatchObject({
    kind: 'inventory-source',
    message: `nautobot ${nautobot.origin} answered 400: it does not take the query; it says: {"rol":["Unknown filter field"]}`,
  })
})

test('what becomes of a record: names for slugs, locations for sites', async () => {
  const nautobot = await startNautobot([nautobotDevice(1)])
  const { list } = await asked({ url: nautobot.origin })
  const { _meta: meta, all, ...groups } = list
  expect(meta.hostvars.sw1).toMatchObject({
    id: idOf(1),
    name: 'sw1',
    ansible_host: '10.0.0.1',
    ansible_network_os: 'arista.eos.eos',
    role: { display: 'Border Leaf', name: 'Border Leaf', color: '2196f3' },
    platform: { name: 'Arista EOS', network_driver: 'arista_eos' },
    custom_fields: { mgmt_vrf: 'MGMT' },
    config_context: { ntp: ['192.0.2.1'] },
  })
  expect(JSON.stringify(meta)).not.toMatch(/"(?:url|notes_url|natural_slug|created|last_updated)":/)
  const own = { hosts: ['sw1'] }
  expect(groups).toEqual({
    'device_type_DCS-7050SX3-48YC8': own,
    location_FRA2: own,
    platform_Arista_EOS: own,
    role_Border_Leaf: own,
    status_Active: own,
    tag_core: own,
  })
  expect(all).toEqual({ children: Object.keys(groups) })
})

test.each([
  [{ name: 'Arista', network_driver: 'arista_eos' }, true],
  [{ name: 'Arista EOS', network_driver: '' }, true],
  [{ name: 'Cisco IOS', network_driver: 'cisco_ios' }, false],
  [null, false],
])('the platform %j is one of switches: %s', async (platform, isSwitch) => {
  const nautobot = await startNautobot([nautobotDevice(1, { platform })])
  const { list } = await asked({ url: nautobot.origin })
  expect(list._meta.hostvars.sw1?.ansible_network_os).toBe(isSwitch ? 'arista.eos.eos' : undefined)
})

describe('the recorded answers of Nautobot', () => {
  const folder = recordings('inventories/nautobot/nornir-nautobot/')
  const there = existsSync(folder)
  const json = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
  const pick = ({
    address,
    platform,
    ...one
  }: {
    readonly address: string | null
    readonly platform: string | null
  }) => ({
    ...one,
    platform,
    address: address?.replace(/\/\d+$/, '') ?? null,
  })

  test.skipIf(!there)('give the hosts of expected.json: 3 devices, and 2 of one location', async () => {
    const expected = json('expected.json')
    for (const [file, devices, count] of [
      ['source/01_get_devices.json', expected.devices, 3],
      ['source/05_get_locations_filtered.json', expected.devicesLocationMsp, 2],
    ] as const) {
      const answer = json(file)
      const nautobot = await startNautobot([], { misbehave: () => answer })
      const { list } = await asked({ url: nautobot.origin })
      expect(devices).toHaveLength(count)
      expect(hostsOf(list)).toEqual(devices.map(pick))
      expect(nautobot.seen).toHaveLength(1)
    }
    const read = json('source/01_get_devices.json').results.map(({ name }: { readonly name: string }) => name)
    expect(read).toEqual(expected.fromTheRepositorysTests.names)
  })
})
