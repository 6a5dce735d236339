import { describe, expect, test } from 'vitest'
import { type Inventory, parseInventory } from '../../../src/change/inventory/inventory.ts'
import { type SourceReading, valueAt } from '../../../src/change/inventory/source/source-settings.ts'
import {
  type Layer,
  type RosterGroup,
  type RosterHost,
  type RosterValue,
  VaultText,
  variableOf,
} from '../../../src/change/roster/hosts/roster.ts'
import { plainValue } from '../../../src/change/roster/rendered-roster.ts'
import type { Place, Problem } from '../../../src/model/error.ts'
import { ansibleConnection } from '../../../src/project/files/sources/read-source.ts'
import { accept, problemsOf } from '../../../src/text/source/located.ts'

/** Variables as a file has them, one a line. */
function layer(of: string, file: string, vars: Readonly<Record<string, RosterValue>>): Layer {
  return {
    of,
    vars: new Map(Object.entries(vars).map(([name, value], index) => [name, { value, at: place(file, index + 1) }])),
  }
}

/** A host of a source. */
function host(name: string, groups: readonly string[], layers: readonly Layer[]): RosterHost {
  return { name, at: place('hosts.yml', 1), groups, layers }
}

/** What was read of a source with these hosts, all of them switches unless it says otherwise. */
function reading(
  label: string,
  hosts: readonly RosterHost[],
  more: Partial<SourceReading> & { readonly children?: Readonly<Record<string, readonly string[]>> } = {},
): SourceReading {
  const { children = {}, ...rest } = more
  const names = [...new Set([...Object.keys(children), ...hosts.flatMap(({ groups }) => groups)])]
  const groups = names.map((name): [string, RosterGroup] => [
    name,
    {
      name,
      children: children[name] ?? [],
      hosts: hosts.filter((one) => one.groups.includes(name)).map((one) => one.name),
      layers: [],
    },
  ])
  return {
    label,
    at: place('inventory.yaml', 2),
    tags: {},
    vars: 'all',
    roster: { hosts: new Map(hosts.map((one) => [one.name, one])), groups: new Map(groups) },
    chosen: hosts.map(({ name }) => name),
    rule: 'is a switch',
    hint: 'name some',
    valuesOf: (of) => ({
      get: (name) => {
        const variable = variableOf(of, name)
        return variable === undefined ? undefined : plainValue(variable)
      },
    }),
    connectionOf: ansibleConnection,
    warnings: [],
    ...rest,
  }
}

/** An inventory over what was read of its sources, and everything that is wrong with it. */
function inventoryOver(
  text: string,
  readings: readonly SourceReading[],
): { readonly inventory?: Inventory; readonly problems: readonly Problem[] } {
  const sources = readings.map((_, index) => `  - ansible: source${index}\n`).join('')
  const parsed = parseInventory(`sources:\n${sources}${text}`, 'inventory.yaml', undefined, () =>
    readings.map((one) => accept(one)),
  )
  return parsed.ok ? { inventory: parsed.value, problems: [] } : { problems: problemsOf(parsed) }
}

/** The defaults and credentials that most inventories of tests have. */
const LOGIN = `defaults: { credentials: operator }
credentials: { operator: { username: eosflow, password: '\${env:EOSFLOW_RW}' } }
`

function place(file: string, line: number): Place {
  return { file, line, column: 1 }
}

const connected = (more: Readonly<Record<string, string | number | boolean>>) =>
  layer('host leaf1', 'host_vars/leaf1.yml', { ansible_host: '10.0.0.1', ...more })

const deviceOf = (vars: Readonly<Record<string, string | number | boolean>>, text = LOGIN) => {
  const { inventory, problems } = inventoryOver(text, [reading('ansible a', [host('leaf1', [], [connected(vars)])])])
  expect(problems).toEqual([])
  const [device] = inventory?.devices ?? []
  return device
}

const said = (text: string, ...readings: Parameters<typeof inventoryOver>[1]) =>
  inventoryOver(text, readings).problems.map(({ code, at, message }) => `${code} ${at.file}:${at.line} ${message}`)

