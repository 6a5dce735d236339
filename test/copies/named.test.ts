import { expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { atRest, type Case, commitsOf, lived, placeOf } from './copied-stores.ts'

/** The cases by which this was found: what is said, the exit code, where the switch is, what its checkpoint holds. */
const CASES: readonly (readonly [Case, RegExp, number, string, string | undefined])[] = [
  [{ way: 'copied', at: 'TaskStarted Push', lost: 'run out', act: 'resume' }, /put back/, 6, 'BEFORE', 'BEFORE'],
  [{ way: 'copied', at: 'TaskStarted Push', lost: 'later change', act: 'resume' }, /unknown/, 7, 'LATER', 'BEFORE'],
  [{ way: 'copied', at: 'ActFinished stage', lost: 'confirmed', act: 'resume' }, /unknown/, 7, 'AFTER', 'BEFORE'],
  [{ way: 'copied', at: 'ActFinished stage', lost: 'later change', act: 'resume' }, /unknown/, 7, 'LATER', 'BEFORE'],
  [{ way: 'copied', at: 'ExecutionStarted', lost: 'confirmed', act: 'stop' }, /unknown/, 7, 'AFTER', 'BEFORE'],
  [{ way: 'restored', at: 'ActFinished stage', lost: 'later change', act: 'stop' }, /unknown/, 7, 'LATER', 'BEFORE'],
  [{ way: 'restored', at: 'TaskStarted Push', lost: 'confirmed', act: 'stop' }, /unknown/, 7, 'AFTER', 'BEFORE'],
]

test.each(everyNthOfLong(2, 'copies of a store', CASES))(
  '$way at $at, $lost, $act',
  { tags: 'long' },
  async (one, said, code, place, checkpoint) => {
    const came = await lived(one)
    if (came === undefined) throw new Error('the change never comes to this moment')
    expect(/^leaf1 +\S .*$/m.exec(came.ended.out)?.[0]).toMatch(said)
    expect([came.ended.code, placeOf(came.lab), came.keeps]).toEqual([code, place, checkpoint])
    expect(commitsOf(came.lab)).toBe(came.commits)
    await atRest(came)
  },
)

/** Cases in which a command ended with a fault of its own: a saved plan has answered the snapshot, and none is on record yet. */
const BEFORE_THE_PLAN: readonly (readonly [Case, RegExp, number, string])[] = [
  [{ way: 'copied', at: 'TaskSucceeded Snapshot', lost: 'nothing', act: 'stop' }, /untouched/, 0, 'BEFORE'],
  [{ way: 'copied', at: 'TaskStarted Plan', lost: 'confirmed', act: 'stop' }, /unknown/, 7, 'AFTER'],
]

test.each(BEFORE_THE_PLAN)(
  '[P18] before a saved plan is on record: $at, $lost, $act',
  async (one, said, code, place) => {
    const came = await lived(one)
    if (came === undefined) throw new Error('the change never comes to this moment')
    const { out, err } = came.ended
    expect(/^leaf1 +\S .*$/m.exec(out)?.[0], out + err).toMatch(said)
    expect([came.ended.code, placeOf(came.lab)], out + err).toEqual([code, place])
    expect(commitsOf(came.lab)).toBe(came.commits)
    await atRest(came)
  },
)
