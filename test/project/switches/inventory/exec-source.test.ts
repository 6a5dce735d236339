import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type RosterHost,
  UnsafeText,
  VaultText,
  variableNames,
  variableOf,
} from '../../../../src/change/roster/hosts/roster.ts'
import { silentConsole } from '../../../../src/lab/trial/trial-app.ts'
import { openProject } from '../../../../src/project/files/project.ts'
import { parseSettings } from '../../../../src/project/files/settings/settings.ts'
import { cachedRoster } from '../../../../src/project/files/sources/cached-roster.ts'
import type { RemoteSource } from '../../../../src/project/files/sources/read-service.ts'
import { askSources } from '../../../../src/project/switches/inventory/refresh-sources.ts'
import { InputError } from '../../../../src/project/system/process/input-error.ts'
import { rowsOf } from '../../../table.ts'
import { askingProject, shellSource } from './asking.ts'

/** The hosts that a program gives; of one that it gives, its variable `name`. */
async function hostsBy(script: string, project = askingProject(), env: readonly string[] = []) {
  const source = shellSource(script, { env })
  await project.refresh(source)
  const read = cachedRoster(project.dir, source)
  const hosts: ReadonlyMap<string, RosterHost> = read.ok ? read.value.roster.hosts : expect.fail(JSON.stringify(read))
  const variable = (host: string, name: string) => variableOf(hosts.get(host) ?? expect.fail(host), name)?.value
  return { hosts, variable }
}

const hostsOf = (printed: object) =>
  hostsBy('printf %s "$PRINTED"', askingProject({ PRINTED: JSON.stringify(printed) }), ['PRINTED'])

describe('a program that prints an inventory', () => {
  test('in the shape of ansible-inventory --list', async () => {
    const { hosts, variable } = await hostsOf({
      _meta: {
        hostvars: {
          leaf1: {
            ansible_host: '192.0.2.1',
            asn: 65_001,
            secret: { __ansible_vault: '$ANSIBLE_VAULT;1.1;AES256\n3132' },
            motto: { __ansible_unsafe: '{{ not rendered }}' },
          },
          spine1: {},
        },
      },
      all: { children: ['DC1', 'ungrouped'] },
      DC1: { children: ['LEAVES', 'SPINES'], vars: { ntp: ['192.0.2.9'], asn: 1 } },
      LEAVES: { hosts: ['leaf1', 'leaf2'], vars: { asn: 2 } },
      SPINES: ['spine1'],
    })
    expect([...hosts.keys()]).toEqual(['leaf1', 'spine1', 'leaf2'])
    const leaf1 = hosts.get('leaf1') ?? expect.fail()
    expect(leaf1.groups).toEqual(['all', 'DC1', 'LEAVES'])
    expect(variableNames(leaf1)).toEqual(['ntp', 'asn', 'ansible_host', 'secret', 'motto'])
    expect(variable('leaf1', 'asn')).toBe(65_001)
    expect(variable('leaf1', 'secret')).toEqual(new VaultText('$ANSIBLE_VAULT;1.1;AES256\n3132'))
    expect(variable('leaf1', 'motto')).toEqual(new UnsafeText('{{ not rendered }}'))
    expect(variable('leaf2', 'asn')).toBe(2)
    expect(variable('spine1', 'asn')).toBe(1)
  })

  test('in the form of eosflow: every device is a switch', async () => {
    const { hosts } = await hostsOf({
      version: 1,
      devices: {
        leaf1: { host: '192.0.2.1', port: 8443, groups: ['LEAVES'], vars: { asn: 65_001, vlans: { '10': 'a' } } },
        spine1: { host: '192.0.2.2', port: 2022, transport: 'ssh' },
      },
      groups: { DC1: { children: ['LEAVES'], vars: { ntp: ['192.0.2.9'] } } },
    })
    const plain = [...hosts].map(([name, host]) => [
      name,
      host.groups,
      Object.fromEntries(variableNames(host).map((one) => [one, variableOf(host, one)?.value])),
    ])
    expect(plain).toEqual([
      [
        'leaf1',
        ['all', 'DC1', 'LEAVES'],
        {
          ntp: ['192.0.2.9'],
          asn: 65_001,
          vlans: { '10': 'a' },
          ansible_network_os: 'arista.eos.eos',
          ansible_host: '192.0.2.1',
          ansible_httpapi_port: 8443,
        },
      ],
      [
        'spine1',
        ['all', 'ungrouped'],
        {
          ansible_network_os: 'arista.eos.eos',
          ansible_host: '192.0.2.2',
          ansible_connection: 'ansible.netcommon.network_cli',
          ansible_port: 2022,
        },
      ],
    ])
  })

  test('is given the variables that it may have, and no other', async () => {
    const project = askingProject({ ALLOWED: 'yes', FORBIDDEN: 'no' })
    const script =
      'printf \'{"version":1,"devices":{"leaf1":{"host":"192.0.2.1","vars":{"env":"%s-%s"}}}}\' "$ALLOWED" "$FORBIDDEN"'
    const { variable } = await hostsBy(script, project, ['ALLOWED'])
    expect(variable('leaf1', 'env')).toBe('yes-')
  })
})

