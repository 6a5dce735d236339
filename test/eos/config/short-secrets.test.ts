import { describe, expect, test } from 'vitest'
import { execVerbs } from '../../../src/eos/config/guard/guard.ts'
import { redactTyped, shortKeyword } from '../../../src/eos/config/secrets/secrets.ts'
import { scrubbedCommand, scrubbedText } from '../../../src/eos/transport/session/session-words.ts'
import { linesOf, table } from '../../table.ts'
import { shortenedLines } from './secret-lines.ts'

describe('[3N9] a secret behind a shortened word', () => {
  test.each([
    ...table`
    no neighbor 10.0.1.1 p 7 hunter2                       password            no neighbor 10.0.1.1 p 7 <redacted>
    ip ospf message-digest-k 1 md5 hunter2                 message-digest-key  ip ospf message-digest-k 1 md5 <redacted>
    ip ospf authentication-k hunter2                       authentication-key  ip ospf authentication-k <redacted>
    vrrp 1 peer auth text hunter2                          authentication      vrrp 1 peer auth text <redacted>
    tacacs-server host H ke hunter2                        key                 tacacs-server host H ke <redacted>
    radius-s host H k hunter2                              key                 radius-s host H k <redacted>
    snmp-server user b g v3 au sha hunter2 pr aes hunter3  auth                snmp-server user b g v3 au sha <redacted> pr aes <redacted>
    snmp com hunter2 ro                                    community           snmp com <redacted> ro
    username x sec hunter2                                 secret              username x sec <redacted>
    enable pass hunter2                                    password            enable pass <redacted>
    username s sec hunter2                                 secret              username s <redacted> <redacted>
    tacacs-server host k ke hunter2                        key                 tacacs-server host k <redacted> <redacted>
    ip msdp peer 10.0.1.1 passw 0 hunter2                  password            ip msdp peer 10.0.1.1 passw 0 <redacted>
    key-s 7 hunter2                                        key-string          key-s 7 <redacted>
    comma ip ospf authentication-k hunter2                 authentication-key  comma ip ospf authentication-k <redacted>
  `,
    ['   neighbor 10.0.1.1 passw hunter2', 'password', '   neighbor 10.0.1.1 passw <redacted>'],
  ])('%s', (line, word, shown) => {
    expect([shortKeyword(line), redactTyped(line)]).toEqual([word, shown])
    expect(execVerbs([line.trim()], 'merge', ['users'])).toMatchObject([
      { act: 'refused', because: 'short', verb: word },
    ])
    expect(scrubbedCommand({ cmd: line })).not.toContain('hunter')
    expect(scrubbedText(`Invalid input: ${line}`, { cmd: line }, [])).not.toContain('hunter')
  })

  test('is hidden, and the line is refused, by every beginning of every word of every form', () => {
    const lines = shortenedLines()
    expect(lines.length).toBeGreaterThan(700)
    expect(lines.filter(({ line, secret }) => redactTyped(line).includes(secret))).toEqual([])
    expect(lines.filter(({ line, isLast }) => isLast && shortKeyword(line) === undefined)).toEqual([])
  })

  test.each(
    linesOf(`
    ip ospf authentication message-digest
    isis authentication mode md5
    route-map PASS permit 10
    ip prefix-list AUTH seq 10 permit 0.0.0.0/0
    neighbor a peer group SEC
    neighbor p remote-as 65000
    username s secret sha512 $6$saltsalt$Zm9vYmFyYmF6
    username bob role s secret sha512 $6$saltsalt$Zm9vYmFyYmF6
    radius-server host k vrf s key 7 070E234F1F5B4A
    description pass it on
    description neighbor a passw b
    username s secret 0 hunter2
    radius-server host k key 7 070E234F1F5B4A
  `),
  )('is in none that only has such a name: %s', (line) => {
    expect(shortKeyword(line)).toBe(undefined)
  })
})
