import { expect, test } from 'vitest'
import { type RosterValue, UnsafeText, type Variable } from '../../../src/change/roster/hosts/roster.ts'
import { VaultKeys } from '../../../src/change/roster/vault/decrypt-vault.ts'
import { WholeFloat } from '../../../src/model/json.ts'
import { rosterSecrets } from '../../../src/project/files/sources/read-source.ts'

const at = { file: 'group_vars/all.yml', line: 1, column: 1 }

const secretsOf = (name: string, value: RosterValue, isSecret?: true) => {
  const variable: Variable = { value, at, ...(isSecret === undefined ? {} : { isSecret }) }
  const layers = [{ of: 'all', vars: new Map([[name, variable]]) }]
  const groups = new Map([['all', { name: 'all', children: [], hosts: [], layers }]])
  return [...rosterSecrets({ hosts: new Map(), groups }, [], new VaultKeys())]
}

test.each<[string, RosterValue, readonly string[]]>([
  ['a text', 'hunter2', ['hunter2']],
  ['a number', 4711, ['4711']],
  ['a number that is large', 12345678901234567890n, ['12345678901234567890']],
  ['a number with a fraction of zero', new WholeFloat(4711), ['4711']],
  ['a text that is no template', new UnsafeText('h2'), ['h2']],
  ['a list', ['one', ['two', 3]], ['one', 'two', '3']],
  ['a map, without its keys', { key: 'value', inner: { deep: 'deeper' } }, ['value', 'deeper']],
  ['maps in a list', [{ name: 'ops', password: 'h3' }], ['ops', 'h3']],
  ['the same twice', ['same', { again: 'same' }], ['same']],
  ['a template, which is known when it is rendered', '{{ vaulted }}', []],
  ['truth and nothing', [true, false, null], []],
])('of a file that is encrypted as a whole every value is a secret: %s', (_what, value, secrets) => {
  expect(secretsOf('any_name', value, true)).toEqual(secrets)
  expect(secretsOf('any_name', value)).toEqual([])
})

test('the password of a login in clear is a secret wherever it is written', () => {
  expect(secretsOf('ansible_password', 'hunter2')).toEqual(['hunter2'])
  expect(secretsOf('ansible_user', 'admin')).toEqual([])
})
