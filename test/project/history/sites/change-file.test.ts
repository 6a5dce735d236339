import { expect, test } from 'vitest'
import { beginChange } from '../../../../src/project/execution/begin/begin-change.ts'
import { putBack } from '../../../../src/project/execution/begin/put-back.ts'
import { lackingEarlier } from '../../../../src/project/execution/may-begin/window.ts'
import { handOver } from '../../../../src/project/execution/run/carry-out.ts'
import { changeGiven } from '../../../../src/project/files/change-given.ts'
import { ALICE, BOTH_SITES, teamInMemory } from './team-in-memory.ts'

/** `sha256sum` of the change file. */
const DIGEST = 'sha256:4a2dfcd1f8ce0183ccc44046eaf1791476e313b2e35b6f76a56f6d4fdc4f90d5'

test('a change over several sites comes before another one as a whole: neither by one part, nor once a part was taken back', {
  tags: 'long',
}, async () => {
  const team = await teamInMemory()
  const { client } = team
  team.lab.write('workflows/both.yaml', BOTH_SITES)
  team.lab.write('changes/both.yaml', 'workflow: both\n')
  const made = await beginChange(client, ALICE, { prepared: changeGiven(client, client.project, 'changes/both.yaml') })
  if (made.kind !== 'begun' || client.dispatch === undefined) throw new Error('it was not begun')
  await handOver(client, client.dispatch, made.state)
  const { id } = made.state
  const terms = { file: 'changes/second.yaml', after: [{ file: 'changes/both.yaml', digest: DIGEST }] }
  const lacking = () => lackingEarlier(client.store, terms)
  let early: unknown
  await team.decide(id)
  await team.until(async () => {
    const ends = Object.values(await team.parts(id)).map(({ status }) => status)
    if (ends.includes('ended') && (await team.state(id)).status !== 'ended')
      early ??= (await lacking())?.kind ?? 'begins'
    return (await team.state(id)).status === 'ended'
  })
  expect([early, await lacking()]).toEqual(['window-closed', undefined])
  const { north } = await team.parts(id)
  const back = await putBack(client, ALICE, { execution: north?.id ?? '', target: undefined })
  expect(back.kind).toBe('begun')
  expect((await lacking())?.kind).toBe('window-closed')
})
