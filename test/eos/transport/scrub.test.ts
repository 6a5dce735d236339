import { describe, expect, test } from 'vitest'
import { scrubbedCommand, scrubbedText } from '../../../src/eos/transport/session/session-words.ts'
import { linesOf, table } from '../../table.ts'

/** Lines that carry a secret (all invented), and what may be printed of them. */
const SECRET_LINES = table`
  enable secret 5 $1$canary$hash                             enable secret <redacted>
  enable password canary                                     enable password <redacted>
  username admin privilege 15 secret sha512 $6$canary        username admin privilege 15 secret <redacted>
  username admin secret canary                               username admin secret <redacted>
  username admin ssh-key ssh-rsa AAAAcanary                  username admin ssh-key <redacted>
  aaa root secret sha512 $6$canary                           aaa root secret <redacted>
  snmp-server community canary ro                            snmp-server community <redacted>
  snmp-server host 192.0.2.9 version 2c canary               snmp-server host <redacted>
  snmp-server user u g v3 auth sha canary1 priv aes canary2  snmp-server user u g v3 auth <redacted>
  tacacs-server host 192.0.2.9 key 7 0canary                 tacacs-server host 192.0.2.9 key <redacted>
  radius-server key canary                                   radius-server key <redacted>
  neighbor 10.0.0.1 password 7 canary==                      neighbor 10.0.0.1 password <redacted>
  ip ospf authentication-key 7 canary                        ip ospf authentication-key <redacted>
  ip ospf message-digest-key 1 md5 7 canary                  ip ospf message-digest-key <redacted>
  isis authentication key canary                             isis authentication key <redacted>
  ntp authentication-key 1 md5 canary                        ntp authentication-key <redacted>
  shared-key 7 canary                                        shared-key <redacted>
  pre-shared-key canary                                      pre-shared-key <redacted>
  dot1x passphrase canary                                    dot1x passphrase <redacted>
  vrrp 10 authentication text canary                         vrrp 10 authentication <redacted>
  service unsupported-transceiver name canary                service unsupported-transceiver <redacted>
  exec /usr/bin/TerminAttr -cvauth=token,canary -taillogs    exec /usr/bin/TerminAttr <redacted>
  copy https://user:canary@192.0.2.9/x flash:                copy <redacted>
`

describe('a command in a message', () => {
  test.each(SECRET_LINES)('%s', (cmd, printed) => {
    expect(scrubbedCommand({ cmd })).toBe(printed)
    expect(printed).not.toContain('canary')
  })

  test.each(
    linesOf(`
    interface Ethernet1
    neighbor 10.0.0.1 send-community extended
    set community 65000:1
    ip community-list standard BLUE permit 65000:1
    service password-encryption
    switchport trunk allowed vlan 10,20-29
    configure session eosflow-1a2b3c4d-1 commit timer 00:10:00
  `),
  )('%s is as it is', (cmd) => {
    expect(scrubbedCommand({ cmd })).toBe(cmd)
  })
})

describe('the words of a switch in a message', () => {
  test('do not repeat the secret words of the command', () => {
    const command = { cmd: 'username admin secret sha512 canary$6' }
    expect(scrubbedText("Invalid input (at token 4: 'canary$6')", command, [])).toBe(
      "Invalid input (at token 4: '<redacted>')",
    )
  })

  test('do not repeat what was fed to a prompt, whole or by line', () => {
    const command = { cmd: 'security pki', input: 'BEGIN canary1\ncanary2' }
    const text = "bad: BEGIN canary1\ncanary2; line canary2; (input='another one')"
    expect(scrubbedText(text, command, [])).toBe('bad: <redacted>; line <redacted>; (input=<redacted>)')
  })

  test('do not repeat the values that are known to be secret', () => {
    expect(scrubbedText('user said s3cr3t', { cmd: 'show version' }, ['s3cr3t'])).toBe('user said <redacted>')
  })

  test('keep the rest', () => {
    const text = 'Address 172.16.0.1 is already assigned to interface Ethernet6'
    expect(scrubbedText(text, { cmd: 'ip address 172.16.0.1/24' }, ['s3cr3t'])).toBe(text)
  })
})
