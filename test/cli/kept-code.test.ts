import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { keptCode } from '../../src/cli/kept-code.ts'
import { temporaryFolder } from '../lab/folder.ts'

const textOf = (digit: string) =>
  `(function (exports, require, module, __filename, __dirname) {/*${digit.repeat(32)}*/ 1 })`

/** The user's folder for what can be made again, and that of eosflow in it. */
function cache() {
  const home = temporaryFolder()
  vi.stubEnv('XDG_CACHE_HOME', home)
  return { home, dir: join(home, 'eosflow') }
}

afterEach(() => {
  vi.unstubAllEnvs()
})

test('code is kept for this user alone, and found again for the same text and use', () => {
  const { dir } = cache()
  const kept = keptCode(textOf('a'), 'program')
  expect(kept?.code).toBeUndefined()
  kept?.keep(Buffer.from('code of a'))
  expect(keptCode(textOf('a'), 'program')?.code?.toString()).toBe('code of a')
  expect(keptCode(textOf('b'), 'program')?.code).toBeUndefined()
  expect(keptCode(textOf('a'), 'quick')?.code).toBeUndefined()
  const [name = ''] = readdirSync(dir)
  expect(name).toContain(process.versions.v8)
  expect([statSync(dir).mode & 0o777, statSync(join(dir, name)).mode & 0o777]).toEqual([0o700, 0o600])
})

test('without a digest in the text, or a folder with a whole path, nothing is kept', () => {
  cache()
  expect(keptCode('(function () {})', 'program')).toBeUndefined()
  vi.stubEnv('XDG_CACHE_HOME', 'cache')
  expect(keptCode(textOf('a'), 'program')).toBeUndefined()
})

test.each([
  ['a folder that others write to', (dir: string) => chmodSync(dir, 0o777)],
  ['a file that others write to', (_: string, file: string) => chmodSync(file, 0o666)],
  [
    'a link to a file',
    (dir: string, file: string) => {
      writeFileSync(join(dir, 'other'), 'another code')
      chmodSync(join(dir, 'other'), 0o600)
      symlinkSync(join(dir, 'other'), `${file}.link`)
      renameSync(`${file}.link`, file)
    },
  ],
])('%s is not run', (_what, spoil) => {
  const { dir } = cache()
  keptCode(textOf('a'), 'program')?.keep(Buffer.from('code'))
  const [name = ''] = readdirSync(dir)
  spoil(dir, join(dir, name))
  expect(keptCode(textOf('a'), 'program')?.code).toBeUndefined()
})

test('nothing is written into a folder that others write to, and no failure is', () => {
  const { home, dir } = cache()
  mkdirSync(dir)
  chmodSync(dir, 0o777)
  keptCode(textOf('a'), 'program')?.keep(Buffer.from('code'))
  expect(readdirSync(dir)).toEqual([])
  vi.stubEnv('XDG_CACHE_HOME', join(home, 'file'))
  writeFileSync(join(home, 'file'), '')
  keptCode(textOf('a'), 'program')?.keep(Buffer.from('code'))
  expect(existsSync(join(home, 'file/eosflow'))).toBe(false)
})

test('four texts of each use are kept, the newest', () => {
  const { dir } = cache()
  keptCode(textOf('f'), 'quick')?.keep(Buffer.from('quick'))
  for (const [index, digit] of [...'abcde'].entries()) {
    keptCode(textOf(digit), 'program')?.keep(Buffer.from(digit))
    for (const name of readdirSync(dir).filter((one) => one.includes(digit.repeat(32))))
      utimesSync(join(dir, name), 1_000 + index, 1_000 + index)
  }
  const kept = readdirSync(dir).map((name) => `${name.split('-')[0]} ${name.slice(-6, -5)}`)
  expect(kept.toSorted()).toEqual(['program b', 'program c', 'program d', 'program e', 'quick f'])
})
