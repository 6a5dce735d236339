import { expect, test } from 'vitest'
import { type RotationStanding, twoLogins } from '../../../src/eos/device/two-logins.ts'

/** The two logins of a user of a switch that is where `standing` says, at a time that the test sets. */
function made() {
  const world: { now: number; standing: RotationStanding } = { now: 0, standing: { isLive: false } }
  const logins = twoLogins({
    name: 'leaf1',
    user: 'eosflow-rw',
    credential: async () => ({ username: 'eosflow-rw' }),
    standing: () => world.standing,
    now: () => world.now,
  })
  return { world, logins }
}

test('the login that the record says is in force is tried first, and the other one behind it', () => {
  const { world, logins } = made()
  expect(logins.order(false)).toEqual(['old', 'new'])
  world.standing = { isLive: true, until: 300_000 }
  expect(logins.order(false)).toEqual(['new', 'old'])
  expect(logins.order(true)).toEqual(['new'])
})

test('what the switch has taken is tried first for as long as the record says the same', () => {
  const { world, logins } = made()
  logins.refused('old')
  logins.accepted('new')
  expect(logins.order(false)).toEqual(['new', 'old'])
  logins.accepted('old')
  world.standing = { isLive: true, until: 300_000 }
  expect(logins.order(false)).toEqual(['new', 'old'])
})

test('the new one is proved in vain two times, and no oftener', () => {
  const { world, logins } = made()
  world.standing = { isLive: true, until: 300_000 }
  for (let times = 0; times < 2; times += 1) {
    expect(logins.order(true)).toEqual(['new'])
    logins.refused('new')
  }
  expect(() => logins.order(true)).toThrow(
    'leaf1: eosflow-rw was refused with the new secret 2 times, and is not tried again',
  )
})

test('where both were refused neither is tried before the commit timer has ended; where none runs, for 20 s', () => {
  const { world, logins } = made()
  world.standing = { isLive: true, until: 300_000 }
  logins.refused('new')
  logins.refused('old')
  world.now = 302_999
  expect(() => logins.order(false)).toThrow('is not tried again before 1970-01-01T00:05:03.000Z')
  world.now = 303_000
  expect(logins.order(false)).toEqual(['new', 'old'])
  world.standing = { isLive: false }
  logins.refused('old')
  world.now = 322_999
  expect(() => logins.order(false)).toThrow('not tried again')
  world.now = 323_000
  expect(logins.order(false)).toEqual(['old', 'new'])
})
