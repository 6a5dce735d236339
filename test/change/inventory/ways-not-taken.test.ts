import { expect, test } from 'vitest'
import { readFileSource } from '../../../src/project/files/sources/read-file-source.ts'
import { waysNotTaken } from '../../../src/project/files/sources/read-source.ts'
import type { Tree } from '../../../src/text/source/located.ts'

/** A host with one variable of a group, which is written in this line. */
const host = (variable: string, value: string, line = 3) => ({
  name: 'leaf1',
  at: { file: 'hosts.yml', line: 1, column: 1 },
  groups: ['all'],
  layers: [{ of: 'group all', vars: new Map([[variable, { value, at: { file: 'hosts.yml', line, column: 5 } }]]) }],
})

test.each([
  ['ansible_ssh_common_args', '-o ProxyJump=bastion.example'],
  ['ansible_ssh_common_args', `-o ProxyCommand="ssh -W %h:%p -q bastion"`],
  ['ansible_ssh_extra_args', '-J ann@bastion'],
  ['ansible_ssh_args', '-C -Jbastion'],
  ['ansible_paramiko_proxy_command', 'ssh -W %h:%p bastion'],
])('%s: %s is not taken over without a word', (variable, value) => {
  expect(waysNotTaken([host(variable, value), host(variable, value)])).toEqual([
    {
      code: 'inventory-way',
      message: `${variable} names a host on the way to others; it is not used`,
      at: { file: 'hosts.yml', line: 3, column: 5 },
      hint: 'declare that host under `jumps` of inventory.yaml, and name it with `via` (docs/reach.md)',
    },
  ])
})

test('each place is said once, and what names no host on the way is not', () => {
  const jump = '-o ProxyJump=b'
  const two = [host('ansible_ssh_common_args', jump), host('ansible_ssh_common_args', jump, 9)]
  expect(waysNotTaken(two).map(({ at }) => at?.line)).toEqual([3, 9])
  expect(waysNotTaken([host('ansible_ssh_common_args', '-o ControlMaster=auto -C'), host('note', jump)])).toEqual([])
  expect(waysNotTaken([host('ansible_paramiko_proxy_command', '')])).toEqual([])
})

test('where the options of a connection of Nornir lead elsewhere, that is said once for each place, and not followed', () => {
  const files: Readonly<Record<string, string>> = {
    'hosts.yaml': `leaf1: { hostname: 192.0.2.11, port: 443, groups: [leaves] }
leaf2:
  hostname: 192.0.2.12
  groups: [leaves]
  connection_options:
    napalm: { port: 8443, password: not-a-real-password, extras: { optional_args: { transport: http } } }
server: { platform: linux, connection_options: { ssh: { port: 2222 } } }
`,
    'groups.yaml': 'leaves: { connection_options: { netmiko: { hostname: 198.51.100.1, port: null } } }\n',
  }
  const tree: Tree = {
    file: (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])),
    folder: () => undefined,
  }
  const at = { file: 'inventory.yaml', line: 1, column: 1 }
  const read = readFileSource(
    { nornir: { hosts: 'hosts.yaml', groups: 'groups.yaml' }, tags: {}, vars: 'all' },
    at,
    tree,
  )
  const reading = read.ok ? read.value : undefined
  expect(
    reading?.warnings.map(({ at: { file, line, column }, message }) => `${file}:${line}:${column} ${message}`),
  ).toEqual([
    'groups.yaml:1:54 `connection_options` say another hostname for the connection netmiko; it is not used',
    'hosts.yaml:6:21 `connection_options` say another port for the connection napalm; it is not used',
  ])
  expect(JSON.stringify([...(reading?.roster.hosts ?? [])])).not.toContain('not-a-real-password')
})
