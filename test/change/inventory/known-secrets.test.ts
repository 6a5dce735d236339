import { expect, test } from 'vitest'
import { VaultKeys } from '../../../src/change/roster/vault/decrypt-vault.ts'
import { readAnsibleSource } from '../../../src/project/files/sources/read-source.ts'
import { memoryTree, ONE, PROD_FILE } from '../roster/own-tree.ts'

const inline = ONE.split('\n')
  .map((line) => `  ${line}\n`)
  .join('')

const FILES = {
  'hosts.yml': 'all: { hosts: { leaf1: { ansible_network_os: eos }, leaf2: { ansible_network_os: eos } } }\n',
  'group_vars/all.yml': [
    `snmp: !vault |\n${inline}`,
    'ansible_password: clear-login\n',
    'ansible_become_password: 4711.0\n',
    "ansible_httpapi_password: '{{ snmp }}'\n",
    'ansible_ssh_pass: !unsafe "pa{ss"\n',
    'banner: hello\n',
  ].join(''),
  'host_vars/leaf1.yml': PROD_FILE,
}

/** Every secret that is told of a source as it is read, in the order of their texts. */
function told(vault: Readonly<Record<string, string>>) {
  const known = new Set<string>()
  const read = readAnsibleSource(
    { ansible: 'hosts.yml', tags: {}, vars: 'all', vault },
    { file: 'inventory.yaml', line: 2, column: 1 },
    {
      tree: memoryTree(FILES),
      password: (reference) => ({ secret: reference.slice('env:'.length) }),
      kept: () => {
        throw new Error('nothing is asked')
      },
      secret: () => undefined,
      known: (value) => known.add(value),
      keys: new VaultKeys(),
    },
  )
  expect(read).toMatchObject({ ok: true })
  return [...known].sort()
}

test('the secrets of a source are known before any of them is used: texts of a vault, files of it, and logins in clear', () => {
  expect(told({ default: 'env:pw-one', prod: 'env:pw-two ü' })).toEqual([
    '1',
    '2',
    '3',
    '4711',
    'clear-login',
    'pa{ss',
    'plain text of one',
  ])
})
