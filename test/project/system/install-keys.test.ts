import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { installKeysWith, makeNextInstallKey, settleInstallKey } from '../../../src/project/system/machine/key-files.ts'
import { thrownBy } from '../../change/record/sqlite/open-for-test.ts'
import { temporaryFolder } from '../../lab/folder.ts'

const [ONE, TWO, THREE] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string]

function folderWith(files: Readonly<Record<string, string>>) {
  const folder = join(temporaryFolder(), 'keys')
  mkdirSync(folder, { mode: 0o700 })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), `${text}\n`, { mode: 0o600 })
  return folder
}

test('a key that is a file has the next one and those before it in files', () => {
  const folder = folderWith({ 'install.next.key': TWO, 'install.old.keys': `${THREE}\n${ONE}` })
  expect(installKeysWith(ONE, folder, {})).toEqual({ key: ONE, next: TWO, old: [THREE, ONE] })
  expect(installKeysWith(ONE, folderWith({}), {})).toEqual({ key: ONE, old: [] })
})

test('a key that the environment gives has them there, and files beside the store are not looked at', () => {
  const folder = folderWith({ 'install.next.key': TWO, 'install.old.keys': THREE })
  expect(installKeysWith(ONE, folder, { EOSFLOW_KEY: ONE })).toEqual({ key: ONE, old: [] })
  const env = { EOSFLOW_KEY: ONE, EOSFLOW_NEXT_KEY: TWO, EOSFLOW_OLD_KEYS: `${THREE}, ${TWO}\n` }
  expect(installKeysWith(ONE, folder, env)).toEqual({ key: ONE, next: TWO, old: [THREE, TWO] })
})

test('a key that is too short, or a file that holds no keys, is refused without being shown', async () => {
  for (const [env, says] of [
    [{ EOSFLOW_KEY: ONE, EOSFLOW_NEXT_KEY: 'short-canary' }, 'EOSFLOW_NEXT_KEY has 12 characters, it needs 32 or more'],
    [{ EOSFLOW_KEY: ONE, EOSFLOW_OLD_KEYS: `${TWO},canary` }, 'EOSFLOW_OLD_KEYS has 6 characters, it needs 32 or more'],
  ] as const)
    expect(await thrownBy(() => installKeysWith(ONE, folderWith({}), env))).toMatchObject({
      kind: 'store',
      message: says,
    })
  const folder = folderWith({ 'install.old.keys': `${THREE}\ncanary` })
  const error = await thrownBy(() => installKeysWith(ONE, folder, {}))
  expect(error).toMatchObject({
    kind: 'store',
    message: expect.stringMatching(/install\.old\.keys does not hold keys/),
  })
  expect(String(error)).not.toContain('canary')
})

test.each([
  ['install.next.key', '', 'is empty', 'Put the key there that the other machines have as the next one'],
  [
    'install.next.key',
    'canary',
    'does not hold a key of 64 hex digits',
    'where no rotation is under way, delete the file',
  ],
  ['install.old.keys', '', 'is empty', 'Restore it from a backup; where no key was replaced, delete the file'],
])('%s with "%s" is refused, and it is said what to do', async (file, text, message, hint) => {
  expect(await thrownBy(() => installKeysWith(ONE, folderWith({ [file]: text }), {}))).toMatchObject({
    kind: 'store',
    message: expect.stringContaining(`${file} ${message}`),
    hint: expect.stringContaining(hint),
  })
})

test('a next key is made for its owner alone, and once', () => {
  const folder = folderWith({})
  makeNextInstallKey(folder)
  const path = join(folder, 'install.next.key')
  const text = readFileSync(path, 'utf8')
  expect(text).toMatch(/^[0-9a-f]{64}\n$/)
  expect((statSync(path).mode & 0o777).toString(8)).toBe('600')
  makeNextInstallKey(folder)
  expect(readFileSync(path, 'utf8')).toBe(text)
})

test('nothing is put in its place while the store is under another key than the next one', () => {
  const folder = folderWith({ 'install.key': ONE, 'install.next.key': TWO })
  settleInstallKey(folder, ONE)
  expect(readFileSync(join(folder, 'install.key'), 'utf8')).toBe(`${ONE}\n`)
  expect(existsSync(join(folder, 'install.old.keys'))).toBe(false)
  settleInstallKey(folder, TWO)
  settleInstallKey(folder, TWO)
  expect(readFileSync(join(folder, 'install.key'), 'utf8')).toBe(`${TWO}\n`)
  expect(readFileSync(join(folder, 'install.old.keys'), 'utf8')).toBe(`${ONE}\n`)
})