test('a program runs in the folder of the project, from wherever eosflow is called', async () => {
  const project = askingProject()
  const script = `printf '{"version":1,"devices":{"leaf1":{"vars":{"at":"%s"}}}}' "$(pwd)"`
  const { variable } = await hostsBy(script, project)
  expect(variable('leaf1', 'at')).toBe(project.dir)
})

test('passwords of logins in clear text are not kept on the disk, nor shown where they are once more', async () => {
  const project = askingProject()
  const list = {
    _meta: {
      hostvars: {
        leaf1: { ansible_password: 'kestrel-9-9', banner: 'login with kestrel-9-9', ansible_become_password: 4711 },
        leaf2: { ansible_ssh_pass: '{{ pw }}', ansible_httpapi_pass: { __ansible_unsafe: 'osprey-8-8' } },
      },
    },
    all: { hosts: ['leaf1', 'leaf2'], vars: { ansible_password: 'harrier-7-7', ntp: '192.0.2.9' } },
  }
  writeFileSync(join(project.dir, 'list.json'), JSON.stringify(list))
  await project.refresh(shellSource('cat list.json'))
  const [name = ''] = project.answers()
  const kept = readFileSync(join(project.dir, '.eosflow/inventory', name), 'utf8')
  expect(kept).not.toMatch(/kestrel|osprey|harrier|4711/)
  expect((JSON.parse(kept) as { list: unknown }).list).toEqual({
    _meta: {
      hostvars: {
        leaf1: {
          ansible_password: '<redacted>',
          banner: expect.stringMatching(/^login with </),
          ansible_become_password: '<redacted>',
        },
        leaf2: { ansible_ssh_pass: '{{ pw }}', ansible_httpapi_pass: '<redacted>' },
      },
    },
    all: { hosts: ['leaf1', 'leaf2'], vars: { ansible_password: '<redacted>', ntp: '192.0.2.9' } },
  })
})

test.each([
  ['{{ nos }}', '`nos` is not defined'],
  [['eos'], 'ansible_network_os must be one value, not a list'],
  [{ __ansible_vault: '$ANSIBLE_VAULT;1.1;AES256\n3132' }, 'the vault is damaged'],
])('a host whose system is %j is a problem: nobody knows whether it is a switch', async (os, message) => {
  const project = askingProject()
  const list = { _meta: { hostvars: { leaf1: { ansible_network_os: os } } }, all: { hosts: ['leaf1'] } }
  writeFileSync(join(project.dir, 'list.json'), JSON.stringify(list))
  writeFileSync(
    join(project.dir, 'eosflow.yaml'),
    'version: 1\ninventory: { exec: { cvp: { command: [/bin/cat, list.json] } } }\n',
  )
  writeFileSync(
    join(project.dir, 'inventory.yaml'),
    `defaults: { credentials: a }\ncredentials: { a: { username: x, password: "\${env:PW}" } }\nsources: [{ exec: cvp }]\n`,
  )
  const own = openProject(project.app, { project: project.dir })
  await askSources({ ...project.app, project: own }, silentConsole())
  expect(() => own.inventory()).toThrow(InputError)
  expect(() => own.inventory()).toThrow(message)
})

const LIST = 'It has to print what `ansible-inventory --list` prints, or an object with version: 1 and devices.'
const BY_HAND = 'Run its command by hand, as this user: what it says of itself is not shown here.'

/** How a program fails: its script, what is said of it, and what is to be done. */
const FAILURES = [
  ['exit 3', 'ended with exit code 3', BY_HAND],
  ['echo kestrel-9 >&2; exit 1', 'ended with exit code 1', BY_HAND],
  ['kill -9 $$', 'was ended by SIGKILL', BY_HAND],
  ['sleep 60', 'took longer than 1 s', BY_HAND],
  ['head -c 70000000 /dev/zero; sleep 60', 'printed more than 67108864 bytes', BY_HAND],
  ['', 'printed what is no JSON: nothing', LIST],
  ['echo "password: kestrel-9"', 'printed what is no JSON: 20 bytes', LIST],
]

