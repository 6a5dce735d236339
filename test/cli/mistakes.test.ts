import { expect, test } from 'vitest'
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

test('what eosflow says to every mistake is the golden text', async () => {
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
