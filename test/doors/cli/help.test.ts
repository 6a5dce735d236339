import { describe, expect, test } from 'vitest'
import { commands } from '../../../src/doors/cli/usage/commands.ts'
import { everyNth } from '../../extent.ts'
import { exits, inProcess, json, prints, warns } from '../../lab/lab.ts'
import { eosflow } from './eosflow.ts'

/** The words before the arguments: `snapshot take`. */
const wordsOf = (usage: string) => usage.split(' ').filter((word) => /^[a-z-]+$/.test(word))

/** The names below each heading of a list of commands. */
function inGroups(help: string) {
  const groups: Record<string, string[]> = {}
  let title = ''
  for (const line of help.slice(help.indexOf('  -h, --help')).split('\n').slice(1)) {
    if (/^[A-Z].*:$/.test(line)) title = line
    const [, name] = /^ {2}([a-z][a-z|-]*)/.exec(line) ?? []
    if (name !== undefined) groups[title] = [...(groups[title] ?? []), name]
  }
  return groups
}

describe('help', () => {
  test('[U26] shows the eleven commands with which a person begins, in groups', async () => {
    const { stdout } = await prints(
      0,
      inProcess('--help'),
      '\nAll commands: eosflow help all\nExit codes: eosflow help exit-codes\n',
    )
    expect(inGroups(stdout)).toEqual({
      'Begin:': ['init', 'doctor'],
      'Write and test:': ['validate', 'test'],
      'Make a change:': ['plan', 'approve', 'run|apply', 'change'],
      'Follow, stop and undo it:': ['show', 'stop', 'rollback'],
    })
    expect((await inProcess('help')).stdout).toBe(stdout)
  })

  test('[U26] all lists every command once, in groups', async () => {
    const { stdout } = await exits(0, inProcess('help all'))
    const groups = inGroups(stdout)
    const listed = Object.values(groups).flat()
    const words = new Set(commands.map(({ usage }) => wordsOf(usage)[0]))
    expect(words.size).toBeGreaterThanOrEqual(50)
    expect(listed.map((name) => name.split('|')[0]).sort()).toEqual([...words, 'help'].sort())
    // None is a list that nobody reads.
    for (const [title, names] of Object.entries(groups)) expect(names.length, title).toBeLessThanOrEqual(11)
    expect(stdout).toContain('\nExit codes: eosflow help exit-codes\n')
  })

  test.each(commands.map((command) => [wordsOf(command.usage).join(' '), command] as const))(
    '%s --help shows an example that is a line of this command',
    async (words, { example, summary }) => {
      const { stdout } = await prints(0, inProcess([...words.split(' '), '--help']), `Example:\n  ${example}\n`)
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(summary)
      expect(example.startsWith(`eosflow ${words}`)).toBe(true)
    },
  )

  test('exit-codes prints the table of the contract', async () => {
    const { stdout } = await exits(0, inProcess('help exit-codes'))
    const rows = stdout.trimEnd().split('\n')
    expect(rows.map((row) => Number(row.slice(0, 3)))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
    expect(rows[6]).toBe('  6  verification failed: every touched switch was put back and read back equal to before')
  })

  test.each(
    everyNth(
      10,
      'commands with help',
      commands.map((command) => wordsOf(command.usage)),
    ),
  )('%s %s: help says what --help says', async (...given) => {
    const words = given.filter((word) => typeof word === 'string')
    const { stdout } = await prints(0, inProcess(['help', ...words]), `Usage: eosflow ${words[0]}`)
    expect(stdout).toBe((await inProcess([...words, '--help'])).stdout)
  })

  test('[U11] of a group of commands is there, and says more than its name', async () => {
    const groups = new Set(
      commands.flatMap(({ usage }) => (wordsOf(usage).length > 1 ? [wordsOf(usage)[0] ?? ''] : [])),
    )
    expect(groups.size).toBeGreaterThanOrEqual(9)
    const { stdout } = await inProcess('help all')
    for (const group of groups) {
      expect((await inProcess(['help', group])).stdout).toBe((await inProcess([group, '--help'])).stdout)
      const [, said = ''] = new RegExp(`^  ${group} +(.*)$`, 'm').exec(stdout) ?? []
      expect(said, group).toMatch(/ /)
      expect(said).not.toContain(group === 'approval' ? 'approval' : `${group} ${group}`)
    }
  })

  test.each([
    ['check run -l leaf1', '`-t` selects the switches: -t leaf1, -t role:leaf\n'],
    ['check run -lleaf1', '`-t` selects the switches: -t leaf1, -t role:leaf\n'],
    [
      'history @latest --limit leaf1',
      '-t role:leaf; an option of inventory list, inventory check, plan, plan queue, …\n',
    ],
    ['run x --check', '`eosflow plan WORKFLOW` is the dry run: nothing is changed\n'],
    ['run x -e vlan=10', '`-p` gives a parameter: -p vlan=120; `--params FILE` gives many\n'],
    ['run x -evlan=10', '`-p` gives a parameter: -p vlan=120; `--params FILE` gives many\n'],
    ['run x --extra-vars @f.yaml', '`--params FILE` gives many\n'],
    ['run x -i hosts', '`eosflow.yaml` names the inventory'],
    ['plan x --dry-run', '`eosflow plan WORKFLOW` is the dry run: nothing is changed\n'],
    ...['--yes', '-y', '--auto-approve', '--force'].map((flag) => [
      `run x ${flag}`,
      'nothing says yes by itself: a person reads the plan, and `eosflow approve FILE` or `--approve DIGEST` says yes to exactly that\n',
    ]),
    ['run x -k', '`--ask-password` asks for each password that the inventory has no source of'],
    ['run x -K', '`credentials` in the inventory say who logs in'],
  ])('[U25] of an option of another tool names ours: %s', async (line, said) => {
    await warns(3, inProcess(line), 'has no such option\n', said)
    const { error } = await json(inProcess(`${line} --json`))
    expect(`Next: ${error.hint}\n`).toContain(said)
  })

  test('of an option that nobody has says nothing more', async () => {
    expect((await inProcess('plan x --nonsense')).stderr).toBe(
      '✖ --nonsense: plan has no such option\n    all options: eosflow help plan\n',
    )
  })

  test.each([
    ['plann x', '✖ plann: there is no such command'],
    ['plan', 'nothing is named that is to be planned'],
    ['rehearse', '✖ rehearse: <workflow-or-plan> is missing'],
    ['plan x --nonsense', '✖ --nonsense: plan has no such option'],
    ['sim', 'Usage: eosflow sim'],
    ['snapshot', '✖ snapshot: a second word is missing\n    for example: eosflow snapshot take'],
    ['help nonsense', '✖ nonsense: there is no such command'],
    ['help check nonsense', '✖ nonsense: there is no such command'],
    ['help plan x', '✖ x: there is no such command'],
    ['help plann', '    did you mean `eosflow plan`?\n'],
    ['help check rn', '    did you mean `eosflow check run`?\n'],
    ['help lint', '    did you mean `eosflow validate`?\n'],
  ])('bad usage exits 3 and says so: %s', async (line, said) => {
    await warns(3, inProcess(line), said)
  })

  test('the version is that of the package', async () => {
    expect(await eosflow('--version')).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
  })
})
