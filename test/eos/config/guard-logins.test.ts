import { describe, expect, test } from 'vitest'
import { openedLogins } from '../../../src/eos/config/guard/guard-logins.ts'

/** What `ssh-keygen -t ed25519` made, and what `ssh-keygen -l` says of it. */
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHN9gTracCdf0w71seqHiXeuoI5xwgPer2FObz23PBla noc@host'
const PRINT = 'SHA256:+fwau74hVo1vWFDD3itQtHbDh/Ci8MRbjAtot5gl0lg'

const ROWS: readonly (readonly [line: string, says: readonly string[]])[] = [
  ['username bob nopassword', ['bob without a password']],
  ['username bob privilege 15 role network-admin nopassword', ['bob without a password']],
  ['username bob shell /bin/bash nopassword', ['bob without a password']],
  [`username bob ssh-key ${KEY}`, [`bob by the SSH key ${PRINT}`]],
  [`username bob sshkey ${KEY}`, [`bob by the SSH key ${PRINT}`]],
  [`username bob ssh-key secondary ${KEY}`, [`bob by the SSH key ${PRINT}`]],
  ['username bob ssh-key ssh-rsa AAAA', ['bob by an SSH key that cannot be read']],
  ['username bob sshkey file flash:keys', ['bob by the SSH keys in flash:keys']],
  ['aaa authentication policy local allow-nopassword-remote-login', ['users without a password from another machine']],
  ['aaa authentication login default none', ['anybody, where the login is by `none`']],
  ['aaa authentication login default group tacacs+ none', ['anybody, where the login is by `none`']],
  ['aaa authentication login default group tacacs+ local', []],
  ['username nopassword privilege 15 secret sha512 $6$x', []],
  ['username bob secret sha512 $6$x', []],
  ['description username bob nopassword', []],
  [`description bob ssh-key ${KEY}`, []],
  [`username bob privilege 15 ssh-key ${KEY}`, []],
  [
    'username bob ssh-key ssh-rsa AAAAAAAAAAAAAAAAAAAAAA==',
    ['bob by the SSH key SHA256:N0cI//dxndWXnsh11WzSKG9tPPfsMXo7JWMqqyjsN7s'],
  ],
  ['username bob ssh-key ssh-rsa AAAAAAAAAAAAAAAAAAAA', ['bob by an SSH key that cannot be read']],
  ['aaa authentication login console group tacacs+ none', ['anybody, where the login is by `none`']],
  ['aaa authentication dot1x default none', []],
  ['aaa authentication login none local', []],
  ['aaa authorization login default none', []],
  ['aaa authorization policy local allow-nopassword-remote-login', []],
  ['no aaa authentication login default none', []],
]

describe('who gets in by lines that a change adds', () => {
  test.each(ROWS)('%s', (line, says) => {
    expect(openedLogins([{ sign: '+', path: [], line }])).toEqual(says)
    expect(openedLogins([{ sign: '-', path: [], line }])).toEqual([])
  })

  test('each is said once', () => {
    const twice = [1, 2].map(() => ({ sign: '+', path: [], line: 'username bob nopassword' }) as const)
    expect(openedLogins(twice)).toEqual(['bob without a password'])
  })
})
