import { describe, expect, test } from 'vitest'
import { readSessionTable } from '../../../src/eos/device/device.ts'

/** A switch that booted at 1 700 000 000 and has been up for 5000 s. */
const TIME = { uptime: 5000, epoch: 1_700_005_000 }
const KNOBS = { maxSavedSessions: 1, maxOpenSessions: 5, mergeOnCommit: false, saveToStartupConfigOnCommit: false }
const entry = (state: string, more: object = {}) => ({ state, commitUser: '', description: '', instances: {}, ...more })

describe('the config sessions of a switch', () => {
  test('none', () => {
    expect(readSessionTable({ maxSavedSessions: 1, maxOpenSessions: 5, sessions: {} }, TIME)).toEqual({
      sessions: {},
      mergeOnCommit: false,
      saveToStartupConfigOnCommit: false,
      maxOpenSessions: 5,
    })
  })

  test('pending and completed ones, and the knobs', () => {
    const reply = {
      ...KNOBS,
      maxOpenSessions: 7,
      mergeOnCommit: true,
      saveToStartupConfigOnCommit: true,
      sessions: {
        'eosflow-1a2b3c4d-1': entry('pending'),
        ansible_1: entry('completed', { completedTime: 1_700_000_100.5 }),
        napalm_2: entry('aborted'),
      },
    }
    expect(readSessionTable(reply, TIME)).toEqual({
      sessions: { 'eosflow-1a2b3c4d-1': 'pending', ansible_1: 'completed', napalm_2: 'aborted' },
      mergeOnCommit: true,
      saveToStartupConfigOnCommit: true,
      maxOpenSessions: 7,
    })
  })

  test('up to 4.31 an armed one says so itself', () => {
    const armed = entry('pendingCommitTimer', { commitBy: 1_700_005_299.9, completedTime: 1_700_004_999 })
    const table = readSessionTable({ ...KNOBS, sessions: { s: armed, other: entry('pending') } }, TIME)
    expect(table.sessions).toEqual({ s: 'armed', other: 'pending' })
    expect(table.armed).toEqual({ session: 's', secondsLeft: 299 })
  })

  test('from 4.32 it says committed, and only the top tells', () => {
    const reply = {
      ...KNOBS,
      sessions: { s: entry('committed'), earlier: entry('committed') },
      commitTimerSessionName: 's',
      commitTimerExpireTime: 5120.5,
    }
    const table = readSessionTable(reply, TIME)
    expect(table.sessions).toEqual({ s: 'armed', earlier: 'completed' })
    expect(table.armed).toEqual({ session: 's', secondsLeft: 120 })
  })

  test('a timer of a session that is not in the list is a timer', () => {
    const table = readSessionTable(
      { ...KNOBS, sessions: {}, commitTimerSessionName: 's', commitTimerExpireTime: 5060 },
      TIME,
    )
    expect(table).toMatchObject({ sessions: { s: 'armed' }, armed: { session: 's', secondsLeft: 60 } })
  })

  test.each([
    ['seconds of uptime', 5060, 60],
    ['seconds since the epoch', 1_700_005_060, 60],
    ['in the past', 4000, 0],
    ['not a number', 'in 0:01:59', 0],
    ['absent', undefined, 0],
  ])('the end of a timer as %s', (_, commitBy, secondsLeft) => {
    const state = entry('pendingCommitTimer', commitBy === undefined ? {} : { commitBy })
    expect(readSessionTable({ ...KNOBS, sessions: { s: state } }, TIME).armed).toEqual({ session: 's', secondsLeft })
  })

  test.each(['', undefined])('no timer runs when its session is %j', (commitTimerSessionName) => {
    const name = commitTimerSessionName === undefined ? {} : { commitTimerSessionName }
    const table = readSessionTable(
      { ...KNOBS, ...name, sessions: { s: entry('committed') }, commitTimerExpireTime: 0 },
      TIME,
    )
    expect(table.sessions).toEqual({ s: 'completed' })
    expect(table).not.toHaveProperty('armed')
  })

  test('a state that no version is known to have is unknown', () => {
    const sessions = { a: entry('commitInProgress'), b: {}, c: 'pending' }
    expect(readSessionTable({ ...KNOBS, sessions }, TIME).sessions).toEqual({
      a: 'unknown',
      b: 'unknown',
      c: 'unknown',
    })
  })

  test.each([null, [], 'text', 7, {}])('%j tells nothing', (reply) => {
    expect(readSessionTable(reply, TIME)).toMatchObject({ sessions: {}, maxOpenSessions: 5 })
  })
})