describe('how a host of Ansible is reached', () => {
  test.each([
    ['nothing said', {}, 'eapi', 443],
    ['httpapi', { ansible_connection: 'httpapi' }, 'eapi', 443],
    ['its full name', { ansible_connection: 'ansible.netcommon.httpapi', ansible_httpapi_port: 8443 }, 'eapi', 8443],
    ['the port of SSH is not that of eAPI', { ansible_connection: 'httpapi', ansible_port: 22 }, 'eapi', 443],
    ['network_cli', { ansible_connection: 'network_cli' }, 'ssh', 22],
    ['its port', { ansible_connection: 'ansible.netcommon.network_cli', ansible_port: '2222' }, 'ssh', 2222],
    [
      'the port of eAPI is not that of SSH',
      { ansible_connection: 'network_cli', ansible_httpapi_port: 8443 },
      'ssh',
      22,
    ],
    ['a plugin that is for other systems', { ansible_connection: 'local' }, 'eapi', 443],
  ])('%s', (_, vars, transport, port) => {
    expect(deviceOf(vars)).toMatchObject({ host: '10.0.0.1', transport, port })
  })

  test('what weakens a connection is not taken over', () => {
    const device = deviceOf({ ansible_httpapi_use_ssl: false, ansible_httpapi_validate_certs: false })
    expect(device).toMatchObject({ protocol: 'https', tls: { mode: 'system' }, port: 443 })
  })

  test('a host without ansible_host is reached by its name', () => {
    const { inventory } = inventoryOver(LOGIN, [reading('ansible a', [host('leaf1.example.net', [], [])])])
    expect(inventory?.devices.map(({ name, host: address }) => [name, address])).toEqual([
      ['leaf1.example.net', 'leaf1.example.net'],
    ])
  })

  test('what inventory.yaml says goes before it, and a port goes with its transport', () => {
    const text = `${LOGIN}devices: { leaf1: { host: 10.9.9.9, transport: eapi } }\n`
    expect(deviceOf({ ansible_connection: 'network_cli', ansible_port: 2222 }, text)).toMatchObject({
      host: '10.9.9.9',
      transport: 'eapi',
      port: 443,
    })
  })

  test('what is of no use is refused at its place', () => {
    const bad = reading('ansible a', [
      host('leaf1', [], [connected({ ansible_httpapi_port: 70000 })]),
      host('leaf2', [], [layer('host leaf2', 'host_vars/leaf2.yml', { ansible_host: ['10.0.0.2'] })]),
      host('leaf3', [], [layer('host leaf3', 'host_vars/leaf3.yml', { ansible_host: 'https://leaf3' })]),
    ])
    expect(said(LOGIN, bad)).toEqual([
      'inventory-value host_vars/leaf1.yml:2 ansible_httpapi_port must be the number of a port, from 1 to 65535',
      'inventory-value host_vars/leaf2.yml:1 ansible_host must be one value, not a list',
      'bad-host host_vars/leaf3.yml:1 `https://leaf3` is neither an address nor a host name',
    ])
  })
})

describe('the hosts of a source', () => {
  test('that cannot be names of switches are refused', () => {
    const bad = reading('ansible a', [host('Test VM With Spaces', [], []), host('not', [], []), host('leaf1', [], [])])
    expect(said(LOGIN, bad)).toEqual([
      'inventory-name hosts.yml:1 "Test VM With Spaces" cannot be the name of a switch: a letter or digit, then letters, digits, `.`, `_` and `-`, at most 64',
      'inventory-name hosts.yml:1 "not" cannot be the name of a switch: a word of the selector language',
    ])
  })

  test('that have no address are left out with a warning, and none left is a problem', () => {
    const without = {
      connectionOf: ({ name }: { name: string }) =>
        name === 'leaf1' ? {} : { host: { text: name, at: { file: 'x', line: 1, column: 1 } } },
    }
    const { inventory } = inventoryOver(LOGIN, [
      reading('csv a', [host('leaf1', [], []), host('leaf2', [], [])], without),
    ])
    expect(inventory?.devices.map(({ name }) => name)).toEqual(['leaf2'])
    expect(inventory?.warnings.map(({ message }) => message)).toEqual(['leaf1 has no address: it is left out'])
    expect(said(LOGIN, reading('csv a', [host('leaf1', [], [])], without))).toEqual([
      'inventory-empty inventory.yaml:2 none of the 1 switches of csv a has an address',
    ])
  })

  test('[G144] that are no switches are said, never an empty fleet', () => {
    const none = reading('ansible a', [host('web1', [], []), host('web2', [], [])], { chosen: [] })
    expect(said(LOGIN, none)).toEqual(['inventory-empty inventory.yaml:2 ansible a has 2 hosts, and none is a switch'])
  })

  test('that have one address are refused with both places', () => {
    const one = reading('ansible a', [host('leaf1', [], [connected({})])])
    const two = reading('csv b', [host('LEAF1', [], [layer('row', 'switches.csv', { ansible_host: '10.0.0.1' })])])
    expect(said(LOGIN, one, two)).toEqual([
      'inventory-two switches.csv:1 `LEAF1` has the address of `leaf1` (host_vars/leaf1.yml:1:1): 10.0.0.1 port 443',
    ])
  })

  test('that have no credentials are said once, for a login never comes from a source', () => {
    const two = reading('ansible a', [host('leaf1', [], []), host('leaf2', [], []), host('leaf3', [], [])])
    expect(said('', two)).toEqual([
      'no-credentials inventory.yaml:1 `leaf1` and 2 more switches of the sources have no credentials: a login never comes from a source',
    ])
  })
})

