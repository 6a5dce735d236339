// @module-tag long
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { alterStore, recordsIn } from '../../change/record/store-file.ts'
import { leaves } from '../../e2e/two-leaves.ts'
import { everyNthOfLong } from '../../extent.ts'
import { exits, isSaved, json, type Lab, openLab, prints, typeOn, WORKFLOW, warns, workflowFor } from '../../lab/lab.ts'

const HOUR = 3_600_000
const idIn = (out: string) => /Execution (\S+):/.exec(out)?.[1] ?? ''
const configOf = (lab: Lab, name = 'leaf1') => lab.running(name)

/** Plans the change, approves it with its undo for 24 hours, and makes it. Gives its id. */
async function changedWithUndo(lab: Lab, time = '24h') {
  await lab.ok('plan workflow.yaml -o c.plan')
  await lab.ok('approve c.plan --with-undo', time)
  const { out } = await lab.ok('run c.plan')
  return idIn(out)
}

describe('approve --with-undo', () => {
  test('[G50] shows both plans, approves both, and `rollback` then takes the change back without another approval', async () => {
    const lab = openLab()
    const before = configOf(lab)
    await lab.ok('plan workflow.yaml -o c.plan')
    await prints(
      0,
      lab.eosflow('approve c.plan --with-undo 24h --comment CHG-1'),
      /\+ vlan 998\n[\s\S]*Its undo, worked out of what the switches showed, to be approved for 24h:\n[\s\S]*- vlan 998\n/,
      /approved [0-9a-f]{8} as .*\napproved its undo [0-9a-f]{8} until 2026-01-06T08:/,
    )
    const ran = await lab.ok('run c.plan')
    const id = idIn(ran.out)
    expect(ran.out).toMatch(new RegExp(`Its undo is approved until 2026-01-06T08:.*: eosflow rollback ${id}\nNext: `))
    await prints(0, lab.eosflow(`show ${id}`), 'Its undo is approved until 2026-01-06T08:')
    expect(lab.whereIs('leaf1')).toBe('AFTER')
    await lab.clock.advance(20 * HOUR)

    const back = await warns(
      0,
      lab.eosflow(`rollback ${id}`),
      /by the undo that .* approved with the change: no further approval is asked\n/,
    )
    expect(back.out).toMatch(/leaf1 +✔ confirmed +1\/1 +no +AFTER: confirmed, saved, read back/)
    expect(configOf(lab)).toBe(before)
    expect(isSaved(lab.device('leaf1'))).toBe(true)
    expect(lab.commits('leaf1')).toEqual({ plain: 0, timed: 2, confirms: 2 })
    await lab.ok('audit verify')
    expect((await lab.ok(`show ${id}`)).out).not.toContain('Its undo is approved')
    // It was used: what is changed and taken back once more is approved once more.
    await prints(0, lab.eosflow(`rollback ${id}`), /^Nothing to roll back/)
  })

  test('says it as JSON', { tags: 'turn' }, async () => {
    const lab = openLab()
    await lab.ok('plan workflow.yaml -o c.plan')
    expect(await json(lab.ok('approve c.plan --with-undo 2h --json'))).toMatchObject({
      version: 1,
      decision: 'approve',
      enough: true,
      undo: { plan: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), expires: '2026-01-05T10:00:00.000Z', enough: true },
    })
  })

  test.each([
    ['of an execution that waits for its approval', 'workflow.yaml', '@latest'],
    ['of a saved plan that somebody runs already, and that waits for its approval', 'c.plan', 'c.plan'],
  ])('%s', { tags: 'turn' }, async (_name, file, approved) => {
    const lab = openLab()
    await lab.ok('plan workflow.yaml -o c.plan')
    const id = idIn((await lab.exits(12, 'run', file, '--detach')).out)
    await lab.ok('approve', approved, '--with-undo', '24h')
    await lab.ok(`resume ${id}`)
    await lab.ok(`rollback ${id}`)
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
  })

  test('once more, for the next execution of the same plan: that is another word, though the first one holds longer', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    await exits(0, lab.agreed('rollback', await changedWithUndo(lab), '--anew'))
    await prints(0, lab.eosflow('approve c.plan --with-undo 1h'), /approved its undo [0-9a-f]{8} until 2026-01-05T09:/)
    await lab.ok('rollback', idIn((await lab.ok('run c.plan')).out))
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
  })

  test('of a change that needs no approval itself', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab({ workflow: WORKFLOW.replace('  - approve\n', '') })
    await lab.ok('rollback', await changedWithUndo(lab))
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
  })

  test('of two switches that change wave by wave', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab({ switches: leaves(2), targets: 'mlag:leaf-1' })
    const before = lab.fabric.devices.map(({ name }) => configOf(lab, name))
    await lab.ok('rollback', await changedWithUndo(lab))
    expect(lab.fabric.devices.map(({ name }) => configOf(lab, name))).toEqual(before)
  })

  test.each([
    ['30s', 'it is no time from 1m to 7d: 30s'],
    ['8d', 'it is no time from 1m to 7d: 8d'],
    ['soon', 'it is no time from 1m to 7d: soon'],
  ])('refuses %s: exit 3', { tags: ['long', 'turn'] }, async (time, says) => {
    const lab = openLab()
    await lab.ok('plan workflow.yaml -o c.plan')
    await warns(3, lab.eosflow('approve c.plan --with-undo', time), says)
    await lab.exits(12, 'run c.plan')
  })

  test('refuses to go into a file for another machine: exit 3', { tags: 'turn' }, async () => {
    const lab = openLab()
    await lab.ok('plan workflow.yaml -o c.plan')
    await warns(
      3,
      lab.eosflow('approve c.plan --with-undo 1h -o a.approval'),
      'an undo is worked out of what the switches run',
    )
  })

  test('refuses a plan with boot lines, which no configuration undoes: exit 5, and nothing is approved', {
    tags: 'turn',
  }, async () => {
    const lines = ['boot system flash:/EOS-4.33.1F.swi', 'vlan 998']
    const lab = openLab({ workflow: workflowFor('leaf1', { lines, extra: 'allow: [boot]' }) })
    await lab.ok('plan workflow.yaml -o c.plan')
    await warns(
      5,
      lab.eosflow('approve c.plan --with-undo 1h'),
      'there is no undo that could be approved with this plan: its boot lines act at once, and no configuration undoes them (leaf1)',
    )
    await lab.exits(12, 'run c.plan')
  })

  test('refuses a plan that this store has not made: exit 5, and nothing is approved', { tags: 'turn' }, async () => {
    const lab = openLab({ env: { EOSFLOW_KEY: 'undo-test-install-key-of-no-switch-1234567890' } })
    await lab.ok('--store', join(lab.dir, 'other/store.db'), 'plan', 'workflow.yaml', '-o', 'c.plan')
    await warns(5, lab.eosflow('approve c.plan --with-undo 1h'), 'this store has no record of the plan')
    expect((await lab.eosflow('run c.plan')).code).toBe(12)
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
  })
})

