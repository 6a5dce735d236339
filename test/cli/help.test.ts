import { describe, expect, test } from 'vitest'
import { commands } from '../../src/cli/commands.ts'
import { eosflow } from './eosflow.ts'
import { inProcess } from './in-process.ts'

/** The words before the arguments: `snapshot take`. */
const wordsOf = (usage: string): string[] => usage.split(' ').filter((word) => /^[a-z-]+$/.test(word))

describe('help', () => {
  test('lists every command', async () => {
    const { code, stdout } = await inProcess(['--help'])
    expect(code).toBe(0)
    expect(commands.length).toBeGreaterThanOrEqual(22)
    for (const { usage } of commands) expect(stdout).toContain(`  ${wordsOf(usage)[0]}`)
  })

  test.each(commands.map((command) => [wordsOf(command.usage).join(' '), command] as const))(
    '%s --help shows an example that is a line of this command',
    async (words, { example, summary }) => {
      const { code, stdout } = await inProcess([...words.split(' '), '--help'])
      expect(code).toBe(0)
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(summary)
      expect(stdout).toContain(`Example:\n  ${example}\n`)
      expect(example.startsWith(`eosflow ${words}`)).toBe(true)
    },
  )

  test('exit-codes prints the table of the contract', async () => {
    const { code, stdout } = await inProcess(['help', 'exit-codes'])
    expect(code).toBe(0)
    const rows = stdout.trimEnd().split('\n')
    expect(rows.map((row) => Number(row.slice(0, 3)))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(rows[6]).toBe('  6  verification failed: every touched switch was reverted and read back equal to before')
  })

  test('of a topic is the help of that command', async () => {
    expect((await inProcess(['help', 'plan'])).stdout).toContain('--offline')
  })

  test.each([
    [['plann', 'x'], "unknown command 'plann'"],
    [['plan'], "missing required argument 'workflow'"],
    [['plan', 'x', '--nonsense'], "unknown option '--nonsense'"],
    [['sim'], 'Usage: eosflow sim'],
  ])('bad usage exits 3 and says so: %j', async (argv, said) => {
    const { code, stderr } = await inProcess(argv)
    expect(code).toBe(3)
    expect(stderr).toContain(said)
  })

  test('the version is that of the package', async () => {
    expect(await eosflow(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
  })
})
