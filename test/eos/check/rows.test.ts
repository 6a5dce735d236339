import { describe, expect, test } from 'vitest'
import { catalogueChecks } from '../../../src/eos/check/builtin/index.ts'
import { judgeCheck } from '../../../src/lab/trial/judge-check.ts'
import { rowsByModule } from './rows/index.ts'

/** When the rows are judged: a check that tells an age counts to it. */
const NOW = 1_795_157_100

/** Of the patterns that are matched for half a second, and no longer, the one that is looked at with each commit. */
const ONE_THAT_IS_LATE = 'a pattern that takes for ever is an error, whatever else is wrong'

const all = Object.values(rowsByModule).flat()
const folder = (module: string) => module.replaceAll(/[._]/g, '-')
const rowsOf = (name: string) => all.filter(({ check }) => check === name)

describe.each(Object.entries(rowsByModule))('the checks of %s', (_module, rows) => {
  const named = rows.map((row) => [`${row.check}: ${row.name}`, row] as const)
  const isLate = ([, { name, messages = [] }]: (typeof named)[number]) =>
    name !== ONE_THAT_IS_LATE && messages.some((one) => one.includes('takes too long to match'))
  const judges = ({ check, inputs = {}, outputs, result, messages = [] }: (typeof rows)[number]) =>
    expect(judgeCheck(check, inputs, outputs, NOW)).toEqual({ result, messages })
  const late = named.filter(isLate)

  test.each(named.filter((row) => !isLate(row)))('%s', (_name, row) => judges(row))
  if (late.length > 0) test.each(late)('%s', { tags: ['long', 'turn'] }, (_name, row) => judges(row))
})

describe('the rows themselves', () => {
  test('every check of a module has a row that passes, one that does not, one with empty and one with absent data', () => {
    const lacking = catalogueChecks.flatMap(({ name }) => {
      const rows = rowsOf(name)
      const has = (what: string, found: boolean) => (found ? [] : [`${name} has no row: ${what}`])
      return [
        ...has(
          'success',
          rows.some(({ result }) => result === 'success'),
        ),
        ...has(
          'failure',
          rows.some(({ result }) => result === 'failure'),
        ),
        ...has(
          'empty',
          rows.some((row) => row.name === 'empty'),
        ),
        ...has(
          'absent',
          rows.some((row) => row.name === 'absent'),
        ),
      ]
    })
    expect(lacking).toEqual([])
  })

  test('empty or absent data passes only where the row says why, and each row is of its module', () => {
    const empty = all.filter(({ name }) => name === 'empty' || name === 'absent')
    const unexplained = empty.filter((row) => row.result === 'success' && row.emptyIsGood === undefined)
    expect(unexplained.map(({ check, name }) => `${check}: ${name}`)).toEqual([])
    expect(all.filter((row) => row.name === 'absent' && row.result === 'success')).toEqual([])
    const modules = new Map(catalogueChecks.map(({ name, module = '' }) => [name, folder(module)]))
    const misplaced = Object.entries(rowsByModule).flatMap(([module, rows]) =>
      rows.filter(({ check }) => modules.get(check) !== module).map(({ check }) => `${check} in ${module}`),
    )
    expect(misplaced).toEqual([])
  })

  test('every check reads its own example', () => {
    for (const { name, input, example } of catalogueChecks) {
      expect(input.safeParse(example ?? {}).error?.issues ?? [], name).toEqual([])
    }
  })
})
