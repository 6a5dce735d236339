import { describe, expect, test } from 'vitest'
import { exits, json, type Lab, openLab, prints, typeOn, warns, workflowFor } from '../lab/lab.ts'

const outcomes = async (lab: Lab, ...argv: readonly string[]) => {
  const { out } = await lab.ok(...argv, '--json')
  return (JSON.parse(out) as { executions: { outcome: string | null }[] }).executions.map(({ outcome }) => outcome)
}

/** A change, and behind it a dry run, a run that is refused because its plan is stale, and one that has nothing to do. */
async function busyDay() {
  const lab = openLab({ workflow: workflowFor('leaf1') })
  lab.write('other.yaml', workflowFor('leaf2').replaceAll('998', '997'))
  await lab.ok('plan other.yaml -o other.plan')
  await lab.ok('approve other.plan')
  await exits(0, lab.change())
  await typeOn(lab.fabric.device('leaf2'), 'configure', 'vlan 996', 'end')
  await exits(5, lab.eosflow('run other.plan --detach'))
  await lab.ok('run workflow.yaml --detach')
  return lab
}

describe('plans apart from changes', () => {
  test('[3C7] executions lists the change, plans lists what sent nothing', async () => {
    const lab = await busyDay()
    expect(await outcomes(lab, 'executions')).toEqual(['succeeded'])
    expect(await outcomes(lab, 'plans')).toEqual(['nothing-to-do', 'refused', 'planned'])
    expect(await outcomes(lab, 'plans', '-t', 'leaf2')).toEqual(['refused', 'planned'])
    expect(await outcomes(lab, 'executions', '--state', 'refused')).toEqual(['refused'])
    expect((await lab.eosflow('plans -n 1')).out).toMatch(/nothing-to-do\n[\s\S]*\n1 plan\nNext: eosflow show /)
  })

  test('[3C7] @latest is the change for each command that takes it, past what sent nothing', async () => {
    const lab = await busyDay()
    const shown = await json(lab.eosflow('show @latest --json'))
    expect(shown.outcome).toBe('succeeded')
    expect((await lab.eosflow('history @latest')).out).toContain(`Next: eosflow show ${shown.id}`)
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
    const lab = openLab({ workflow: workflowFor('leaf1') })
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
    await exits(3, lab.eosflow(...argv, '--store', 'mistyped.db'))
  })
})

describe('a change that was made', () => {
  test('[3C7] takes no further approval and is in no queue, also where an approval was for several executions', async () => {
    const lab = openLab({ workflow: workflowFor('leaf1') })
    await lab.ok('plan workflow.yaml -o a.plan')
    await lab.ok('approve a.plan --runs 3')
    expect((await lab.eosflow('plan queue')).out).toContain('is approved until')
    const { out } = await lab.ok('run a.plan --detach')
    const id = /Execution (\S+):/.exec(out)?.[1] ?? ''
    expect((await lab.eosflow('plan queue')).out).toContain('0 plans')
    await warns(5, lab.eosflow('approve a.plan'), `${id} has made this change: there is nothing to approve`)
    expect((await lab.eosflow('plan queue')).out).toContain('0 plans')
    const second = await warns(
      5,
      lab.eosflow('run a.plan --detach'),
      `! execution ${id} has made this change: its plan is used`,
    )
    expect(second.out).toContain('refused: nothing was committed')
  })

  test('leaves another execution that waits to make it nothing but its end', async () => {
    const lab = openLab({ workflow: workflowFor('leaf1') })
    const begun = async () => {
      await lab.eosflow('run workflow.yaml --detach')
      const { out } = await lab.eosflow('executions --json')
      return JSON.parse(out).executions[0]?.id ?? ''
    }
    const [left, other] = [await begun(), await begun()]
    await lab.ok('approve', other)
    await lab.ok('resume', other)
    const said = `${other} has made this change: there is nothing to approve.\n`
    expect((await exits(12, lab.eosflow('resume', left))).out).toMatch(
      new RegExp(`${said}Next: eosflow stop ${left}\\n$`),
    )
    const shown = (await lab.ok('show', left)).out
    expect(shown).toMatch(new RegExp(`${said}Next: eosflow stop ${left}\\n$`))
    expect(shown).not.toContain('eosflow approve')
    await lab.ok('stop', left)
  })

  test('can be approved again once it was rolled back', { tags: 'long' }, async () => {
    const lab = openLab({ workflow: workflowFor('leaf1') })
    await lab.ok('plan workflow.yaml -o a.plan')
    await lab.ok('approve a.plan')
    await lab.ok('run a.plan --detach')
    await exits(0, lab.agreed('rollback @latest'))
    await lab.ok('approve a.plan')
    await lab.ok('run a.plan --detach')
  })
})
