import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PAGE = 'docs/regressions.md'

/** One line of the page: what once went wrong, and the tests that hold it. */
interface Regression {
  readonly id: string
  readonly what: string
  /** As `test/path.test.ts > name`, or `test/path.test.ts > describe > name`. */
  readonly tests: readonly string[]
}

const numbered = (letter: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`)

/** Every id that the page must have, in its order. */
const IDS = [
  ...numbered('P', 14),
  ...numbered('R', 12),
  'N1',
  'N2',
  'N3',
  'N4',
  'N5',
  'N7',
  ...numbered('S', 12),
  ...numbered('M', 11),
  ...['U1', 'U2', 'U3', 'U4', 'U6', 'U7', 'U9', 'U11', 'U12', 'U13'],
  ...numbered('D', 8),
]

/** Ids of a second look, in any order behind the others: each has a row as soon as its test is there. */
const SECOND = [
  ...['P15', 'P16', 'P17', 'P18', 'P19', 'P20'],
  ...numbered('S', 28).slice(12),
  ...numbered('W', 10),
  ...numbered('E', 13),
  ...numbered('V', 7),
  ...numbered('U', 26).slice(13),
  ...numbered('B', 9),
  ...numbered('T', 15),
]

/** Ids of the third look, where T is truth, C the corridor, A approvals, G stores and services: each has a row as soon as its test is there. */
const THIRD = [
  ...numbered('3T', 19),
  ...['3C1b', '3C4b', '3G1b'],
  ...['3C1', '3C2', '3C3', '3C4', '3C5', '3C8'],
  ...['3N5', '3C9'],
  ...['3C1', '3C2', '3C3', '3C4', '3C5', '3C6', '3C8', '3N7'],
  ...['3C1', '3C2', '3C3', '3C4', '3C5', '3C6', '3C8', '3N7', '3N6'],
  ...numbered('3A', 10),
  ...numbered('3G', 11),
  '3N2',
  '3N4',
  ...['3N1', '3N8'],
  ...['3N3', '3C7'],
]

const regressions = rowsOf(readFileSync(join(ROOT, PAGE), 'utf8'))

function rowsOf(page: string): readonly Regression[] {
  return page.split('\n').flatMap((line) => {
    const [, id, what, tests] = /^\| (\d?[A-Z]\d+b?) \| (.*?) \| (.*?) \|$/.exec(line) ?? []
    if (id === undefined || what === undefined || tests === undefined) return []
    return [
      { id, what, tests: [...tests.matchAll(/`([^`]+)`/g)].map(([, name]) => name?.replaceAll('\\|', '|') ?? '') },
    ]
  })
}

/** The titles of all tests and groups of a file, as they stand in its source: what is filled in when it runs stays a placeholder. */
function titlesOf(source: string): ReadonlySet<string> {
  const called = /(?:\b(?:test|it|describe)(?:\.\w+)*|[)`\]])\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1\s*,/g
  return new Set([...source.matchAll(called)].map(([, , title = '']) => title.replaceAll(/\\(.)/g, '$1')))
}

/** What is wrong with the name of a test, in a few words. */
function faultOf(name: string): string | undefined {
  const [file = '', ...parts] = name.split(' > ')
  if (!/^test\/.*\.(?:test|long|postgres|room)\.ts$/.test(file)) return 'names no test file'
  if (!existsSync(join(ROOT, file))) return 'there is no such file'
  const source = readFileSync(join(ROOT, file), 'utf8')
  const known = titlesOf(source)
  // A row of a table names its test by a text of its own.
  const hasTable = [...known].some((title) => /%[sj]|\$\w/.test(title))
  const isTitle = (part: string): boolean => known.has(part) || (hasTable && source.includes(`'${part}'`))
  const isNamed = parts.length > 0 && (isTitle(parts.join(' > ')) || parts.every(isTitle))
  return isNamed ? undefined : 'the file has no such test'
}

test('every row of the page has its case and tests that are there', () => {
  const faults = regressions.flatMap(({ id, what, tests }) => [
    ...(what.split(' ').length < 5 ? [`${id}: no case`] : []),
    ...(tests.length === 0 ? [`${id}: no test`] : []),
    ...tests.flatMap((name) => (faultOf(name) === undefined ? [] : [`${id}: ${faultOf(name)}: ${name}`])),
  ])
  expect(faults).toEqual([])
  process.stdout.write(`${regressions.length} regressions, ${regressions.flatMap(({ tests }) => tests).length} tests\n`)
})

test('the page has every id once, in order', () => {
  const ids = regressions.map(({ id }) => id)
  expect(ids.filter((id) => ![...SECOND, ...THIRD].includes(id))).toEqual(IDS)
  expect(IDS).toHaveLength(73)
  expect(ids.length).toBe(new Set(ids).size)
})

test('the rule can fail: it sees a file, a test and a group that are not there', () => {
  const own = 'test/regressions.test.ts'
  expect(faultOf(`${own} > the page has every id once, in order`)).toBeUndefined()
  expect(faultOf('test/cli/stop.test.ts > stop > ends one that asks a person at a terminal')).toBeUndefined()
  expect(faultOf('test/cli/stop.test.ts > start > ends one that asks a person at a terminal')).toBe(
    'the file has no such test',
  )
  expect(faultOf(`${own} > the page has every id`)).toBe('the file has no such test')
  expect(faultOf(own)).toBe('the file has no such test')
  expect(faultOf('test/no.test.ts > any')).toBe('there is no such file')
  expect(faultOf('src/any.ts > any')).toBe('names no test file')
  expect(rowsOf('| P1 | a case of five words | – |\n| P2 | another | `a > b`, `c > d` |')).toEqual([
    { id: 'P1', what: 'a case of five words', tests: [] },
    { id: 'P2', what: 'another', tests: ['a > b', 'c > d'] },
  ])
})
