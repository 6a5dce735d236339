import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import long from '../vitest.long.config.ts'
import { cutFiles, taggedFiles } from './cut-files.ts'
import { everyNth, everyNthOfLong, extent, isWhole } from './extent.ts'
import { temporaryFolder } from './lab/folder.ts'

const TESTS = fileURLToPath(new URL('.', import.meta.url))
// In two parts: vitest takes a tag from anywhere in a file.
const TAG = ['// @module', 'tag long\n'].join('-')
const LISTED = /\btags:\s*\[\s*'(?:long|cut)'/
const COUNT = fileURLToPath(new URL('../.ci/count.mjs', import.meta.url))

describe('a test that looks at a cut', () => {
  test('is looked at whole by `npm run soak -- night`, whichever it is', () => {
    const files = cutFiles()
    expect(files).toEqual(
      expect.arrayContaining(['e2e/interrupted.test.ts', 'engine/property-random-machines.test.ts', 'extent.test.ts']),
    )
    expect(files).not.toContain('regressions.test.ts')
    expect(files.length).toBeGreaterThan(10)
    expect(long.test?.env).toEqual({ TEST_WHOLE: process.env.TEST_WHOLE ?? '1' })
    const included = process.env.TEST_WHOLE === 'all' ? files : taggedFiles()
    expect(long.test?.include).toEqual([
      'test/**/*.long.ts',
      'test/**/*.soak.ts',
      ...included.map((file) => `test/${file}`),
    ])
    expect(long.test?.exclude).toEqual(process.env.TEST_WHOLE === 'all' ? [] : ['test/**/*.soak.ts'])
  })

  test('or takes long is run by `npm run test:long`, whichever is tagged', () => {
    const files = taggedFiles()
    expect(files).toEqual(expect.arrayContaining(['cli/suspend.test.ts', 'e2e/approval.test.ts']))
    expect(files).not.toContain('regressions.test.ts')
    expect(files.length).toBeGreaterThan(100)
    const all = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    // A test that has both tags writes them as a list, on a line or over several.
    const listed = all.filter(
      (file) => file.endsWith('.test.ts') && LISTED.test(readFileSync(join(TESTS, file), 'utf8')),
    )
    expect(listed.length).toBeGreaterThan(3)
    expect(listed.filter((file) => !files.includes(file))).toEqual([])
    const longOnes = all.filter((file) => file.endsWith('.long.ts'))
    expect(longOnes).toHaveLength(6)
    // What left them for the soak is still there.
    expect(all.filter((file) => file.endsWith('.soak.ts')).length).toBeGreaterThan(6)
    const untagged = longOnes.filter((file) => !readFileSync(join(TESTS, file), 'utf8').startsWith(TAG))
    expect(untagged).toEqual([])
    const { scripts } = JSON.parse(readFileSync(join(TESTS, '../package.json'), 'utf8'))
    expect(
      ['test', 'test:long', 'test:postgres', 'test:control-room', 'test:clients'].map((name) => scripts[name]),
    ).toEqual([
      'vitest run --tags-filter="!long and !night"',
      'vitest run --config vitest.long.config.ts --tags-filter="(long or cut) and !night"',
      'vitest run --config vitest.postgres.config.ts --tags-filter=!night',
      'vitest run --config vitest.control-room.config.ts --tags-filter=!night',
      'vitest run --config vitest.clients.config.ts --tags-filter=!night',
    ])
  })

  test('takes every nth by a fixed seed, and all of it there', () => {
    const list = Array.from({ length: 20 }, (_, index) => index)
    expect(everyNth(7, 'numbers', list)).toEqual(isWhole ? list : [5, 12, 19])
    expect(everyNth(7, 'nothing', [])).toEqual([])
    expect(everyNth(50, 'numbers', list)).toHaveLength(isWhole ? 20 : 1)
    const isAll = process.env.TEST_WHOLE === 'all'
    expect(everyNthOfLong(7, 'numbers', list)).toEqual(isAll ? list : [5, 12, 19])
    const portion = isAll ? list : isWhole ? [0, 2, 4, 6, 8, 10, 12, 14, 16, 18] : [5, 12, 19]
    expect(everyNth({ test: 7, long: 2 }, 'numbers', list)).toEqual(portion)
    expect(extent('cut', 'whole')).toBe(isWhole ? 'whole' : 'cut')
  })
})

/** What the gate says of reports, each a list of tests of one file with their status. */
function counted(stepsFailed: number, ...reports: readonly Readonly<Record<string, string>>[]): string {
  return linesOf(stepsFailed, reports).at(-1) ?? ''
}

function linesOf(stepsFailed: number, reports: readonly Readonly<Record<string, string>>[]): readonly string[] {
  const dir = temporaryFolder()
  const paths = reports.map((tests, index) => {
    const path = join(dir, `${index}.json`)
    const assertionResults = Object.entries(tests).map(([name, status]) => {
      const [fullName = '', ...tags] = name.split(' #')
      const failureMessages = fullName.startsWith('again') ? ['Error: a page was late\n    at office'] : []
      return { fullName, status, tags, failureMessages }
    })
    writeFileSync(path, JSON.stringify({ testResults: [{ name: 'a.test.ts', status: 'passed', assertionResults }] }))
    return path
  })
  const { stdout } = spawnSync(process.execPath, [COUNT, paths.join(','), '2', String(stepsFailed), dir], {
    encoding: 'utf8',
  })
  return stdout.trimEnd().split('\n')
}

describe('the last line of the gate', () => {
  test('says why a test that has passed was tried again', () => {
    const lines = linesOf(0, [{ one: 'passed', 'again two': 'passed' }])
    expect(lines.filter((line) => line.startsWith('passed when'))).toEqual([
      'passed when it was tried again: a.test.ts: again two: Error: a page was late',
    ])
    expect(lines.at(-1)).toBe('4 passed, 0 failed, 0 skipped')
  })

  test('counts a test once that was looked at in a cut and then whole', () => {
    expect(counted(0, { one: 'passed', two: 'passed' }, { two: 'passed', three: 'passed' })).toBe(
      '5 passed, 0 failed, 0 skipped',
    )
  })

  test('counts it as failed where the whole fails', () => {
    expect(counted(1, { one: 'passed', two: 'passed' }, { two: 'failed' })).toBe('3 passed, 1 failed, 0 skipped')
    expect(counted(1, { one: 'passed', two: 'failed' }, { two: 'passed' })).toBe('3 passed, 1 failed, 0 skipped')
    expect(counted(2, { one: 'failed' }, { two: 'failed' })).toBe('2 passed, 2 failed, 0 skipped')
    expect(counted(3, { one: 'failed' }, { two: 'failed' })).toBe('2 passed, 3 failed, 0 skipped')
  })

  test('counts as skipped only what no step has run', () => {
    expect(counted(0, { one: 'passed', two: 'skipped' }, { one: 'skipped', two: 'passed' })).toBe(
      '4 passed, 0 failed, 0 skipped',
    )
    expect(counted(0, { one: 'passed', two: 'skipped' }, { two: 'skipped' })).toBe('3 passed, 1 failed, 1 skipped')
  })

  test('leaves to `npm test` what has no tag: a cell that it does not look at is skipped by the filter alone', () => {
    expect(counted(0, { one: 'passed' }, { one: 'skipped', 'two of a cut': 'skipped' })).toBe(
      '3 passed, 0 failed, 0 skipped',
    )
    expect(counted(0, { one: 'passed' }, { 'two #long': 'skipped' })).toBe('3 passed, 1 failed, 1 skipped')
  })

  test('says how much is left to the night, which is neither skipped nor passed', () => {
    const lines = linesOf(0, [{ one: 'passed', 'two #night': 'skipped', 'three #long #night': 'skipped' }])
    expect(lines.slice(-2)).toEqual(['left to npm run soak -- night: 2', '3 passed, 0 failed, 0 skipped'])
  })
})