describe('[G50] an approved undo is not used', () => {
  const WAITS = 12

  const UNUSED: readonly [string, (lab: Lab) => Promise<unknown>, readonly string[], RegExp][] = [
    [
      'after its time',
      (lab) => lab.clock.advance(25 * HOUR),
      [],
      /! the undo that was approved with the change is not used: the approval expired at 2026-01-06T08:/,
    ],
    [
      'when the switch no longer has what was confirmed',
      (lab) => typeOn(lab.device('leaf1'), 'configure', 'vlan 997', 'end', 'write memory'),
      [],
      /is not used: no longer as it was confirmed: leaf1\n/,
    ],
    [
      'when the settings give another plan',
      async (lab) => lab.write('eosflow.yaml', 'version: 1\ncheckpoints: keep\n'),
      [],
      /is not used: what the workflow gives for `checkpoints` has changed since the plan was made\n/,
    ],
    [
      'when its text is no longer in the store',
      async ({ dir }) => {
        const path = join(dir, '.eosflow/store.db')
        const bodies = recordsIn(path).map(({ body }) => body)
        alterStore(path, `DELETE FROM blob WHERE ref = '${/"undo":"([^"]+)"/.exec(bodies.join(''))?.[1]}'`)
      },
      [],
      /is not used: the undo on record was altered or is missing\n/,
    ],
    ['when it is planned anew', async () => undefined, ['--anew'], /^(?![\s\S]*the undo that)/],
  ]

  test.each(everyNthOfLong(2, 'approved undos that are not used', UNUSED))(
    '%s: the rollback is planned and waits for its own approval',
    { tags: 'long' },
    async (_when, happens, argv, says) => {
      const lab = openLab()
      const id = await changedWithUndo(lab)
      await happens(lab)
      await warns(WAITS, lab.eosflow(`rollback ${id}`, ...argv), says, /waiting for an approval of sha256:/)
      expect(lab.whereIs('leaf1')).toBe('AFTER')
      expect(lab.commits('leaf1')).toEqual({ plain: 0, timed: 1, confirms: 1 })
    },
  )

  test('for some of the switches only', { tags: 'long' }, async () => {
    const lab = openLab({ switches: leaves(2), targets: 'leaf*' })
    const id = await changedWithUndo(lab)
    await warns(
      WAITS,
      lab.eosflow(`rollback ${id} -t leaf2`),
      'is not used: it is for 2 switches together: leaf1, leaf2\n',
    )
  })

  test('for another execution of the same plan than the next one, and for that once the plan was sent again', {
    tags: 'long',
  }, async () => {
    const lab = openLab()
    const first = await changedWithUndo(lab)
    await exits(0, lab.agreed('rollback', first, '--anew'))
    await lab.ok('approve c.plan')
    const second = idIn((await lab.ok('run c.plan')).out)
    for (const [id, says] of [
      [first, `changed since: leaf1 by ${second}\n`],
      [second, `the undo was approved for ${first}, which was the next to send the plan`],
    ] as const)
      await warns(WAITS, lab.eosflow(`rollback ${id}`), `is not used: ${says}`)
  })

  test('for a change that another plan has made again since', { tags: 'long' }, async () => {
    const lab = openLab({ files: { 'again.yaml': WORKFLOW.replace('add-a-vlan', 'again') } })
    const first = await changedWithUndo(lab)
    await exits(0, lab.agreed('rollback', first, '--anew'))
    const second = idIn((await exits(0, lab.agreed('run again.yaml'))).out)
    expect((await lab.ok('show', first)).out).not.toContain('Its undo is approved')
    await warns(WAITS, lab.eosflow('rollback', first), `is not used: changed since: leaf1 by ${second}\n`)
  })

  test('when somebody has rejected the plan that it takes back', { tags: 'long' }, async () => {
    const lab = openLab()
    const id = await changedWithUndo(lab)
    await lab.ok(`reject ${id}`)
    await warns(WAITS, lab.eosflow(`rollback ${id}`), /is not used: .* has rejected the plan, and with it its undo\n/)
  })

  test('when a person edits the switch behind the look and before the commit: exit 5, nothing is committed', {
    tags: 'long',
  }, async () => {
    const lab = openLab({
      before: async (one, _device, commands) => {
        const isPush = commands.some((command) => command.startsWith('configure session ')) && one.clock.now() > 0
        if (isPush && isLate) await typeOn(one.device('leaf1'), 'configure', 'vlan 997', 'end', 'write memory')
      },
    })
    let isLate = false
    const id = await changedWithUndo(lab)
    isLate = true
    const { code, err } = await lab.eosflow(`rollback ${id}`)
    isLate = false
    expect(err).toMatch(/leaf1: running-config has changed since the plan was made/)
    expect(code).toBe(5)
    expect(lab.commits('leaf1')).toEqual({ plain: 0, timed: 1, confirms: 1 })
  })
})
