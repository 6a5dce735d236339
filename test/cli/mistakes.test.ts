import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../lab/checkout.ts'
import { type Mistake, startDesk } from './mistakes/desk.ts'
import { OF_WORKFLOWS, OF_YAML } from './mistakes/files.ts'
import { OF_DECISIONS, OF_PLANS } from './mistakes/plans.ts'
import { OF_INVENTORIES, OF_SWITCHES } from './mistakes/switches.ts'
import { OF_COMMANDS, OF_PARAMETERS } from './mistakes/typed.ts'

const EVERY: readonly (readonly [string, readonly Mistake[]])[] = [
  ['The text of a file', OF_YAML],
  ['A workflow', OF_WORKFLOWS],
  ['The command line', OF_COMMANDS],
  ['Parameters', OF_PARAMETERS],
  ['The inventory and the project', OF_INVENTORIES],
  ['Switches and ports', OF_SWITCHES],
  ['Plans', OF_PLANS],
  ['Who may do what', OF_DECISIONS],
]

test('[3N5] what eosflow says to every mistake is the golden text', { tags: 'long' }, async () => {
  const pieces: string[] = []
  let count = 0
  for (const [chapter, mistakes] of EVERY) {
    pieces.push(`==== ${chapter} ====`)
    for (const { title, row, make } of mistakes) {
      count += 1
      const desk = startDesk()
      await make(desk)
      pieces.push(`-- ${count}. ${title}${row === undefined ? '' : ` (${row})`}\n${desk.shown}`)
    }
  }
  expect(count).toBeGreaterThanOrEqual(80)
  await expect(`${pieces.join('\n')}`).toMatchFileSnapshot('./mistakes.golden.txt')
})

const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => [file, readFileSync(join(ROOT, 'src', file), 'utf8')] as const)

test('[3N5] no source prints a failure or a warning in another form', () => {
  expect(SOURCES.length).toBeGreaterThan(1000)
  const other = /['"`](?:warning|error \(\$\{[\w.]+\}\)): /
  expect(SOURCES.filter(([, text]) => other.test(text)).map(([file]) => file)).toEqual([])
})

/** Of another program: SQL, and an address that a person opens. */
const OTHERS = /^(?:GRANT |open \$\{)/

test('[3C9] what is printed after Next: is a command', () => {
  const typed = SOURCES.flatMap(([file, text]) =>
    [...text.matchAll(/(?<![\w:])Next: (?!string|z\.|_|isNext)([^\s'"`][^'"`\n]*)/g)].map(
      ([, line = '']) => `${file}: ${line}`,
    ),
  ).filter((one) => /^(?:cli|report)\//.test(one) && !/graph\.ts|switches-at-exit|pasted\.ts|called-as\.ts/.test(one))
  expect(typed.length).toBeGreaterThan(30)
  const bad = typed.filter((one) => {
    const line = one.slice(one.indexOf(': ') + 2)
    return !/^(?:eosflow |cd |pre-commit |\$\{)/.test(line) && !OTHERS.test(line)
  })
  expect(bad).toEqual([])
})
