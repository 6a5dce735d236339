import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../../../extent.ts'
import { recordings } from '../../../recordings.ts'
import { hostsOf, reading, restlessClock, sourcePorts } from './asking.ts'
import { netboxDevice, netboxDevices, startNetbox, TOKENS } from './device-service.ts'

describe('a NetBox of 5,000 devices', () => {
  const pages = [
    // The first page, then each with one device of the page before: 50 + 102 * 49 is the first that is not less than 5,000.
    [50, 103],
    [200, 26],
    [1000, 6],
  ] as const
  test.each(everyNthOfLong(3, 'sizes of a page', pages))(
    'in pages of %i: all of them, by %i requests',
    { tags: ['long', 'turn'] },
    async (pageSize, requests) => {
      const netbox = await startNetbox(netboxDevices(5000))
      const { list, errors, warnings } = await reading('netbox', {
        url: netbox.origin,
        pageSize,
        vars: ['custom_fields'],
      })
      expect([errors, warnings]).toEqual([[], []])
      expect(Object.keys(list._meta.hostvars)).toHaveLength(5000)
      expect(netbox.seen).toHaveLength(requests)
    },
  )

  test('a page size above that of the service is that of the service', async () => {
    const netbox = await startNetbox(netboxDevices(130), { maxPageSize: 50 })
    const { list } = await reading('netbox', { url: netbox.origin, pageSize: 1000 })
    expect(Object.keys(list._meta.hostvars)).toHaveLength(130)
    expect(netbox.seen).toHaveLength(3)
  })
})

describe('what a NetBox is asked', () => {
  const [first] = ['?status=active&role=leaf&role=spine']

  test.each([
    [{ vars: ['custom_fields'] }, `${first}&ordering=id&exclude=config_context&omit=config_context&limit=1000`],
    [{ vars: ['config_context'] }, `${first}&ordering=id&limit=200`],
    [{}, `${first}&ordering=id&limit=200`],
    [{ pageSize: 7, vars: [] }, `${first}&ordering=id&exclude=config_context&omit=config_context&limit=7`],
  ])('%j', async (settings, target) => {
    const netbox = await startNetbox(netboxDevices(3))
    await reading('netbox', { url: netbox.origin, query: { status: 'active', role: ['leaf', 'spine'] }, ...settings })
    expect(netbox.seen.map((one) => one.target)).toEqual([`/api/dcim/devices/${target}`])
    expect(netbox.seen[0]?.headers.accept).toBe('application/json')
  })

  test.each([
    ['v1', TOKENS.v1, `Token ${TOKENS.v1}`],
    ['v2', TOKENS.v2, `Bearer ${TOKENS.v2}`],
    ['v1 with the end of a line', `${TOKENS.v1}\n`, `Token ${TOKENS.v1}`],
  ])('with a token of %s', async (_form, token, sent) => {
    const netbox = await startNetbox(netboxDevices(1), { token: token.trim() })
    await reading('netbox', { url: netbox.origin }, sourcePorts({ token }))
    expect(netbox.seen[0]?.headers.authorization).toBe(sent)
  })

  test('a token that would end the header is not sent', async () => {
    const netbox = await startNetbox([])
    const asked = reading('netbox', { url: netbox.origin }, sourcePorts({ token: 'one\r\nx-two: 2' }))
    await expect(asked).rejects.toMatchObject({ kind: 'secret' })
    expect(netbox.seen).toEqual([])
  })

  test('filters choose devices there', async () => {
    const netbox = await startNetbox(netboxDevices(9))
    const { list } = await reading('netbox', {
      url: netbox.origin,
      query: { site: 'lon3', role: ['leaf', 'border-leaf'] },
    })
    expect(Object.keys(list._meta.hostvars)).toEqual(['sw2', 'sw5', 'sw8'])
  })
})

/** Members that change by themselves, or lead to the service again. */
const NOISE = ['url', 'display_url', 'device_count', 'created', 'last_updated', 'console_port_count', 'interface_count']
const withoutNoise = (record: object) =>
  JSON.parse(JSON.stringify(record, (name, value) => (NOISE.includes(name) ? undefined : value))) as object

