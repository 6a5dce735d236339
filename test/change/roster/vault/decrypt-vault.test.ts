import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  decryptVault,
  VaultFault,
  VaultKeys,
  type VaultPassword,
} from '../../../../src/change/roster/vault/decrypt-vault.ts'
import { recordings } from '../../../recordings.ts'
import { NO_TEXT, ONE, PROD, PROD_FILE, TWO_BLOCKS } from '../own-tree.ts'

const one: VaultPassword = { id: 'default', secret: 'pw-one' }
const two: VaultPassword = { id: 'prod', secret: 'pw-two ü' }
const open = (envelope: string, ...passwords: VaultPassword[]) => decryptVault(envelope, passwords, new VaultKeys())

/** How opening fails: the kind, and the words. */
function fault(envelope: string, ...passwords: VaultPassword[]) {
  try {
    return `opened: ${open(envelope, ...passwords)}`
  } catch (thrown) {
    if (thrown instanceof VaultFault) return `${thrown.reason}: ${thrown.message}`
    throw thrown
  }
}

describe('envelopes of /usr/bin/ansible-vault 2.14.18', () => {
  test.each([
    ['1.1', ONE, [one], 'plain text of one'],
    ['1.1, not the first password', ONE, [two, one], 'plain text of one'],
    ['1.2 of an id', PROD, [two], 'zwei ☂ line\ntwo'],
    ['1.2, the password has another id', PROD, [{ ...two, id: 'lab' }], 'zwei ☂ line\ntwo'],
    ['a file', PROD_FILE, [one, two], 'a: 1\nb: [2, 3]\n'],
    ['a text of exactly one block', TWO_BLOCKS, [one], '1234567890abcdef'],
    ['line ends of Windows', ONE.replaceAll('\n', '\r\n'), [one], 'plain text of one'],
  ])('%s', (_name, envelope, passwords, text) => {
    expect(open(envelope, ...passwords)).toBe(text)
  })

  test.each([
    ['no password', PROD, [], 'no-password: vault id `prod`: no password'],
    [
      'none of its id',
      PROD,
      [one],
      'no-password: vault id `prod`: no password for it, and the password of another id does not open the vault',
    ],
    [
      'a wrong one',
      ONE,
      [{ id: 'default', secret: 'pw-two' }],
      'wrong-password: vault id `default`: its password does not open the vault',
    ],
    ['no text', NO_TEXT, [one], 'damaged: what the vault holds is no UTF-8 text'],
    [
      'another version',
      ONE.replace('1.1', '1.3'),
      [one],
      'damaged: the vault is damaged: its version is neither 1.1 nor 1.2 (line 1 of the vault)',
    ],
    [
      'another cipher',
      ONE.replace('AES256', 'AES'),
      [one],
      'damaged: the vault is damaged: its cipher is not AES256 (line 1 of the vault)',
    ],
    [
      'no vault',
      'secret',
      [one],
      'damaged: the vault is damaged: it does not begin with `$ANSIBLE_VAULT` (line 1 of the vault)',
    ],
    [
      'a header alone',
      '$ANSIBLE_VAULT;1.1;AES256',
      [one],
      'damaged: the vault is damaged: its lines do not hold a salt, an HMAC and a ciphertext (line 2 of the vault)',
    ],
    [
      'a line that is no hex',
      ONE.replace('\n3161', '\n31x1'),
      [one],
      'damaged: the vault is damaged: the line does not consist of hexadecimal digits (line 3 of the vault)',
    ],
    [
      'a digit is missing',
      ONE.slice(0, -1),
      [one],
      'damaged: the vault is damaged: a hexadecimal digit is missing (line 6 of the vault)',
    ],
    [
      'the last block is cut',
      ONE.slice(0, -4),
      [one],
      'damaged: the vault is damaged: its ciphertext is not made of whole blocks of 16 bytes (line 6 of the vault)',
    ],
    [
      'a control character in the id',
      PROD.replace(';prod', ';pr\u001b[31mod'),
      [],
      'no-password: vault id `pr�[31mod`: no password',
    ],
    [
      'an id that is long',
      PROD.replace(';prod', `;${'x'.repeat(5_000)}`),
      [],
      `no-password: vault id \`${'x'.repeat(40)}\`: no password`,
    ],
  ])('%s', (_name, envelope, passwords, message) => {
    expect(fault(envelope, ...passwords)).toBe(message)
  })

  test('each changed digit of salt, HMAC and ciphertext is refused', () => {
    const [header = '', ...lines] = ONE.split('\n')
    const inner = Buffer.from(lines.join(''), 'hex').toString('latin1')
    const opened = new Set<string>()
    let tried = 0
    for (let at = 0; at < inner.length; at += 7) {
      if (inner[at] === '\n') continue
      const other = `${inner.slice(0, at)}${inner[at] === '0' ? '1' : '0'}${inner.slice(at + 1)}`
      if (other === inner) continue
      tried += 1
      opened.add(fault(`${header}\n${Buffer.from(other, 'latin1').toString('hex')}`, one))
    }
    expect(tried).toBeGreaterThan(20)
    expect([...opened]).toEqual(['wrong-password: vault id `default`: its password does not open the vault'])
  })
})

test('a key is derived once for a password and a salt', () => {
  const keys = new VaultKeys()
  const derived = keys.of('pw-one', Buffer.from('00', 'hex'))
  expect(keys.of('pw-one', Buffer.from('00', 'hex'))).toBe(derived)
  expect(keys.of('pw-one', Buffer.from('01', 'hex'))).not.toBe(derived)
  expect(keys.of('pw-two', Buffer.from('00', 'hex'))).not.toBe(derived)
})

test('an envelope of 64 MB that is no vault is refused in seconds', { tags: ['long', 'turn'] }, () => {
  const start = performance.now()
  expect(fault(`$ANSIBLE_VAULT;1.1;AES256\n${'3'.repeat(64_000_000)}`, one)).toMatch(/^damaged: /)
  expect(performance.now() - start).toBeLessThan(10_000)
})

const inventories = recordings('inventories/ansible/')

describe.skipIf(!existsSync(inventories))('recorded vaults', () => {
  const passwordsIn = (folder: URL) =>
    readdirSync(folder)
      .filter((name) => name.startsWith('.vault'))
      .map((name) => ({ id: name.slice('.vault-'.length), secret: readFileSync(new URL(name, folder), 'utf8').trim() }))

  /** The envelopes of all files below a folder, unindented. */
  function envelopesIn(folder: URL) {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yml'))
      .flatMap(
        (name) => readFileSync(new URL(name, folder), 'utf8').match(/\$ANSIBLE_VAULT.*(?:\n *[\da-f]+$)+/gm) ?? [],
      )
      .map((text) => text.replaceAll(/\n +/g, '\n'))
  }

  test('4 different ones of two inventories', () => {
    const texts = ['own-vault', 'avd-cv-pathfinder'].flatMap((name) => {
      const folder = new URL(`${name}/source/`, inventories)
      return [...new Set(envelopesIn(folder).map((envelope) => open(envelope, ...passwordsIn(folder))))]
    })
    expect(texts.toSorted()).toEqual([
      'arista',
      'not-a-real-key-1',
      'not-a-real-key-2 üß',
      expect.stringContaining('vault_password: not-a-real-password-1'),
    ])
  })
})
