import { describe, expect, test } from 'vitest'
import { exits, inventoryOf, type Lab, openLab, warns, workflowFor } from '../lab/lab.ts'

/** What is listed, by its outcome, newest first. */
async function listed(lab: Lab, ...flags: readonly string[]) {
  const { out } = await lab.ok('executions --json', ...flags)
  const { executions } = JSON.parse(out) as { executions: { outcome: string | null }[] }
  return executions.map(({ outcome }) => outcome)
}

/** A change on leaf1, a dry run on leaf1, a change on leaf2 that is rejected, one that waits. */
async function history() {
  const lab = openLab({ workflow: workflowFor('leaf1') })
  await exits(0, lab.change())
  lab.write('other.yaml', workflowFor('leaf1').replaceAll('998', '997'))
  await lab.ok('plan other.yaml')
  lab.write('third.yaml', workflowFor('leaf2'))
  await exits(12, lab.eosflow('run third.yaml --detach'))
  return lab
}

describe('executions', () => {
  test('[U11] takes -t, --state, --touched and -n, together too', { tags: 'long' }, async () => {
    const lab = await history()
    const cases: readonly (readonly [readonly string[], readonly (string | null)[]])[] = [
      [[], [null, 'succeeded']],
      [
        ['-n', '2'],
        [null, 'succeeded'],
      ],
      [['--target', 'leaf1'], ['succeeded']],
      [['-t', 'leaf2 or spine1'], [null]],
      [['-t', 'leaf* and not leaf2'], ['succeeded']],
      [['-t', 'spine*'], []],
      [['--state', 'succeeded'], ['succeeded']],
      [['--state', 'waiting'], [null]],
      [
        ['--state', 'open', '--state', 'planned'],
        [null, 'planned'],
      ],
      [['--touched'], ['succeeded']],
      [['--touched', '-t', 'leaf2'], []],
      [['-t', 'leaf1', '-n', '1'], ['succeeded']],
    ]
    for (const [flags, outcomes] of cases) expect(await listed(lab, ...flags), flags.join(' ')).toEqual(outcomes)
    const { out } = await lab.eosflow('executions --touched -t leaf2')
    expect(out).toBe('0 executions\nNext: eosflow plans\n')
    await lab.eosflow('stop @latest')
  })

  test('shows the newest twenty, says that there are more, and shows those that are asked for', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({ workflow: workflowFor('leaf1') })
    for (let ran = 0; ran < 20; ran += 1) await lab.ok('plan workflow.yaml')
    const counted = async (...flags: readonly string[]) => (await lab.eosflow('plans', ...flags)).out.split('\n').at(-3)
    expect(await counted()).toBe('20 plans')
    await lab.ok('plan workflow.yaml')
    expect(await counted()).toBe('the newest 20 plans; -n NUMBER shows more')
    expect(await counted('-n', '20')).toBe('20 plans')
    expect(await counted('-n', '30')).toBe('21 plans')
    expect(await listed(lab)).toHaveLength(0)
    expect(await listed(lab, '--state', 'planned')).toHaveLength(21)
  })

  test('finds a switch by its name when the inventory has it no more', async () => {
    const lab = await history()
    const { leaf1: _, ...devices } = JSON.parse(inventoryOf(lab.fabric)).devices
    const rest = JSON.stringify({ ...JSON.parse(inventoryOf(lab.fabric)), devices })
    lab.write('inventory.yaml', rest)
    expect(await listed(lab, '-t', 'leaf1')).toEqual(['succeeded'])
    await exits(3, lab.eosflow('executions -t leaf99'))
    lab.write('inventory.yaml', inventoryOf(lab.fabric))
    await lab.eosflow('stop @latest')
  })

  test.each([
    [['--state', 'succeded'], /--state: `succeded` is no state\n {4}did you mean `succeeded`\?/],
    [['-n', '0'], /-n: it is not a number from 1 on: 0/],
    [['-n', 'ten'], /-n: it is not a number from 1 on: ten/],
  ])('refuses %j', async (flags, says) => {
    const lab = openLab()
    await warns(3, lab.eosflow('executions', ...flags), says)
  })
})
