import { describe, expect, test } from 'vitest'
import { mergedUserLine } from '../../../src/eos/sim/switch/config-mode.ts'
import { openTerminal } from './in-memory-terminal.ts'
import { simulate } from './simulate.ts'

const USERS = [
  'hostname sw1',
  'username admin privilege 15 role network-admin secret sha512 $6$a$b',
  'username bob nopassword',
  'username bob ssh-key ssh-ed25519 AAAA bob',
]

describe('mergedUserLine', () => {
  test.each([
    ['username admin role network-operator', 'username admin privilege 15 role network-operator secret sha512 $6$a$b'],
    ['username admin nopassword', 'username admin privilege 15 role network-admin nopassword'],
    ['username bob privilege 5', 'username bob privilege 5 nopassword'],
    ['username bob secret sha512 $6$c$d', 'username bob secret sha512 $6$c$d'],
    ['username new privilege 5', 'username new privilege 5'],
    ['username bob ssh-key ssh-rsa AAAA', 'username bob ssh-key ssh-rsa AAAA'],
    ['username bo privilege 1', 'username bo privilege 1'],
    ['no username bob', 'no username bob'],
    ['username bob shell /bin/bash', 'username bob shell /bin/bash'],
    [USERS[1] ?? '', USERS[1] ?? ''],
  ])('%s', (line, stored) => {
    expect(mergedUserLine(line, USERS)).toBe(stored)
  })
})

test('what clients set one by one is one line', async () => {
  const simulated = simulate()
  const terminal = openTerminal(simulated)
  await terminal.lines('configure session s', 'username ansuser privilege 5', 'username ansuser nopassword')
  await terminal.lines('username ansuser role network-operator', 'username ansuser ssh-key ssh-rsa AAAA', 'commit')
  expect(await simulated.text('show running-config | include ^username')).toBe(
    'username ansuser privilege 5 role network-operator nopassword\nusername ansuser ssh-key ssh-rsa AAAA\n',
  )
})
