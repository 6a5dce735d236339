import { describe, expect, test } from 'vitest'
import { stateNames } from '../../../../src/change/workflow/habit/habits.ts'
import { machineOf } from '../states-file.ts'

const told = (name: string, type = 'Pass') =>
  stateNames(
    machineOf(
      {
        [name]: type === 'Pass' ? { Type: type, Next: 'End state' } : { Type: type },
        'End state': { Type: 'Succeed' },
      },
      name,
    ),
  ).map(({ code, message, severity }) => `${severity} ${code}: ${message}`)

describe('state names', () => {
  test.each([
    ['Push', 'is one word, where a verb and a noun belong'],
    ['state-1', 'is one word, where a verb and a noun belong'],
    ['PushingChange', 'begins with `Pushing`, which is no verb'],
    ['verified_change', 'begins with `verified`, which is no verb'],
    ['ValidationOfPairs', 'begins with `Validation`, which is no verb'],
    ['ConfigVerify', 'ends with the verb `Verify`'],
  ])('%s is named', (name, why) => {
    expect(told(name)).toEqual([`warning state-name: the state name \`${name}\` ${why}`])
  })

  test.each([
    'PushChange',
    'push-change',
    'push_change',
    'Push the change',
    'PingPeers',
    'BringUpPort',
    'StationCrew',
    'SeedBGP',
    'FeedCMDB',
    'ÄndereGerät',
  ])('%s is fine', (name) => {
    expect(told(name)).toEqual([])
  })

  test('ends may be called by how things ended', () => {
    expect(told('Done', 'Succeed')).toEqual([])
    expect(told('Failed', 'Fail')).toEqual([])
  })

  test('states inside others count', () => {
    const inner = { StartAt: 'Push', States: { Push: { Type: 'Pass', End: true } } }
    const machine = machineOf({ RollOut: { Type: 'Map', Items: [1], ItemProcessor: inner, End: true } })
    expect(stateNames(machine).map(({ message }) => message)).toEqual([
      'the state name `Push` is one word, where a verb and a noun belong',
    ])
  })
})
