import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openStore } from '../../src/change/record/sqlite/open-store.ts'
import { readOrMakeInstallKey } from '../../src/project/system/machine/key-files.ts'
import { extentOfLong } from '../extent.ts'
import { exits, withAppends } from '../lab/lab.ts'
import { type CarriedLab, carriedLab, carryPolicy, planIn } from './carried-lab.ts'

const REBASE = ['run', 'a.plan', '--rebase'] as const
const running = ({ lab }: CarriedLab) => lab.running('leaf1')

/** What the store holds of `a.plan`: where its approvals have carried to, and which executions have used one of them. */
async function onRecord({ lab: { dir, clock } }: CarriedLab) {
  const installKey = readOrMakeInstallKey(join(dir, '.eosflow'), {})
  const store = await openStore({ path: join(dir, '.eosflow/store.db'), installKey, clock })
  const { digest } = planIn(readFileSync(join(dir, 'a.plan'), 'utf8'))
  const carried = await store.carried(digest)
  const uses = (await store.approvalUses(digest)).concat(
    ...(await Promise.all([...new Set(carried.map(({ to }) => to))].map((to) => store.approvalUses(to)))),
  )
  await store.close()
  return { carried, uses }
}

describe('an approval that carries', () => {
  test('is used for the plan that was made again: what ran before, and exactly the approved lines', {
    tags: ['long'],
  }, async () => {
    const given = carriedLab()
    const { lab, as, byHand, approved } = given
    await approved()
    await byHand('vlan 211', 'name HAND')
    const before = running(given)
    const stale = await exits(5, as('alice', 'run', 'a.plan'))
    expect(stale.out + stale.err).toContain('Run the plan with --rebase')
    expect(stale.out).toContain('Next: eosflow run a.plan --rebase\n')
    const ran = await exits(0, as('alice', ...REBASE))
    expect(ran.err).toMatch(
      /plan [0-9a-f]{8} rebases [0-9a-f]{8}: 1 approval carried by change, the workflow \(bob\)\nleaf1: the base differs in `vlan 211 \/ -name BACKUP`\nleaf1: the base differs in `vlan 211 \/ \+name HAND`\n/,
    )
    expect(running(given)).toBe(
      before.replace('\nvlan 211\n   name HAND\n', '\nvlan 211\n   name HAND\n!\nvlan 998\n   name TESTED\n'),
    )
    const plan = planIn(lab.read('a.plan'))
    const shown = await exits(0, as('alice', 'show', '@latest'))
    expect(shown.out).toContain(`Rebases ${plan.digest}: the same change, planned again.`)
    const used = await exits(12, as('alice', 'run', 'a.plan', '--detach'))
    expect(used.out + used.err).toContain('the approval has carried to the plan sha256:')
    await exits(0, as('alice', 'audit', 'verify'))
    const {
      carried: [carried, ...others],
      uses,
    } = await onRecord(given)
    expect(uses).toHaveLength(1)
    expect(others).toEqual([])
    expect(carried).toMatchObject({
      plan: plan.digest,
      nth: 1,
      rules: ['change', 'the workflow'],
      differences: [
        { device: 'leaf1', block: 'vlan 211', lines: ['-name BACKUP'], kind: 'vlan.name' },
        { device: 'leaf1', block: 'vlan 211', lines: ['+name HAND'], kind: 'vlan.name' },
      ],
    })
  })

  test('goes on where a process dies anywhere between the carry and the commit', {
    tags: ['long', 'turn'],
  }, async () => {
    let looked = 0
    for (const at of extentOfLong(
      [1, 3, 8, 13],
      Array.from({ length: 39 }, (_, index) => index + 1),
    )) {
      let [isCarried, behind, isDead] = [false, 0, false]
      const given = carriedLab({
        seams: withAppends({
          behind: (written) => {
            if (isDead) return
            isCarried ||= written.some(({ type }) => type === 'ApprovalCarried')
            if (!isCarried) return
            behind += 1
            if (behind !== at) return
            isDead = true
            throw new Error('killed')
          },
        }),
      })
      const { as, byHand, approved, lab } = given
      await approved()
      await byHand('vlan 211', 'name HAND')
      const first = await as('alice', ...REBASE)
      if (first.code === 0) break
      looked += 1
      const open = (await as('alice', 'executions', '--json')).out.includes('"outcome":null')
      const again = open ? await as('alice', 'resume') : await as('alice', ...REBASE)
      expect(running(given), `${at}`).toContain('\n   name HAND\n')
      // Where the answer of the timed commit was not on record, the switch is put back (ADR 28).
      expect(lab.whereIs('leaf1'), `${at}: ${again.out}${again.err}`).toBe(again.code === 0 ? 'AFTER' : 'BEFORE')
      expect((await onRecord(given)).carried.length, `${at}`).toBe(1)
    }
    expect(looked).toBe(extentOfLong(4, 39))
  })

  test('of two that carry at once goes to one', { tags: 'long' }, async () => {
    let inner: Promise<unknown> | undefined
    const given = carriedLab({
      seams: withAppends({
        before: async (events) => {
          if (inner !== undefined || !events.some(({ type }) => type === 'ApprovalCarried')) return
          inner = exits(0, given.as('alice', ...REBASE))
          await inner
        },
      }),
    })
    await given.approved()
    await given.byHand('vlan 211', 'name HAND')
    const { err } = await exits(5, given.as('alice', ...REBASE))
    expect(err).toContain('another process has carried the approvals of this plan at this moment')
    expect((await onRecord(given)).uses).toHaveLength(1)
  })
})