describe('what becomes of a record', () => {
  const GROUPS = [
    'device_type_dcs-7050sx3-48yc8',
    'manufacturer_arista',
    'platform_arista-eos',
    'role_spine',
    'site_fra-2',
    'status_active',
    'tag_core',
  ]

  test('data are variables, relations groups; noise is left out, and braces are no template', async () => {
    const netbox = await startNetbox([netboxDevice(1)])
    const { list } = await reading('netbox', { url: netbox.origin })
    const { _meta, all, ...groups } = list
    expect(_meta.hostvars).toEqual({
      sw1: {
        ...withoutNoise(netboxDevice(1)),
        comments: { __ansible_unsafe: 'uses {{ braces }}' },
        ansible_host: '10.0.0.1',
        ansible_network_os: 'arista.eos.eos',
      },
    })
    expect(all).toEqual({ children: GROUPS })
    expect(groups).toEqual(Object.fromEntries(GROUPS.map((name) => [name, { hosts: ['sw1'] }])))
  })

  const junos = { id: 2, name: 'Junos', slug: 'junos' }
  const at = { file: 'netbox URL', line: 1, column: 1 }
  const slug = 'Write `hostname: slug` for names as `test-vm-with-spaces`, or give it another name there.'
  const unnamed = 'Give it a name there, or leave it out by the query.'
  const twice = 'Names are unique here. Give one of them another name there, or leave it out by the query.'

  const SPACES = 'device 1 "Test VM With Spaces" cannot be a name'
  const misnamed = (message: string, hint: string) => ({ code: 'inventory-name', message, at, hint })

  test.each([
    ['a name with spaces', [{ name: 'Test VM With Spaces' }], {}, [misnamed(SPACES, slug)], [], []],
    [
      'the same of another platform',
      [{ name: 'Test VM With Spaces', platform: junos }],
      {},
      [],
      [misnamed(SPACES, slug)],
      [],
    ],
    ['the same as a slug', [{ name: 'Test VM With Spaces' }], { hostname: 'slug' }, [], [], ['test-vm-with-spaces']],
    ['no name', [{ name: null }], {}, [misnamed('device 1 has no name', unnamed)], [], []],
    ['a word of selectors', [{ name: 'not' }], {}, [misnamed('device 1 "not" cannot be a name', slug)], [], []],
    [
      'one name at two sites',
      [{ name: 'leaf1' }, { name: 'leaf1' }],
      {},
      [misnamed('devices 1 and 2 have the same name "leaf1"', twice)],
      [],
      ['leaf1'],
    ],
    [
      'two names of one slug',
      [{ name: 'leaf 1' }, { name: 'Leaf-1' }],
      { hostname: 'slug' },
      [misnamed('devices 1 and 2 have the same name "leaf-1"', twice)],
      [],
      ['leaf-1'],
    ],
    [
      'no address',
      [{ primary_ip4: null }],
      {},
      [],
      [
        {
          code: 'inventory-address',
          message: 'device 1 "sw1" has no primary_ip4: it has no address',
          at,
          hint: 'Give it one there, or name another field as `address`.',
        },
      ],
      ['sw1'],
    ],
    ['no address, and no switch', [{ primary_ip4: null, platform: null }], {}, [], [], ['sw1']],
  ])('%s', async (_case, devices, settings, errors, warnings, names) => {
    const netbox = await startNetbox(devices.map((more, index) => netboxDevice(index + 1, more)))
    const read = await reading('netbox', { url: netbox.origin, ...settings })
    const shown = (problems: readonly object[]) => JSON.parse(JSON.stringify(problems).replaceAll(netbox.origin, 'URL'))
    expect(shown(read.errors)).toEqual(errors)
    expect(shown(read.warnings)).toEqual(warnings)
    expect(Object.keys(read.list._meta.hostvars)).toEqual(names)
  })

  test.each([
    ['eos', true],
    ['arista-eos', true],
    ['arista_eos', true],
    ['Arista EOS', true],
    ['arista.eos.eos', true],
    ['ios-xe', false],
    ['neoslinux', false],
    ['cvp', false],
  ])('the platform %s is one of switches: %s', async (platform, isSwitch) => {
    const netbox = await startNetbox([netboxDevice(1, { platform: { id: 1, name: platform, slug: platform } })])
    const { list } = await reading('netbox', { url: netbox.origin })
    expect(list._meta.hostvars.sw1?.ansible_network_os).toBe(isSwitch ? 'arista.eos.eos' : undefined)
  })

  test('platforms says which are, and address which field is the address', async () => {
    const netbox = await startNetbox([
      netboxDevice(1, { platform: { id: 1, name: 'Lab', slug: 'lab' }, custom_fields: { mgmt: '198.51.100.7' } }),
      netboxDevice(2, { oob_ip: { address: '2001:db8::2/64' } }),
    ])
    const one = await reading('netbox', { url: netbox.origin, platforms: ['lab'], address: 'custom_fields.mgmt' })
    expect(one.list._meta.hostvars.sw1).toMatchObject({
      ansible_network_os: 'arista.eos.eos',
      ansible_host: '198.51.100.7',
    })
    expect(one.list._meta.hostvars.sw2).not.toHaveProperty('ansible_network_os')
    const two = await reading('netbox', { url: netbox.origin, address: 'oob_ip' })
    expect(two.list._meta.hostvars.sw2).toMatchObject({ ansible_host: '2001:db8::2' })
  })
})

