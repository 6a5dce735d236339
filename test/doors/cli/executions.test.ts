import { describe, expect, test } from 'vitest'
import { exits, inventoryOf, json, type Lab, openLab, prints, typeOn, warns, workflowFor } from '../../lab/lab.ts'

/** What is listed, by its outcome, newest first. */
async function listed(lab: Lab, ...flags: readonly string[]) {
  const { executions } = (await json(lab.ok('executions --json', ...flags))) as {
    executions: { outcome: string | null }[]
  }
  return executions.map(({ outcome }) => outcome)
}

/** A change on leaf1, a dry run on leaf1, a change on leaf2 that is rejected, one that waits. */
async function history() {
  const lab = openLab()
  await exits(0, lab.change())
  lab.write('other.yaml', workflowFor('leaf1').replaceAll('998', '997'))
  await lab.ok('plan other.yaml')
  lab.write('third.yaml', workflowFor('leaf2'))
  await lab.exits(12, 'run third.yaml --detach')
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
    const lab = openLab()
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

  test('finds a switch by its name when the inventory has it no more', { tags: ['long', 'turn'] }, async () => {
    const lab = await history()
    const { leaf1: _, ...devices } = JSON.parse(inventoryOf(lab.fabric)).devices
    const rest = JSON.stringify({ ...JSON.parse(inventoryOf(lab.fabric)), devices })
    lab.write('inventory.yaml', rest)
    expect(await listed(lab, '-t', 'leaf1')).toEqual(['succeeded'])
    await lab.exits(3, 'executions -t leaf99')
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

const outcomes = async (lab: Lab, ...argv: readonly string[]) => {
  return ((await json(lab.ok(...argv, '--json'))) as { executions: { outcome: string | null }[] }).executions.map(
    ({ outcome }) => outcome,
  )
}

/** A change, and behind it a dry run, a run that is refused because its plan is stale, and one that has nothing to do. */
async function busyDay() {
  const lab = openLab()
  lab.write('other.yaml', workflowFor('leaf2').replaceAll('998', '997'))
  await lab.ok('plan other.yaml -o other.plan')
  await lab.ok('approve other.plan')
  await exits(0, lab.change())
  await typeOn(lab.device('leaf2'), 'configure', 'vlan 996', 'end')
  await lab.exits(5, 'run other.plan --detach')
  await lab.ok('run workflow.yaml --detach')
  return lab
}

describe('plans apart from changes', () => {
  test('[3C7] executions lists the change, plans lists what sent nothing', { tags: 'long' }, async () => {
    const lab = await busyDay()
    expect(await outcomes(lab, 'executions')).toEqual(['succeeded'])
    expect(await outcomes(lab, 'plans')).toEqual(['nothing-to-do', 'refused', 'planned'])
    expect(await outcomes(lab, 'plans', '-t', 'leaf2')).toEqual(['refused', 'planned'])
    expect(await outcomes(lab, 'executions', '--state', 'refused')).toEqual(['refused'])
    await prints(0, lab.eosflow('plans -n 1'), /nothing-to-do\n[\s\S]*\n1 plan\nNext: eosflow show /)
  })

  test('[3C7] @latest is the change for each command that takes it, past what sent nothing', {
    tags: 'long',
  }, async () => {
    const lab = await busyDay()
    const shown = await json(lab.eosflow('show @latest --json'))
    expect(shown.outcome).toBe('succeeded')
    await prints(0, lab.eosflow('history @latest'), `Next: eosflow show ${shown.id}`)
    expect((await lab.eosflow('redrive @latest')).err).toContain('it has not failed: succeeded')
    expect((await lab.eosflow('plan workflow.yaml -t failed:@latest')).err).toContain(shown.id)
    expect((await lab.eosflow('approve @latest')).err).toContain(`${shown.id} has ended (succeeded)`)
    await prints(12, lab.eosflow('rollback @latest'), 'waits for an approval')
    await lab.ok('stop @latest')
  })

  test.each(['show', 'history', 'watch', 'stop', 'suspend', 'redrive', 'rollback', 'approve', 'resume'])(
    'the help of %s says what @latest is',
    async (command) => {
      const { out } = await openLab().eosflow(command, '--help')
      expect(out).toContain('@latest is the newest execution that changed a switch or tried to.')
    },
  )

  test('[3C7] with nothing open there is nothing to resume, exit 0', async () => {
    const lab = openLab()
    await lab.ok('plan workflow.yaml')
    const said = 'Nothing to resume: no execution is open.\nNext: eosflow executions\n'
    expect(await lab.eosflow('resume')).toMatchObject({ code: 0, out: said })
    expect((await lab.eosflow('resume --json')).out).toBe('{"version":1,"execution":null,"exitCode":0}\n')
  })

  test.each([
    ['executions', '{"version":1,"executions":[]}'],
    ['plans', '{"version":1,"executions":[]}'],
    ['plan queue', undefined],
  ])('[3C7] %s of a project without a store says that nothing is on record yet, exit 0', async (command, json) => {
    const lab = openLab()
    const argv = command.split(' ')
    const said = 'Nothing is on record here yet.\nNext: eosflow plan WORKFLOW\n'
    expect(await lab.eosflow(...argv)).toMatchObject({ code: 0, out: said })
    const document = (await lab.ok(...argv, '--json')).out
    if (json !== undefined) expect(document).toBe(`${json}\n`)
    await lab.exits(3, ...argv, '--store', 'mistyped.db')
  })
})

describe('a change that was made', () => {
  test('[3C7] takes no further approval and is in no queue, also where an approval was for several executions', async () => {
    const lab = openLab()
    await lab.ok('plan workflow.yaml -o a.plan')
    await lab.ok('approve a.plan --runs 3')
    await prints(0, lab.eosflow('plan queue'), 'is approved until')
    const { out } = await lab.ok('run a.plan --detach')
    const id = /Execution (\S+):/.exec(out)?.[1] ?? ''
    await prints(0, lab.eosflow('plan queue'), '0 plans')
    await warns(5, lab.eosflow('approve a.plan'), `${id} has made this change: there is nothing to approve`)
    await prints(0, lab.eosflow('plan queue'), '0 plans')
    const second = await warns(
      5,
      lab.eosflow('run a.plan --detach'),
      `! execution ${id} has made this change: its plan is used`,
    )
    expect(second.out).toContain('refused: nothing was committed')
  })

  test('leaves another execution that waits to make it nothing but its end', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    const begun = async () => {
      await lab.eosflow('run workflow.yaml --detach')
      return (await json(lab.eosflow('executions --json'))).executions[0]?.id ?? ''
    }
    const [left, other] = [await begun(), await begun()]
    await lab.ok('approve', other)
    await lab.ok('resume', other)
    const said = `${other} has made this change: there is nothing to approve.\n`
    expect((await lab.exits(12, 'resume', left)).out).toMatch(new RegExp(`${said}Next: eosflow stop ${left}\\n$`))
    const shown = (await lab.ok('show', left)).out
    expect(shown).toMatch(new RegExp(`${said}Next: eosflow stop ${left}\\n$`))
    expect(shown).not.toContain('eosflow approve')
    await lab.ok('stop', left)
  })

  test('can be approved again once it was rolled back', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    await lab.ok('plan workflow.yaml -o a.plan')
    await lab.ok('approve a.plan')
    await lab.ok('run a.plan --detach')
    await exits(0, lab.agreed('rollback @latest'))
    await lab.ok('approve a.plan')
    await lab.ok('run a.plan --detach')
  })
})
