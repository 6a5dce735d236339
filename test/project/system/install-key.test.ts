import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readOrMakeInstallKey } from '../../../src/project/system/machine/key-files.ts'
import { KEY, thrownBy } from '../../change/record/sqlite/open-for-test.ts'
import { temporaryFolder } from '../../lab/folder.ts'

describe('the install key', () => {
  test('is made once, readable by its owner only, and stays the same', () => {
    const folder = join(temporaryFolder(), '.eosflow')
    const key = readOrMakeInstallKey(folder, {})
    expect(key).toMatch(/^[0-9a-f]{64}$/)
    expect(readFileSync(join(folder, 'install.key'), 'utf8')).toBe(`${key}\n`)
    expect(statSync(join(folder, 'install.key')).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(readdirSync(folder)).toEqual(['install.key'])
    expect(readOrMakeInstallKey(folder, {})).toBe(key)
    expect(readOrMakeInstallKey(temporaryFolder(), {})).not.toBe(key)
  })

  test('comes from EOSFLOW_KEY where that is set, and no file is made', () => {
    const folder = temporaryFolder()
    const given = 'thirty-two characters are enough'
    expect(readOrMakeInstallKey(folder, { EOSFLOW_KEY: given })).toBe(given)
    expect(readdirSync(folder)).toEqual([])
    expect(readOrMakeInstallKey(folder, { EOSFLOW_KEY: '' })).toMatch(/^[0-9a-f]{64}$/)
  })

  test('of fewer than 32 characters is refused, and not shown', async () => {
    const error = await thrownBy(() => readOrMakeInstallKey(temporaryFolder(), { EOSFLOW_KEY: 'short-canary' }))
    expect(error).toMatchObject({ kind: 'store', message: 'EOSFLOW_KEY has 12 characters, it needs 32 or more' })
    expect(String(error)).not.toContain('canary')
  })

  test.each([0o640, 0o604, 0o660, 0o644])('in a file of mode %o is refused', async (mode) => {
    const folder = temporaryFolder({ 'install.key': KEY })
    chmodSync(join(folder, 'install.key'), mode)
    expect(await thrownBy(() => readOrMakeInstallKey(folder, {}))).toMatchObject({
      kind: 'store',
      message: expect.stringContaining(`may be read by others (mode ${mode.toString(8)})`),
      hint: expect.stringContaining('chmod 600'),
    })
  })

  test('[G127] behind a symbolic link is refused', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'elsewhere'), KEY, { mode: 0o600 })
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'install.key'))
    const error = await thrownBy(() => readOrMakeInstallKey(folder, {}))
    expect(error).toMatchObject({ kind: 'store', message: expect.stringContaining('symbolic link') })
  })

  test.each(['', KEY.slice(1), `${KEY}0`, 'g'.repeat(64)])('%j is no key, and is not written over', async (content) => {
    const path = join(temporaryFolder(), 'install.key')
    writeFileSync(path, content, { mode: 0o600 })
    const error = await thrownBy(() => readOrMakeInstallKey(join(path, '..'), {}))
    expect(error).toMatchObject({ kind: 'store', message: expect.stringContaining('does not hold a key') })
    expect(readFileSync(path, 'utf8')).toBe(content)
  })

  const refusal = (code: string) => ({
    kind: 'store',
    message: expect.stringMatching(new RegExp(`install\\.key cannot be written \\(${code}\\)`)),
    hint: expect.stringContaining('--store'),
  })

  test('in a folder that cannot be made is a matter of the store, with what to do', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    expect(await thrownBy(() => readOrMakeInstallKey(join(file, 'folder'), {}))).toMatchObject(refusal('ENOTDIR'))
  })

  test.runIf(process.platform === 'linux')('in a folder that takes no files likewise', async () => {
    expect(await thrownBy(() => readOrMakeInstallKey('/proc', {}))).toMatchObject(refusal('E[A-Z]+'))
  })

  test('that cannot be made is named', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'install.key'))
    expect(await thrownBy(() => readOrMakeInstallKey(folder, {}))).toMatchObject({ kind: 'store' })
    rmSync(join(folder, 'install.key'), { recursive: true })
    expect(readOrMakeInstallKey(folder, {})).toMatch(/^[0-9a-f]{64}$/)
  })
})