describe.each(['2.3.5', '2.8.9'])('the recorded pages of NetBox %s', (version) => {
  const folder = recordings(`inventories/netbox/nornir_netbox-${version}/`)
  const there = existsSync(folder)
  const json = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
  // Read by the old role, and by its value: until 2.9 a status was a number.
  const settings = { tags: {}, platforms: ['junos', 'ios'] }

  test.skipIf(!there)('one answer and three pages give the hosts of expected.json', async () => {
    const { devices } = json('expected.json')
    expect(devices).toHaveLength(4)
    const whole = json('source/devices.json').results
    const paged = [0, 1, 2].flatMap((number) => json(`source/devices-${number}.json`).results)
    for (const [records, pageSize] of [
      [whole, 1000],
      [paged, 2],
    ] as const) {
      const netbox = await startNetbox(records)
      const { list, errors } = await reading('netbox', { url: netbox.origin, pageSize, ...settings })
      expect(hostsOf(list)).toEqual(
        devices
          .filter(({ name }: { name: string | null }) => name !== null)
          .map(({ address, ...one }: { address: string }) => ({ ...one, address: address.replace(/\/32$/, '') })),
      )
      // The fourth device has no name there.
      expect(errors.map(({ message }) => message)).toEqual(['device 4 has no name'])
    }
  })

  test.skipIf(!there)('[G129] the pages as they were recorded count themselves alone, which is refused', async () => {
    const netbox = await startNetbox([], {
      misbehave: ({ page, url }, _answer) => {
        const recorded = json(`source/devices-${page - 1}.json`)
        return { ...recorded, next: recorded.next?.replace('http://localhost:8080', url.origin) ?? null }
      },
    })
    const asked = reading('netbox', { url: netbox.origin, pageSize: 2, ...settings })
    await expect(asked).rejects.toMatchObject({
      kind: 'inventory-count',
      message: `netbox ${netbox.origin}: count 1, read 1, and another page follows`,
    })
  })
})

test('a page that asks to wait is waited for, and asked for again', async () => {
  const clock = restlessClock()
  const netbox = await startNetbox(netboxDevices(5), {
    misbehave: ({ page, tries, response }, answer) => {
      if (page !== 2 || tries > 1) return answer
      response.writeHead(429, { 'retry-after': '7' }).end()
      return undefined
    },
  })
  const { list } = await reading('netbox', { url: netbox.origin, pageSize: 3 }, sourcePorts({ clock }))
  expect(Object.keys(list._meta.hostvars)).toHaveLength(5)
  expect(clock.waited).toEqual([7000])
  expect(netbox.seen).toHaveLength(3)
})
