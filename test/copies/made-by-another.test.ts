import { expect, test } from 'vitest'
import { openLab, typeOn } from '../lab/lab.ts'
import { atRest, commitsOf, placeOf } from './copied-stores.ts'

interface Meanwhile {
  readonly by: 'the other execution' | 'a hand'
  /** A copy of the record of the one that is left has opened a config session for it. */
  readonly isCopied?: boolean
  /** What is typed on the switch behind the change. */
  readonly more?: readonly string[]
  /** How the one that is left ends: by its approval, or because it is stopped. */
  readonly ended?: 'approved' | 'stopped'
}

/** Two executions of one change wait for their approvals. `by`: who makes it meanwhile. Gives how the one that is left ends. */
async function leftBehind({ by, isCopied = false, more = [], ended: how = 'approved' }: Meanwhile) {
  const lab = openLab()
  const begun = async () => {
    await lab.eosflow('run workflow.yaml')
    const { out } = await lab.eosflow('executions --json')
    return (JSON.parse(out) as { executions: readonly { id: string }[] }).executions[0]?.id ?? ''
  }
  const [left, other] = [await begun(), await begun()]
  expect(left).not.toBe(other)
  const leaf1 = lab.device('leaf1')
  if (by === 'a hand') await typeOn(leaf1, 'configure', 'vlan 998', 'name TESTED', 'end')
  else {
    await lab.eosflow('approve', other, '--runs', how === 'approved' ? '2' : '1')
    await lab.ok('resume', other)
  }
  const session = `eosflow-${left.slice(-8)}-7`
  if (isCopied) await typeOn(leaf1, `configure session ${session}`, 'exit')
  if (more.length > 0) await typeOn(leaf1, 'configure', ...more, 'end')
  if (how === 'approved') {
    // A plan that is made takes no approval: the one that is left uses that of both.
    const approved = await lab.eosflow('approve', left)
    if (by === 'the other execution') {
      expect(approved.code).toBe(5)
      expect(approved.err).toContain(`✖ stale: ${other} has made this change: there is nothing to approve`)
      expect(approved.err).toContain(`${left} waits for nothing now: eosflow stop ${left}`)
    }
  }
  const ended = await lab.eosflow(how === 'approved' ? 'resume' : 'stop', left)
  const came = { ...ended, other, session, place: placeOf(lab), commits: commitsOf(lab) }
  await atRest({ lab })
  return came
}

const NO_COMMIT =
  'somebody has made this very change: running-config is the approved one, and no commit of it is on record here'

test('[G105] [P20] a switch on which another execution has made this very change is untouched, and that one is named', {
  tags: 'long',
}, async () => {
  const { code, out, other, place, commits } = await leftBehind({ by: 'the other execution' })
  expect([code, place, commits], out).toEqual([5, 'AFTER', 1])
  expect(out).toMatch(/^leaf1 +. untouched/m)
  expect(out).toContain(`never committed; ${other} has made this very change`)
})

test.each([
  ['approved', 5],
  ['stopped', 0],
] as const)(
  'so is one that was changed further since, where this one is %s',
  { tags: ['long', 'turn'] },
  async (ended, exit) => {
    const { code, out, other, place, commits } = await leftBehind({
      by: 'the other execution',
      more: ['vlan 997', 'name LATER'],
      ended,
    })
    expect([code, place, commits], out).toEqual([exit, 'AFTER', 1])
    expect(out).toMatch(/^leaf1 +. untouched/m)
    expect(out).toContain(
      `never committed; ${other} has made this very change, and running-config has changed further since`,
    )
  },
)

test('one on which a hand has made the change and more is unknown', { tags: ['long', 'turn'] }, async () => {
  const { code, out, commits } = await leftBehind({ by: 'a hand', more: ['vlan 997', 'name LATER'] })
  expect([code, commits], out).toEqual([7, 0])
  expect(out).toMatch(/^leaf1 +. unknown/m)
})

test('one on which a hand has made it is unknown: no record says who', async () => {
  const { code, out, commits } = await leftBehind({ by: 'a hand' })
  expect([code, commits], out).toEqual([7, 0])
  expect(out).toMatch(/^leaf1 +. unknown/m)
  expect(out).toContain(`${NO_COMMIT}; on the switch and on no record here: running-config with the change`)
})

test('[P20] one that another execution has changed is unknown where a copy of the record has gone on with this one', {
  tags: 'long',
}, async () => {
  const { code, out, session, commits } = await leftBehind({ by: 'the other execution', isCopied: true })
  expect([code, commits], out).toEqual([7, 1])
  expect(out).toMatch(/^leaf1 +. unknown/m)
  expect(out).toContain(`${NO_COMMIT}; on the switch and on no record here: ${session}`)
})
