import { describe, expect, test } from 'vitest'
import { exits, openLab, prints, shows } from '../lab/lab.ts'

describe('--markdown of plan and show', () => {
  test('of an execution is its report with the plan, and nothing else', async () => {
    const lab = openLab()
    await exits(0, lab.change())
    const { out } = await prints(
      0,
      lab.eosflow('show @latest --markdown'),
      /^### /,
      '\n| leaf1 | 1 | confirmed |',
      /\n### eosflow plan: .*\n\nPlan: 1 switch to change/,
    )
    expect(out).not.toContain('Next: ')
    const within = await lab.eosflow('show @latest --markdown --max-bytes 60000')
    expect(within.out).toBe(out)
  })

  test.each([
    [['--max-bytes', '60000'], 'is the length of what --markdown prints'],
    [['--markdown', '--json', '--max-bytes', '60000'], 'is the length of what --markdown prints'],
    [['--markdown', '--max-bytes', '8191'], '`8191` is no length: a whole number, at least 8192'],
    [['--markdown', '--max-bytes', '9e9'], '`9e9` is no length'],
  ])('%s is refused before a switch is asked', async (flags, message) => {
    const lab = openLab()
    for (const command of [
      ['plan', 'workflow.yaml'],
      ['show', '@latest'],
    ]) {
      if (command[0] === 'show') await lab.change()
      const before = lab.fabric.devices.map(({ requests }) => requests.length)
      await shows(3, lab.eosflow(...command, ...flags), message)
      expect(lab.fabric.devices.map(({ requests }) => requests.length)).toEqual(before)
    }
  })
})