const WINDOWED = carryPolicy({
  head: 'windows: { work: { tz: UTC, days: [mo, tu, we, th, fr, sa, su], from: "07:00", to: "08:05" } }\n',
  when: '{ window: work }',
})

/** What happens between the approval and `--rebase`, and why it does not carry. */
const REFUSED: Readonly<
  Record<string, { readonly policy?: string; act(given: CarriedLab): unknown; readonly why: string }>
> = {
  'users have changed': {
    act: ({ byHand }) => byHand('username mallory privilege 15 role network-admin secret 0 canary-s3cret'),
    why: 'a line of users',
  },
  'no rule lets an approval carry': {
    policy: carryPolicy({ demand: 'count: 1, from: [approver], notRequester: true' }),
    act: ({ byHand }) => byHand('vlan 211', 'name HAND'),
    why: 'no rule of the policy lets one: `carry: { kinds: [...] }`',
  },
  'the policy has changed': {
    act: async ({ byHand, lab }) => {
      await byHand('vlan 211', 'name HAND')
      lab.write(
        'policy.yaml',
        carryPolicy({ demand: 'count: 1, from: [approver], carry: { kinds: [vlan.name, interface.description] }' }),
      )
    },
    why: 'the policy has changed since the plan was made',
  },
  'the workflow has changed': {
    act: async ({ byHand, lab }) => {
      await byHand('vlan 211', 'name HAND')
      lab.write('workflow.yaml', lab.read('workflow.yaml').replace('within: 20s', 'within: 25s'))
    },
    why: 'workflow.yaml has changed since the plan was made',
  },
}

describe('[F42] an approval does not carry, exit 5, and nothing is sent, where', () => {
  test.each(Object.entries(REFUSED))('%s', { tags: ['long'] }, async (_what, { policy, act, why }) => {
    const given = carriedLab(policy === undefined ? {} : { policy })
    await given.approved()
    await act(given)
    const before = running(given)
    const { err } = await exits(5, given.as('alice', ...REBASE))
    expect(err).toContain(why)
    expect(running(given)).toBe(before)
    expect((await onRecord(given)).carried).toEqual([])
    expect(given.lab.printed).not.toContain('canary-s3cret')
  })
})

test('whoever may not start the change moves no approval away from its plan, and no switch is asked', async () => {
  const given = carriedLab({ policy: WINDOWED })
  const { lab, as, byHand, approved } = given
  await approved()
  await byHand('vlan 211', 'name HAND')
  const requests = lab.device('leaf1').requests().length
  await exits(4, as('dave', ...REBASE))
  await lab.clock.advance(600_000)
  const { err } = await exits(9, as('alice', ...REBASE))
  expect(err).toContain('✖ window-closed: nothing allows corp:sub:alice execution.start on leaf1 now')
  expect(lab.device('leaf1').requests()).toHaveLength(requests)
  expect((await onRecord(given)).carried).toEqual([])
})

test('a window that closes while the plan is made again moves no approval', { tags: ['long'] }, async () => {
  const rule = '  - { id: begin, allow: [execution.start], to: [operator, approver], when: { window: work } }\n'
  let isAgain = false
  const given: CarriedLab = carriedLab({
    policy:
      carryPolicy({
        head: 'windows: { work: { tz: UTC, days: [mo, tu, we, th, fr, sa, su], from: "07:00", to: "08:30" } }\n',
      }).replace('[execution.start, execution.stop,', '[execution.stop,') + rule,
    seams: withAppends({
      behind: async (written) => {
        if (isAgain && written.some(({ type }) => type === 'PlanMade')) await given.lab.clock.advance(1_800_000)
      },
    }),
  })
  await given.approved()
  await given.byHand('vlan 211', 'name HAND')
  isAgain = true
  await exits(9, given.as('alice', ...REBASE))
  expect((await onRecord(given)).carried).toEqual([])
})

test('what has no meaning beside --rebase is refused by name', async () => {
  const { as, lab } = carriedLab()
  lab.write('a.plan', '{}')
  for (const [flags, why] of [
    [['--approve', `sha256:${'a'.repeat(64)}`], '--approve beside --rebase: it approves one digest'],
    [['--key', 'job-1'], '--key beside --rebase'],
    [['--break-glass', 'INC-1'], '--break-glass beside --rebase'],
    [['-t', 'leaf1'], '-t: a saved plan is fixed'],
    [['--skip-unreachable'], 'a saved plan says already which switches it is for'],
  ] as const) {
    const { err } = await exits(3, as('alice', ...REBASE, ...flags))
    expect(err).toContain(why)
  }
  const { err } = await exits(3, as('alice', 'run', 'workflow.yaml', '--rebase'))
  expect(err).toContain('--rebase makes a saved plan again, and this is a workflow')
})
