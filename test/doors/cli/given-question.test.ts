import { describe, expect, test } from 'vitest'
import { questionOf } from '../../../src/doors/cli/option/given-question.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { InputError } from '../../../src/project/system/process/input-error.ts'

const SEED = 4001

/** What somebody could type that must not arrive, and what may. */
const PIECES = [
  'show',
  'Show',
  'sh',
  'version',
  'running-config',
  'tech-support',
  'tech',
  '|',
  '>',
  '>>',
  ';',
  '&&',
  '`id`',
  '$(id)',
  '\n',
  '\r',
  '\\',
  'include',
  'grep',
  '-f',
  'redirect',
  'flash:x',
  'tee',
  'json',
  'no-more',
  'reload',
  'configure',
  'bash',
  'copy',
  'write',
  'no',
  'do',
  'section',
  'append',
  '../x',
  '{',
  '}',
  '\u0000',
  '\u00a0',
  '\u2028',
  'é',
  '|more',
  'watch',
  '^',
  '!',
  '#',
  '?',
  '<',
  'vlan 10',
  '',
] // prettier-ignore

const typed = (commands: readonly string[], more: { query?: string; table?: string; models?: boolean } = {}) =>
  questionOf({ commands, query: more.query, table: more.table, models: more.models ?? false })

const taken = async (command: string) =>
  typed([command]).then(
    () => true,
    (error: unknown) => {
      expect(error).toBeInstanceOf(InputError)
      return false
    },
  )

describe('what may be asked', () => {
  test(`[G119] of 10,000 lines made by machine (seed ${SEED}) is a show command in printable ASCII that writes nowhere`, async () => {
    const random = new SeededRandom(SEED)
    const pick = () => PIECES[Math.floor(random.fraction() * PIECES.length)] ?? ''
    const lines = Array.from({ length: 10_000 }, (_, n) => {
      const words = Array.from({ length: 1 + Math.floor(random.fraction() * 6) }, pick)
      return n % 2 === 0 ? `show ${words.join(' ')}` : words.join(random.fraction() < 0.2 ? '' : ' ')
    })
    let may = 0
    for (const command of lines) {
      if (!(await taken(command))) continue
      may += 1
      expect(command.startsWith('show '), command).toBe(true)
      expect(
        [...command].every((letter) => letter >= ' ' && letter <= '~'),
        command,
      ).toBe(true)
      expect(/[;<>&`$\\]/.test(command), command).toBe(false)
      for (const filter of command.split('|').slice(1))
        expect(['include', 'exclude', 'section', 'begin', 'grep']).toContain(filter.trim().split(' ')[0])
      expect(/^show +te(c|$| )/.test(command) && !command.includes('tech-support'), command).toBe(false)
    }
    expect(may).toBeGreaterThan(800)
  })

  test.each([
    ['show version', true],
    ['show running-config | section bgp', true],
    ['show tech-support', true],
    ['show tech-support bgp', true],
    ['show tech', false],
    ['show te', false],
    ['show  tech', false],
    ['show TECH', false],
    ['show Tech-Support', false],
    ['show temperature', true],
    ['show version | json', false],
    ['show version | tee flash:x', false],
    ['show version | redirect flash:x', false],
    ['show version > flash:x', false],
    ['SHOW version', false],
    ['sh version', false],
    ['show', false],
    ['show ', false],
    ['', false],
    ['enable', false],
    ['show version\nreload', false],
  ])('[G119] %j: %s', async (command, may) => {
    expect(await taken(command)).toBe(may)
  })

  test('says every fault at once', async () => {
    const problems = await typed(['reload', 'show tech', 'show version | grep x'], { query: 'a', table: 'b,(' }).catch(
      (error: unknown) => (error as InputError).problems.map(({ message }) => message),
    )
    expect(problems).toEqual([
      '`ask` reads: its command must begin with `show `',
      '`show tech-support` runs for minutes: it is asked by its whole name alone',
      'only text can be filtered: leave --json, --query and --table away',
      '--query and --table choose different things of one answer',
    ])
    await expect(typed(Array.from({ length: 51 }, () => 'show version'))).rejects.toThrow(
      'at most 50 are asked at once',
    )
    await expect(typed(['show version'], { query: '$eval("1")' })).rejects.toThrow('$eval')
  })

  test.each([
    ['version,modelName', ['version', 'modelName']],
    ['$join(["a", "b"], ","), version', ['$join(["a", "b"], ",")', 'version']],
    ['{"a": 1, "b": 2}.a', ['{"a": 1, "b": 2}.a']],
    ['`odd,name`', ['`odd,name`']],
  ])('--table %s has the columns %j', async (table, columns) => {
    const { wanted } = await typed(['show version'], { table })
    expect(wanted?.columns.map(({ text }) => text)).toEqual(columns)
  })

  test.each([['version,,x'], ['version,'], [''], ['a, b)']])('--table %j is refused', async (table) => {
    await expect(typed(['show version'], { table })).rejects.toThrow(/^`(?:b\))?`: (?:Unexpected end|Syntax error)/)
  })
})
