import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT, sources, textOf } from './sources.ts'

const FILE = 'test/house/budget.txt'

/** How large a folder is, and how far its budget may lie above that: to the next full step. */
const STEPS = { files: 1, tokens: 500, words: 100 }
type Size = Record<keyof typeof STEPS, number>

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|[A-Za-z_$][\w$]*|\d[\w.]*|[=!<>+\-*/%&|^?:.]+|[{}()[\],;@#]/g

/** The tokens of a text without its comments, and the words of these. */
function sizeOf(text: string): Size {
  const size = { files: 1, tokens: 0, words: 0 }
  for (const [token] of text.matchAll(TOKEN)) {
    if (/^\/[/*]/.test(token)) size.words += token.replaceAll(/[/*]/g, ' ').match(/\S+/g)?.length ?? 0
    else size.tokens += 1
  }
  return size
}

const SIZES = Object.keys(STEPS) as (keyof Size)[]

/** The size of each folder of the second level of `src`, with all below it, and of the loose files of each of the nine. */
function measured(): ReadonlyMap<string, Size> {
  const folders = new Map<string, Size>()
  for (const file of sources) {
    const folder = file.split('/').slice(1, -1).slice(0, 2).join('/') || '.'
    const size = sizeOf(textOf(file))
    const before = folders.get(folder) ?? { files: 0, tokens: 0, words: 0 }
    for (const one of SIZES) size[one] += before[one]
    folders.set(folder, size)
  }
  return folders
}

function budgetsIn(text: string): ReadonlyMap<string, Size> {
  const rows = text.matchAll(/^(\S+) +(\d+) +(\d+) +(\d+)$/gm)
  return new Map(
    [...rows].map(([, folder = '', files, tokens, words]) => [
      folder,
      { files: Number(files), tokens: Number(tokens), words: Number(words) },
    ]),
  )
}

/** A sentence for each budget that a folder is over. */
function exceeded(sizes: ReadonlyMap<string, Size>, budgets: ReadonlyMap<string, Size>) {
  return [...budgets].flatMap(([folder, budget]) =>
    SIZES.filter((one) => (sizes.get(folder)?.[one] ?? 0) > budget[one]).map(
      (one) =>
        `src/${folder} has ${sizes.get(folder)?.[one]} ${one}, and its budget is ${budget[one]}: take away as much elsewhere in it, or raise the budget in ${FILE} with a decision record that says what the folder needs more for`,
    ),
  )
}

/** The budgets as they should be kept: they fall to the size of their folder, and never rise. */
function fallen(sizes: ReadonlyMap<string, Size>, budgets: ReadonlyMap<string, Size>) {
  const rows = [...sizes].sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    'Folder of src, and the most files, tokens and words of comments that it may have. Numbers fall by -u, and rise by a decision record.',
    ...rows.map(([folder, size]) =>
      [
        folder.padEnd(28),
        ...SIZES.map((one) => {
          const step = Math.ceil(size[one] / STEPS[one]) * STEPS[one]
          return String(Math.min(step, budgets.get(folder)?.[one] ?? step)).padStart(7)
        }),
      ].join(' '),
    ),
    '',
  ].join('\n')
}

describe('the budget', () => {
  const sizes = measured()
  const budgets = budgetsIn(readFileSync(join(ROOT, FILE), 'utf8'))

  test('no folder is larger than its budget', () => {
    expect(budgets.size).toBeGreaterThan(50)
    expect(exceeded(sizes, budgets)).toEqual([])
  })

  test('each budget falls with its folder', async () => {
    await expect(fallen(sizes, budgets), 'after less: npx vitest run test/house/budget.test.ts -u').toMatchFileSnapshot(
      join(ROOT, FILE),
    )
  })
})

/** The docstrings of a file that nobody outside of it can read: of what is not exported, and of private members. */
function privateDocstrings(text: string) {
  const lines = text.split('\n')
  let outermost = ''
  return lines.flatMap((line, at) => {
    if (/^[a-z@]/.test(line)) outermost = line
    const [, indent] = /^(\s*)\/\*\*/.exec(line) ?? []
    if (indent === undefined) return []
    const end = lines.findIndex((one, index) => index >= at && one.includes('*/'))
    const of = lines.slice(end + 1).find((one) => !/^\s*(?:\/\/|@|\/\*\*)/.test(one)) ?? ''
    const isPrivate =
      indent === ''
        ? /^[a-z]/.test(of) && !of.startsWith('export')
        : !outermost.startsWith('export') || /^\s*(?:private |(?:(?:readonly|static|async|get|set) )*#)/.test(of)
    return isPrivate ? [`${at + 1}: ${of.trim()}`] : []
  })
}

test('docstrings are owed by what others see: a line with // says it of anything private', () => {
  expect(sources.flatMap((file) => privateDocstrings(textOf(file)).map((one) => `${file}:${one}`))).toEqual([])
})

describe('the rules can fail', () => {
  test('a folder past its budget is named, and a budget does not rise', () => {
    const budgets = budgetsIn('report/text   2   500   100\n')
    const sizes = new Map([['report/text', { files: 3, tokens: 501, words: 100 }]])
    expect(exceeded(sizes, budgets)).toEqual([
      expect.stringContaining('src/report/text has 3 files, and its budget is 2: '),
      expect.stringContaining('src/report/text has 501 tokens, and its budget is 500: '),
    ])
    expect(fallen(sizes, budgets).split('\n')[1]).toMatch(/^report\/text +2 +500 +100$/)
  })

  test('comments are no tokens, and their words are counted', () => {
    expect(sizeOf("/** Two words. */\nconst a = 'b c' // and three more\n")).toEqual({ files: 1, tokens: 4, words: 5 })
  })

  test('a docstring on something private is seen', () => {
    const of = (...lines: string[]) => privateDocstrings(lines.join('\n'))
    expect(of('/** Says. */', 'const one = 1')).toEqual(['1: const one = 1'])
    expect(of('export class A {', '  /** Says. */', '  readonly #one = 1', '}')).toEqual(['2: readonly #one = 1'])
    expect(of('interface A {', '  /** Says. */', '  readonly one: 1', '}')).toEqual(['2: readonly one: 1'])
    expect(of('export interface A {', '  /** Says. */', '  readonly one: 1', '}')).toEqual([])
  })
})
