import { expect, test } from 'vitest'
import { exits, type Lab, openLab } from '../lab/lab.ts'

const KEYED = ['run', 'workflow.yaml', '--key', 'job/4711', '--detach'] as const
const timed = (lab: Lab) => lab.commits('leaf1').timed

/** A change that was made under a key and taken back, both behind the backup that is restored then. */
async function restored() {
  const lab = openLab()
  await lab.eosflow('audit key')
  await lab.ok('store backup copy.db')
  await exits(0, lab.agreed(...KEYED.slice(0, 4)))
  await exits(0, lab.agreed('rollback @latest'))
  expect(timed(lab)).toBe(2)
  const back = await lab.ok('store restore copy.db --set-aside --reason', 'the disk broke')
  expect(back.out).toContain(
    'Keys of runs are refused where they are not on record, until: eosflow store accept-loss --reason TEXT',
  )
  return lab
}

test('[S24] behind a restored backup nothing is begun under a key that is on no record, until somebody accepts that', {
  tags: 'long',
}, async () => {
  const lab = await restored()
  const refused = await lab.eosflow(...KEYED)
  expect([refused.code, timed(lab)], refused.out + refused.err).toEqual([10, 2])
  expect(refused.err).toMatch(
    /the key job\/4711 is on no record, and the store was restored from a backup at 2026-01-05T\S+: what was begun under it since the backup is not known/,
  )
  expect(JSON.parse((await lab.eosflow('executions --json')).out).executions).toEqual([])
  // Without a key nobody has said that it is to be made once.
  await lab.exits(12, 'run workflow.yaml --detach')

  await lab.ok('store accept-loss --reason', 'no pipeline has run since')
  await lab.exits(12, ...KEYED)
  const once = await lab.eosflow('store accept-loss --reason again')
  expect([once.code, once.err]).toEqual([3, expect.stringContaining('nothing is to be accepted')])
})
