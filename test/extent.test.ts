import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import type { Vitest } from 'vitest/node'
import long from '../vitest.long.config.ts'
import postgres from '../vitest.postgres.config.ts'
import { cutFiles, nightFiles, taggedFiles } from './cut-files.ts'
import { cutBy, everyNth, everyNthOfLong, extent, hasTurn, isWhole } from './extent.ts'
import { titlesIn } from './house/titles.ts'
import { partOf, temporaryFolder } from './lab/lab.ts'
import { seedOf, setup } from './seed.ts'
import { NIGHT } from './soak/night-list.ts'

const TESTS = fileURLToPath(new URL('.', import.meta.url))
// In two parts: vitest takes a tag from anywhere in a file.
const TAG = new RegExp(['^// @module', 'tag (?:long|night)\n'].join('-'))
const LISTED = /\btags:\s*\[\s*'(?:long|cut)'/
/** A title that begins with an id. */
const WITH_ID = /['"`]\[[A-Z0-9]+[a-z]?\] /
const COUNT = fileURLToPath(new URL('../.ci/count.mjs', import.meta.url))

describe('a test that looks at a cut', () => {
  test('is looked at whole by `npm run soak -- night all`, whichever it is', () => {
    const files = cutFiles()
    expect(files).toEqual(
      expect.arrayContaining([
        'e2e/collateral.test.ts',
        'change/engine/property-random-machines.test.ts',
        'extent.test.ts',
      ]),
    )
    expect(files).not.toContain('recordings.test.ts')
    expect(files.length).toBeGreaterThan(10)
    const { TEST_WHOLE = '1', TEST_TURNS = TEST_WHOLE === 'all' ? '1' : '6' } = process.env
    expect([long.test?.env, postgres.test?.env]).toEqual([{ TEST_WHOLE, TEST_TURNS }, { TEST_TURNS }])
    const ofNight = TEST_TURNS === '1' ? nightFiles().filter((file) => file.endsWith('.test.ts')) : []
    const included = TEST_WHOLE === 'all' ? files : [...taggedFiles(), ...ofNight]
    expect(long.test?.include).toEqual(['test/**/*.long.ts', ...included.map((file) => `test/${file}`)])
  })

  test('or takes long is run by `npm run test:long`, whichever is tagged', () => {
    const files = taggedFiles()
    expect(files).toEqual(expect.arrayContaining(['e2e/approval.test.ts', 'doors/http/long-history.test.ts']))
    expect(files).not.toContain('recordings.test.ts')
    expect(files.length).toBeGreaterThan(100)
    const all = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    // A test that has both tags writes them as a list, on a line or over several.
    const listed = all.filter(
      (file) => file.endsWith('.test.ts') && LISTED.test(readFileSync(join(TESTS, file), 'utf8')),
    )
    expect(listed.length).toBeGreaterThan(3)
    expect(listed.filter((file) => !files.includes(file))).toEqual([])
    const longOnes = all.filter((file) => file.endsWith('.long.ts'))
    expect(longOnes.length).toBeGreaterThan(4)
    const untagged = longOnes.filter((file) => !TAG.test(readFileSync(join(TESTS, file), 'utf8')))
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

  test('that only the night runs is in a list, with what it alone proves', () => {
    expect(NIGHT.map(({ file }) => file)).toEqual(nightFiles())
    expect(NIGHT.length).toBeGreaterThan(40)
    expect(new Set(NIGHT.map(({ proves }) => proves)).size).toBe(NIGHT.length)
    expect(NIGHT.filter(({ proves }) => proves.split(' ').length < 6)).toEqual([])
  })

  test('takes every nth, and all of it there', () => {
    const list = Array.from({ length: 20 }, (_, index) => index)
    const isAll = process.env.TEST_WHOLE === 'all'
    const cut = everyNth(7, 'numbers', list)
    expect(
      isWhole
        ? [list]
        : [
            [0, 7, 14],
            [1, 8, 15],
            [2, 9, 16],
            [3, 10, 17],
            [4, 11, 18],
            [5, 12, 19],
            [0, 6, 13],
          ],
    ).toContainEqual(cut)
    expect(everyNth(7, 'nothing', [])).toEqual([])
    expect(everyNth(50, 'numbers', list)).toHaveLength(isWhole ? 20 : 1)
    expect(everyNthOfLong(10, 'numbers', list)).toHaveLength(isAll ? 20 : 2)
    expect(everyNth({ test: 5, long: 2 }, 'numbers', list)).toHaveLength(isAll ? 20 : isWhole ? 10 : 4)
    expect(extent('cut', 'whole')).toBe(isWhole ? 'whole' : 'cut')
  })

  test('looks at other cases with each seed, and in n seeds at all of them', () => {
    const list = ['a', 'b', 'c', 'd', 'e']
    expect(cutBy(0, 3, list)).toEqual(['a', 'd'])
    expect(cutBy(20_261_120, 3, list)).toEqual(['a', 'c'])
    expect(cutBy(20_261_121, 3, list)).toEqual(['a', 'd'])
    expect(cutBy(20_261_122, 3, list)).toEqual(['b', 'e'])
    expect([0, 1, 2, 3, 4].map((seed) => cutBy(seed, 99, list))).toEqual([['a'], ['b'], ['c'], ['d'], ['e']])
  })
})

describe('a test that takes turns', () => {
  test('has its turn in the gate with every fourth seed, and always elsewhere', () => {
    const names = ['a', 'b', 'c', 'd', 'ab']
    const at = (seed: number) => names.filter((name) => hasTurn(name, seed, 4))
    // 97, 98, 99, 100, and 97 + 98.
    expect([0, 1, 2, 3].map(at)).toEqual([['d'], ['c', 'ab'], ['b'], ['a']])
    expect(names.filter((name) => hasTurn(name, 1, 1))).toEqual(names)
  })
})

test('what has an id is proven with each commit, and takes no turns', () => {
  const taking = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:test|long|postgres)\.ts$/.test(file) && !file.startsWith('house/'))
    .map((file) => [file, readFileSync(join(TESTS, file), 'utf8')] as const)
    .filter(([file, text]) => file !== 'extent.test.ts' && text.includes("'turn'") && WITH_ID.test(text))
  const promised = taking.flatMap(([file, text]) =>
    titlesIn(text)
      .filter(({ runs }) => runs.some((calls) => calls.some(({ tags }) => tags.includes('turn'))))
      .map((title) => `${file}: ${title.text}`),
  )
  expect(promised).toEqual([])
  expect(taking.length).toBeGreaterThan(50)
})

describe('the seed of the cuts', () => {
  test('is the one that was asked for', () => {
    expect(seedOf('/nowhere', '7').seed).toBe(7)
    expect(() => seedOf('/nowhere', 'seven')).toThrow('TEST_SEED has to be a whole number: seven')
  })

  test('is the fixed one where no commit is known, and says so', () => {
    const unpacked = { seed: 20_261_120, from: 'the fixed one: no commit is known here' }
    expect(seedOf('/nowhere')).toEqual(unpacked)
    const dir = temporaryFolder()
    mkdirSync(join(dir, '.git'))
    expect(seedOf(dir)).toEqual(unpacked)
  })

  test('is that of the commit (needs the git command)', ({ skip }) => {
    if (spawnSync('git', ['--version']).error !== undefined) skip()
    const dir = temporaryFolder()
    // Its commit is the same each time: nothing in it is of this machine.
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' }
    const date = '2026-11-30T00:00:00Z'
    const by = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
    const git = (...args: readonly string[]) => spawnSync('git', args, { cwd: dir, env: { ...env, ...by } })
    git('init', '-q')
    git('-c', 'user.name=a', '-c', 'user.email=a@example.net', 'commit', '-q', '--allow-empty', '-m', 'one')
    expect(seedOf(dir)).toEqual({ seed: 1724098192, from: 'from the commit 66c3a690' })
  })

  test('is said at the start, and again if a test has failed', () => {
    const said: string[] = []
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0)
    const before = process.env.TEST_SEED
    let failed = 0
    const vitest = partOf<Vitest>({ state: { getCountOfFailedTests: () => failed } })
    try {
      process.env.TEST_SEED = '12'
      setup({ vitest })()
      failed = 1
      setup({ vitest })()
    } finally {
      write.mockRestore()
      if (before === undefined) delete process.env.TEST_SEED
      else process.env.TEST_SEED = before
    }
    const begun = 'Cuts are chosen by the seed 12, as TEST_SEED says\n'
    expect(said).toEqual([
      begun,
      begun,
      'Failed with cuts by the seed 12: TEST_SEED=12 before the command shows the same cases again\n',
    ])
  })
})

/** What the gate says of reports, each a list of tests of one file with their status. */
function counted(stepsFailed: number, ...reports: readonly Readonly<Record<string, string>>[]) {
  return linesOf(stepsFailed, reports).at(-1) ?? ''
}

function linesOf(stepsFailed: number, reports: readonly Readonly<Record<string, string>>[], ledger = '') {
  const dir = temporaryFolder()
  writeFileSync(join(dir, 'ledger.txt'), ledger)
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
  const { stdout } = spawnSync(
    process.execPath,
    [COUNT, paths.join(','), '2', String(stepsFailed), dir, join(dir, 'ledger.txt')],
    {
      encoding: 'utf8',
    },
  )
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

  test('says how much has its turn with another commit', () => {
    const lines = linesOf(0, [{ one: 'passed', 'two #long #turn': 'skipped', 'three #long #turn': 'passed' }])
    expect(lines.slice(-2)).toEqual(['left to the turns of other commits: 1', '4 passed, 0 failed, 0 skipped'])
  })

  test('names each id of the ledger of which no test has passed in a step that it names, and fails', () => {
    const ledger = [
      'F1\n  0: [F1] one',
      'F2\n  0: [F2] two',
      'F3\n  night: [F3] three',
      'F4\n  0, a row: [F4] four',
      'F5\n  0, a row: [F5] five\n  1: [F5] six\n',
    ].join('\n')
    const lines = linesOf(0, [{ 'a [F1] one': 'passed', '[F2] two': 'skipped' }, { '[F2] two': 'passed' }], ledger)
    expect(lines.filter((line) => /prove/i.test(line))).toEqual([
      'NOT PROVEN: F2: no test of it has passed in 0',
      'not proven here: F4: no test of it has passed in 0',
      'NOT PROVEN: F5: no test of it has passed in 0, 1',
    ])
    expect(lines.at(-1)).toBe('4 passed, 1 failed, 0 skipped')
    const failed = linesOf(1, [{ '[F4] four': 'failed' }], 'F4\n  0, a row: [F4] four\n')
    expect(failed).toContain('NOT PROVEN: F4: no test of it has passed in 0')
  })
})