describe('sources are merged', () => {
  const first = reading(
    'ansible a',
    [
      host(
        'leaf1',
        ['DC1', 'LEAVES'],
        [
          layer('group DC1', 'group_vars/DC1.yml', { ntp: 'ntp-a', mtu: 1500, ansible_user: 'admin' }),
          layer('host leaf1', 'host_vars/leaf1.yml', { asn: 65101, ansible_host: '10.0.0.1' }),
        ],
      ),
    ],
    { children: { DC1: ['LEAVES'] }, tags: { role: 'asn' } },
  )
  const second = reading('csv b', [
    host('leaf1', ['ROW1'], [layer('row 2', 'switches.csv', { mtu: 9214, ansible_host: '10.0.0.11' })]),
    host('leaf2', ['ROW1'], [layer('row 3', 'switches.csv', { asn: 65102, ansible_host: '10.0.0.12' })]),
  ])
  const text = `${LOGIN}groups: { ROW1: { vars: { rack: r1, ntp: ntp-own } }, EXTRA: { children: [ROW1], vars: { rack: r0, site: s1 } } }
devices: { leaf2: { vars: { asn: 65199 } }, leaf3: { host: 10.0.0.13, groups: [EXTRA] } }
`

  test('in their order, then groups, then devices', () => {
    const { inventory, problems } = inventoryOver(text, [first, second])
    expect(problems).toEqual([])
    const found = inventory?.devices.map(({ name, host: address, tags, groups, vars }) => [
      name,
      address,
      tags,
      groups,
      Object.fromEntries(
        vars.names().map((variable) => [variable, (vars.get(variable) as { value?: unknown })?.value]),
      ),
    ])
    expect(found).toEqual([
      [
        'leaf1',
        '10.0.0.11',
        { role: '65101' },
        ['DC1', 'EXTRA', 'LEAVES', 'ROW1'],
        { ntp: 'ntp-own', mtu: 9214, asn: 65101, rack: 'r1', site: 's1' },
      ],
      ['leaf2', '10.0.0.12', {}, ['EXTRA', 'ROW1'], { asn: 65199, rack: 'r1', site: 's1', ntp: 'ntp-own' }],
      ['leaf3', '10.0.0.13', {}, ['EXTRA'], { rack: 'r0', site: 's1' }],
    ])
  })

  test('and each variable knows its place and what it hides', () => {
    const { inventory } = inventoryOver(text, [first, second])
    const [leaf1, leaf2] = inventory?.devices ?? []
    expect(leaf1?.vars.origin('mtu')).toEqual({
      of: 'row 2',
      at: { file: 'switches.csv', line: 1, column: 1 },
      overrode: [{ of: 'group DC1', at: { file: 'group_vars/DC1.yml', line: 2, column: 1 } }],
    })
    expect(leaf2?.vars.origin('asn')?.overrode).toEqual([
      { of: 'row 3', at: { file: 'switches.csv', line: 1, column: 1 } },
    ])
    expect(leaf1?.vars.origin('ansible_user')).toBeUndefined()
  })

  test('a list of vars hides all others from templates, and tags may still be made of them', () => {
    const { inventory } = inventoryOver(LOGIN, [{ ...first, vars: ['mtu'] }])
    expect(inventory?.devices[0]?.vars.names()).toEqual(['mtu'])
    expect(inventory?.devices[0]?.tags).toEqual({ role: '65101' })
  })

  test('a tag is one line that is no secret', () => {
    const from = (value: Parameters<typeof layer>[2][string]) =>
      reading('ansible a', [host('leaf1', [], [layer('host leaf1', 'h.yml', { type: value })])], {
        tags: { role: 'type' },
      })
    expect(said(LOGIN, from(['a']))).toEqual([
      'inventory-value h.yml:1 `type`, the tag `role`, must be one value, not a list',
    ])
    expect(said(LOGIN, from('a\nb'))).toEqual([
      'inventory-value h.yml:1 `type` is no line of plain text and cannot be the tag `role`',
    ])
    expect(said(LOGIN, from(new VaultText('$ANSIBLE_VAULT;1.1;AES256')))).toEqual([
      'inventory-vault h.yml:1 a vault is not opened here',
    ])
  })
})

test('a part of a variable is found by its path', () => {
  const { valuesOf, roster } = reading('netbox', [
    host('leaf1', [], [layer('record', 'netbox', { role: { slug: 'leaf' }, 'a.b': 1, list: [{ name: 'x' }] })]),
  ])
  const values = valuesOf(roster.hosts.get('leaf1') as ReturnType<typeof host>)
  const at = (path: string) => valueAt(values, path)
  expect([at('role.slug'), at('a.b'), at('list.0.name')].map((one) => one?.kind === 'scalar' && one.value)).toEqual([
    'leaf',
    1,
    'x',
  ])
  expect([at('role.name'), at('none'), at('role.slug.x'), at('list.7')]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})
