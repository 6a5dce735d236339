import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../src/journal/event.ts'
import { openStore } from '../../src/journal/sqlite/open-store.ts'
import { readOrMakeInstallKey } from '../../src/system/install-key.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { exits, newest, withAppends } from '../lab/lab.ts'
import { type CarriedLab, carriedLab, carryPolicy, planIn } from './carried-lab.ts'

const REBASE = ['run', 'a.plan', '--rebase'] as const
const running = ({ lab }: CarriedLab): string => lab.running('leaf1')

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

/** A journal that dies behind the nth append in which a record is, as a process that is killed there. */
function diesBehind(is: (event: EventBody) => boolean, state = { isArmed: true }) {
  return {
    state,
    seams: withAppends({
      behind: (written) => {
        if (state.isArmed && written.some(is)) {
          state.isArmed = false
          throw new Error('killed')
        }
      },
    }),
  }
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

  test('is not asked for where nothing has changed: the plan is run as it is', { tags: ['long'] }, async () => {
    const given = carriedLab()
    await given.approved()
    const ran = await exits(0, given.as('alice', ...REBASE))
    expect(ran.err).toContain('the switches run what the plan was approved on: it is run as it is')
    expect((await onRecord(given)).carried).toEqual([])
  })

  test('of a plan whose process died behind the carry is found again, and counts once', {
    tags: ['long'],
  }, async () => {
    const given = carriedLab({ seams: diesBehind(({ type }) => type === 'ApprovalCarried').seams })
    const { as, byHand, approved } = given
    await approved()
    await byHand('vlan 211', 'name HAND')
    await exits(1, as('alice', ...REBASE))
    expect(given.lab.whereIs('leaf1')).toBe('BEFORE')
    await exits(0, as('alice', ...REBASE))
    expect((await onRecord(given)).carried).toHaveLength(1)
  })

  test('carries three times at most, always from the plan that people approved', {
    tags: ['long', 'turn'],
  }, async () => {
    const { seams, state } = diesBehind(({ type }) => type === 'ApprovalCarried')
    const given = carriedLab({ seams })
    const { as, byHand, approved } = given
    await approved()
    for (const nth of [1, 2, 3]) {
      state.isArmed = true
      await byHand('vlan 211', `name HAND-${nth}`)
      await exits(1, as('alice', ...REBASE))
    }
    const { carried } = await onRecord(given)
    expect(carried.map(({ nth }) => nth)).toEqual([1, 2, 3])
    expect(new Set(carried.map(({ plan }) => plan)).size).toBe(1)
    await byHand('vlan 211', 'name HAND-4')
    const { err } = await exits(5, as('alice', ...REBASE))
    expect(err).toContain('its approvals have carried 3 times already')
    expect(given.lab.whereIs('leaf1')).toBe('BEFORE')
  })

  test('is refused for every later plan once somebody has rejected one that was made again', {
    tags: 'long',
  }, async () => {
    const given = carriedLab({ seams: diesBehind(({ type }) => type === 'ApprovalCarried').seams })
    const { as, byHand, approved } = given
    await approved()
    await byHand('vlan 211', 'name HAND')
    await exits(1, as('alice', ...REBASE))
    await exits(0, as('carol', 'reject', await newest(given.lab), '--comment', 'not now'))
    await byHand('vlan 211', 'name LATER')
    const { err } = await exits(5, as('alice', ...REBASE))
    expect(err).toContain('carol rejected this plan: not now')
    expect(given.lab.whereIs('leaf1')).toBe('BEFORE')
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
  'a block that the change is in has changed': {
    act: ({ byHand }) => byHand('vlan 998', 'name OTHER'),
    why: 'not what was approved: diffHmac of leaf1',
  },
  'users have changed': {
    act: ({ byHand }) => byHand('username mallory privilege 15 role network-admin secret 0 canary-s3cret'),
    why: 'a line of users',
  },
  'a line of a kind that touches traffic has changed': {
    act: ({ byHand }) => byHand('vlan 777'),
    why: 'leaf1: the base differs in `+vlan 777`, a line of vlan',
  },
  'a line has changed of a kind that the rule does not list': {
    act: ({ byHand }) => byHand('interface Loopback0', 'description HAND'),
    why: 'the base differs in lines of loopback.description, which its `carry` does not list',
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
  'an approver has rejected the plan': {
    act: async ({ byHand, as }) => {
      await byHand('vlan 211', 'name HAND')
      await exits(0, as('carol', 'reject', 'a.plan'))
    },
    why: 'carol rejected this plan',
  },
  'the approval is too old': {
    policy: carryPolicy({
      demand:
        'count: 1, from: [approver], notRequester: true, maxAge: 30m, carry: { kinds: [vlan.name, interface.description] }',
    }),
    act: async ({ byHand, lab }) => {
      await byHand('vlan 211', 'name HAND')
      await lab.clock.advance(1_801_000)
    },
    why: 'the approval of bob is older than the 1800 s that change allows',
  },
  'the window of the approval has closed': {
    policy: `${WINDOWED}  - { id: begin, allow: [execution.start], to: [operator, approver] }\n`,
    act: async ({ byHand, lab }) => {
      await byHand('vlan 211', 'name HAND')
      await lab.clock.advance(600_000)
    },
    why: 'the window `work` has closed since the first approval',
  },
  'a freeze of the policy has passed': {
    policy: carryPolicy({
      head: 'freezes: [{ name: noon, from: "2026-01-05T08:01:00Z", to: "2026-01-05T08:02:00Z" }]\n',
    }),
    act: async ({ byHand, lab }) => {
      await byHand('vlan 211', 'name HAND')
      await lab.clock.advance(600_000)
    },
    why: 'the freeze `noon` has been in force since the first approval',
  },
}

describe('[F42] an approval does not carry, exit 5, and nothing is sent, where', () => {
  test.each(everyNthOfLong(4, 'approvals that do not carry', Object.entries(REFUSED)))(
    '%s',
    { tags: ['long'] },
    async (_what, { policy, act, why }) => {
      const given = carriedLab(policy === undefined ? {} : { policy })
      await given.approved()
      await act(given)
      const before = running(given)
      const { err } = await exits(5, given.as('alice', ...REBASE))
      expect(err).toContain(why)
      expect(running(given)).toBe(before)
      expect((await onRecord(given)).carried).toEqual([])
      expect(given.lab.printed).not.toContain('canary-s3cret')
    },
  )

  test('whoever approved the plan makes it again, and the rule wants somebody else', { tags: 'long' }, async () => {
    const given = carriedLab()
    const { as, byHand, approved } = given
    await approved()
    await byHand('vlan 211', 'name HAND')
    const { err } = await exits(5, as('bob', ...REBASE))
    expect(err).toContain('the approval of bob does not count for change: the same person made the plan')
    await exits(0, as('zoe', ...REBASE))
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