/** What it prints, and what is said of that. */
const PRINTED = rowsOf(String.raw`
{"all": {"hosts": ["leaf1"]}                                           || no JSON: 28 bytes
[]                                                                     || no inventory: it is no object of groups
{"all":{"hosts":["leaf1"]}}                                            || no inventory: it has no ''_meta'': variables are not asked for host by host
{"_meta":{"hostvars":{"leaf1":5}}}                                     || no inventory: the variables of "leaf1" are no object
{"_meta":{"hostvars":{}},"a":{"children":["b"]},"b":{"children":["a"]}} || no inventory: the group "a" is in itself
{"_meta":{"hostvars":{}},"a\u202e":{"hosts":["leaf1"]}}                || no inventory: the name "aU+202E" holds a character that is not seen
{"_meta":{"hostvars":{}},"a":{"hosts":"leaf1"}}                        || no inventory: the hosts of "a" are no list of names
{"_meta":{"hostvars":{}},"a":{"children":[1]}}                         || no inventory: the children of "a" are no list of names
{"_meta":{"hostvars":{}},"a":{"vars":[]}}                              || no inventory: the vars of "a" are no object
{"_meta":{"hostvars":{}},"a":5}                                        || no inventory: the group "a" is no object
{"devices":{}}                                                         || devices that are none: exec cvp (/bin/sh): the key ''version'' is missing
{"version":2,"devices":{}}                                             || devices that are none: exec cvp (/bin/sh):1:12:
{"version":1,"devices":{"a":{"hots":"x"}}}                             || devices that are none: exec cvp (/bin/sh):1:30:
`).map(([text = '', said = '']) => {
  const what = said.startsWith('devices') ? said : `what is ${said}`
  return [`printf '%s' '${text}'`, `printed ${what.replaceAll("''", '`')}`, LIST]
})

test.each([...FAILURES, ...PRINTED])(
  'a program that does %j: %s',
  { tags: 'long' },
  async (script = '', message, hint) => {
    const project = askingProject()
    const failed = await project.refresh(shellSource(script, { seconds: script.startsWith('sleep') ? 1 : 20 })).then(
      () => expect.fail('it was read'),
      (error: Error) => error,
    )
    const expected = `exec cvp (/bin/sh) ${message}`
    expect(failed.message.slice(0, expected.length)).toBe(expected)
    expect(failed).toMatchObject({ kind: 'inventory-exec', hint })
    expect(failed.message).not.toContain('kestrel-9')
  },
)

test('a program that is not there', async () => {
  const project = askingProject()
  const source: RemoteSource = {
    kind: 'exec',
    name: 'cvp',
    program: { command: ['/no/such/program'], env: [], seconds: 1 },
  }
  await expect(project.refresh(source)).rejects.toMatchObject({
    kind: 'inventory-exec',
    message: 'exec cvp (/no/such/program) cannot be started',
  })
})

describe('inventory: of eosflow.yaml', () => {
  const settings = (text: string) => {
    const read = parseSettings(text, 'eosflow.yaml')
    return read.ok
      ? read.value
      : read.problems.map(({ message, at: { line, column } }) => `${line}:${column} ${message}`)
  }

  test('is a file, or a file and programs', () => {
    expect(settings('inventory: net.yaml\n')).toMatchObject({ inventory: 'net.yaml', inventoryPrograms: {} })
    expect(settings('version: 1\n')).toMatchObject({ inventory: 'inventory.yaml', inventoryPrograms: {} })
    expect(
      settings('inventory: { exec: { cvp: { command: [/usr/bin/cvp, --all], env: [CVP_TOKEN], timeout: 90 } } }\n'),
    ).toMatchObject({
      inventory: 'inventory.yaml',
      inventoryPrograms: { cvp: { command: ['/usr/bin/cvp', '--all'], env: ['CVP_TOKEN'], seconds: 90 } },
    })
  })

  test.each([
    ['inventory: { exec: { cvp: { command: [cvp] } } }', ['1:39 the program is named by its absolute path']],
    [
      'inventory: { exec: { cvp: { command: [/usr/bin/cvp], env: [A=1] } } }',
      ['1:60 not a name of an environment variable'],
    ],
    [
      'inventory: { exec: { cvp: { comand: [/usr/bin/cvp] } } }',
      [
        '1:22 the key `command` is missing in `inventory.exec.cvp`',
        '1:29 the key `comand` is not known in `inventory.exec.cvp`',
      ],
    ],
    ['inventory: 5', ['1:12 `inventory` must be text, not 5']],
  ])('%s', (text, problems) => {
    expect(settings(`${text}\n`)).toEqual(problems)
  })
})
