import { describe, expect, test } from 'vitest'
import {
  execVerbs,
  managementGuard,
  otherBlanks,
  touchesManagement,
  unsafeLines,
} from '../../../src/eos/config/guard/guard.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { linesOf, table } from '../../table.ts'
import { replacePairs, shared, wholeConfigs } from './replace-pairs.ts'

describe('verbs in a merge', () => {
  test.each(table`
    exit                                    exit
    end                                     end
    !                                       !
    ! a note                                !
    configure session other                 configure
    conf s other                            configure
    commit                                  commit
    comm                                    commit
    abort                                   abort
    bash timeout 5 id                       bash
    ba id                                   bash
    copy running-config startup-config      copy
    reload now                              reload
    relo                                    reload
    write memory                            write
    wr                                      write
    rollback clean-config                   rollback
    delete flash:startup-config             delete
    event-handler ON-BOOT                   event-handler
    daemon SHELL                            daemon
    alias x bash                            alias
    management api http-commands            management api
    man ap http-commands                    management api
    aaa authorization exec default none     aaa
    username eve privilege 15 nopassword    username
    USERNAME eve nopassword                 username
    no username admin                       username
    default aaa root                        aaa
    no configure session other              configure
    def aaa root                            aaa
    defau management api http-commands      management api
    de username admin                       username
    erase startup-config                    erase
    format flash:                           format
    rename flash:a flash:b                  rename
    clea counters                           clear
    reset system storage secure             reset
    quit                                    quit
    disa                                    disable
    show running-config | redirect flash:x  redirect
    show version | red flash:x              redirect
    show version | tee flash:x              redirect
    show version > flash:x                  redirect
    show version >> flash:x                 redirect
  `)('[G99] refused: %s', (line, verb) => {
    expect(execVerbs(['vlan 10', `   ${line}`], 'merge')).toMatchObject([{ index: 1, line, verb, act: 'refused' }])
  })

  test.each(
    linesOf(`
    vlan 10
    !! a mode comment
    exit-group eg_01
    reload-delay mlag 300
    router bgp 65001
    event-monitor
    enable password sha512 $6$x$y
    management ssh
    management security
    description to spine1 -> leaf1
    description copy of the old port, a > b
    ip access-list A
    condition ( a.delta > 100 ) and ( b > 100 )
    bgp additional-paths receive
    default shutdown
    disabled
    no shutdown
  `),
  )('passes: %s', (line) => {
    expect(execVerbs(['interface Ethernet1', `   ${line}`], 'merge')).toEqual([])
  })

  test.each(table`
    management security           session shared-secret profile profile0
    management api http-commands  session timeout 60
    router bgp 65001              session tracker ST1
    router bfd                    session stats snapshot interval 8
    mlag configuration            reload-delay mlag 300
    router internet-exit          exit-group eg_01
    control-plane                 tcp mss ceiling ipv4 1400
    poe                           reboot action maintain
    mac security                  license license1 123456
    alias shmc                    10 show mac address-table | include %1
    ip access-list A              10 remark old -> new | see the ticket
    router service-insertion      monitor connectivity
  `)('passes in its block: %s / %s', (header, line) => {
    expect(execVerbs([header, `   ${line}`], 'merge', ['alias', 'management'])).toEqual([])
  })

  test.each([
    ...table`
    router bgp 65001                 session peer-supervisor                    session
    management api http-commands     session peer-supervisor                    session
    interface Ethernet1              dot1x re-authenticate interface Ethernet1  dot1x
    spanning-tree mst configuration  abort                                      abort
    alias shmc                       show version                               show
    mystery block                    reload now                                 reload
    hostname leaf1                   write memory                               write
    interface Ethernet1              log                                        logout
    traffic-policies                 sho clock                                  show
  `,
    ['router bgp 65001\n   address-family ipv4', '   install source flash:EOS.swi', 'install'],
    ['flow tracking sampled\n   tracker T\n      exporter E', '      format flash:', 'format'],
  ])('refused in its block: %j / %s', (header, line, verb) => {
    const lines = [...header.split('\n'), `   ${line}`]
    for (const mode of ['merge', 'replace'] as const) {
      const findings = execVerbs(lines, mode, ['alias', 'management']).filter(({ act }) => act === 'refused')
      expect(findings).toMatchObject([{ index: lines.length - 1, verb }])
    }
  })

  test('the text of a banner is no command', () => {
    expect(execVerbs(['banner login', 'reload', '!', 'copy a b', 'EOF', 'vlan 10'], 'merge')).toEqual([])
  })

  test('a workflow may allow a verb by name, and by its first word', () => {
    const lines = ['username bob nopassword', 'management api gnmi', 'reload now']
    expect(execVerbs(lines, 'merge', ['username', 'management']).map(({ verb }) => verb)).toEqual(['reload'])
    expect(execVerbs(lines, 'merge', ['management api']).map(({ verb }) => verb)).toEqual(['username', 'reload'])
  })

  test.each([
    [['alias zap reload now', 'zap'], 1],
    [['alias Zap reload now', 'zAP x'], 1],
    [['alias "zap" reload now', 'no zap'], 1],
    [['alias zap', '   10 reload now', 'zap'], 2],
    [['alias zap reload now', 'interface Ethernet1', '   ZAP'], 2],
    [['zap', 'alias zap reload now'], 0],
  ])('[3N12] a name that a change gives to a command is one, and no line that nothing knows: %j', (lines, row) => {
    for (const mode of ['merge', 'replace'] as const) {
      const refused = execVerbs(lines, mode, ['alias', 'unknown-lines']).filter(({ act }) => act === 'refused')
      expect(refused.map(({ index, because }) => [index, because])).toEqual([[row, 'exec']])
    }
  })

  test('comments alone pass where `!` is allowed', () => {
    const lines = ['! a note', 'vlan 10', '   !! of the vlan', 'reload now']
    expect(execVerbs(lines, 'merge').map(({ index, because }) => [index, because])).toEqual([
      [0, 'comment'],
      [3, 'exec'],
    ])
    expect(execVerbs(lines, 'merge', ['!']).map(({ index }) => index)).toEqual([3])
  })

  test('what follows the `end` of a text is refused, whatever it is, and a second `end` is not', () => {
    const lines = linesOf(`
      vlan 10
      end
      vlan 20
      end
      hostname leaf1
    `)
    for (const mode of ['merge', 'replace'] as const) {
      const behind = execVerbs(lines, mode).filter(({ because }) => because === 'behind-end')
      expect(behind.map(({ index, act }) => [index, act])).toEqual([
        [2, 'refused'],
        [4, 'refused'],
      ])
    }
  })

  test.each([
    ['`users` lets users change', ['username eve nopassword'], ['users'], []],
    ['and the root user', ['aaa root nopassword'], ['users'], []],
    ['no other line of aaa', ['aaa authorization exec default none'], ['users'], ['aaa']],
    ['none of a submode', ['management ssh', '   username eve nopassword'], ['users'], ['username']],
    ['none that is shortened', ['usern eve nopassword'], ['users'], ['username']],
    [
      'nothing lets commands come from elsewhere',
      ['management xmpp'],
      ['management', 'management xmpp'],
      ['management xmpp'],
    ],
    ['nor a pipe', ['hostname x | tee flash:y'], ['redirect', 'pipe'], ['redirect']],
  ])('%s', (_what, lines, allow, verbs) => {
    const refused = execVerbs(lines, 'merge', allow).filter(({ act }) => act === 'refused')
    expect(refused.map(({ verb }) => verb)).toEqual(verbs)
  })

  test('a line break inside a line hides nothing', () => {
    expect(execVerbs(['vlan 10\nreload now'], 'merge')).toMatchObject([{ verb: 'reload', act: 'refused' }])
  })
})

describe('verbs in a replace', () => {
  test('what acts at once is refused; users, AAA, management and programs are named', () => {
    const lines = linesOf(`
      hostname leaf1
      !
      username admin nopassword
      aaa authorization exec default local
      no aaa root
      daemon TerminAttr
         exec /usr/bin/TerminAttr -taillogs | cat > /tmp/x
      event-handler SAVE
         action bash date > /tmp/x
      alias top show processes top once | no-more
      management ssh
      reload now
      show version | redirect flash:x
      end
    `)
    expect(execVerbs(lines, 'replace').map(({ index, verb, act }) => [index, verb, act])).toEqual([
      [2, 'username', 'named'],
      [3, 'aaa', 'named'],
      [4, 'aaa', 'named'],
      [5, 'daemon', 'named'],
      [7, 'event-handler', 'named'],
      [9, 'alias', 'named'],
      [10, 'management', 'named'],
      [11, 'reload', 'refused'],
      [12, 'redirect', 'refused'],
    ])
  })

  test('a candidate closes its blocks with exit and end, written out: what is short for them, or leaves otherwise, is refused', () => {
    const lines = ['vlan 10', '   exit', 'ex', 'EN', 'quit', 'disable', 'end']
    expect(execVerbs(lines, 'replace').map(({ index, verb, act }) => [index, verb, act])).toEqual([
      [2, 'exit', 'refused'],
      [3, 'end', 'refused'],
      [4, 'quit', 'refused'],
      [5, 'disable', 'refused'],
    ])
  })

  test('[G99] what is named stays named, and no word allows what acts at once', () => {
    const lines = ['username admin nopassword', 'bash id']
    expect(execVerbs(lines, 'replace', ['bash', 'username'])).toMatchObject([
      { verb: 'username', act: 'named' },
      { verb: 'bash', act: 'refused' },
    ])
  })

  test.skipIf(!shared)(
    'no recorded whole configuration is refused (skipped without the shared material)',
    { tags: ['long', 'turn'] },
    () => {
      const texts = [...wholeConfigs().map(({ text }) => text), ...replacePairs().map(({ candidate }) => candidate)]
      const findings = texts.flatMap((text) => execVerbs(text.split('\n'), 'replace'))
      expect(texts).toHaveLength(476)
      expect(findings.filter(({ act }) => act === 'refused')).toEqual([])
      expect(new Set(findings.filter(({ act }) => act === 'named').map(({ verb }) => verb))).toEqual(
        new Set(['aaa', 'username', 'management', 'daemon', 'event-handler', 'alias', 'agent']),
      )
    },
  )
})

describe('characters of a line', () => {
  test.each([
    ['a\nreload', 'control-character', 'U+000A'],
    ['a\rb', 'control-character', 'U+000D'],
    ['a\tb', 'control-character', 'U+0009'],
    ['a\u001b[2Jb', 'control-character', 'U+001B'],
    ['a\u0085b', 'control-character', 'U+0085'],
    ['a\u2028b', 'control-character', 'U+2028'],
    ['\ufeffa', 'control-character', 'U+FEFF'],
    ['description \u202Eevil', 'bidi-character', 'U+202E'],
    ['description \u2066evil\u2069', 'bidi-character', 'U+2066'],
    ['description \u200Fevil', 'bidi-character', 'U+200F'],
    ['description \u061Cevil', 'bidi-character', 'U+061C'],
    ['description \u200Eevil', 'bidi-character', 'U+200E'],
    ['description \u202Aevil', 'bidi-character', 'U+202A'],
    ['description \u2069evil', 'bidi-character', 'U+2069'],
    ['a\u2029b', 'control-character', 'U+2029'],
    ['a\u0000b', 'control-character', 'U+0000'],
    ['a\u007fb', 'control-character', 'U+007F'],
    ['re\u200Bload', 'invisible-character', 'U+200B'],
    ['re\u200Dload', 'invisible-character', 'U+200D'],
    ['re\u00ADload', 'invisible-character', 'U+00AD'],
    ['re\u2060load', 'invisible-character', 'U+2060'],
    ['re\u3164load', 'invisible-character', 'U+3164'],
    ['re\u{E0061}load', 'invisible-character', 'U+E0061'],
    ['re\ud800load', 'invisible-character', 'U+D800'],
    ['\u200B\u202E\u0007', 'control-character', 'U+0007'],
    ['\u200B\u202E', 'bidi-character', 'U+202E'],
    [`\u0007${'x'.repeat(4096)}`, 'too-long', '4097 characters'],
    [`description ${'x'.repeat(4085)}`, 'too-long', '4097 characters'],
  ])('refused: %j', (line, kind, found) => {
    expect(unsafeLines(['vlan 10', line])).toEqual([{ index: 1, kind, found }])
  })

  test('ordinary text, other alphabets included, and a line of exactly 4096 characters pass', () => {
    expect(unsafeLines(['   description Zürich → 東京', 'no shutdown', 'x'.repeat(4096), ''])).toEqual([])
  })
})

describe('a blank that is not the one of the keyboard', () => {
  const mode = 'merge'

  test.each([
    ['ntp\u3000server 192.0.2.1', 3],
    ['ntp server\u3000192.0.2.1', 10],
    ['ntp server 192.0.2.1\u00a0', 20],
    ['\u00a0\u00a0no shutdown', 0],
    ['no\u2003shutdown', 2],
    ['no ntp server\u2007192.0.2.1', 13],
    ['description\u00a0uplink', 11],
    ['description\u00a0 uplink', 11],
    ['neighbor\u202f10.0.0.1 description peer', 8],
    ['ip route 10.0.0.0/8\u205f10.0.0.1 name far', 19],
    ['"uplink\u00a0one"', 7],
  ])('is told in %j', (line, index) => {
    expect(otherBlanks(['interface Ethernet1', line], mode)).toMatchObject([{ row: 1, index }])
  })

  test.each([
    ['free text', ['interface Ethernet1', '   description 東京\u3000支社']],
    ['what is in quotes', ['vlan 10', '   name "a\u00a0b"']],
    ['a text behind its number', ['ip access-list A', '   10 remark an\u00a0office']],
    ['the description of a peer', ['router bgp 65101', '   neighbor 10.0.0.1 description 東京\u3000支社']],
    ['the body of a banner', ['banner motd', '\u3000東京\u3000支社 only', 'EOF']],
    ['a comment', ['interface Ethernet1', '   !! 東京\u3000支社']],
    ['a comment of the file', ['! 東京\u3000支社', 'interface Ethernet1']],
  ])('passes in %s', (_, lines) => {
    expect(otherBlanks(lines, mode)).toEqual([])
  })

  test('is told in the line that ends a body, which a switch would not take for its end, and behind the body', () => {
    const lines = ['banner motd', 'text', '\u00a0EOF', 'ntp\u3000server 192.0.2.1', 'banner login', 'EOF\u3000']
    expect(otherBlanks(lines, mode)).toMatchObject([
      { row: 2, index: 0 },
      { row: 3, index: 3 },
      { row: 5, index: 3 },
    ])
  })
})

const whole = linesOf(`
  username admin privilege 15 role network-admin nopassword
  !
  vrf instance MGMT
  !
  interface Management1
     vrf MGMT
     ip address 10.0.0.11/24
  !
  ip route vrf MGMT 0.0.0.0/0 10.0.0.1
  !
  management api http-commands
     no shutdown
     !
     vrf MGMT
        no shutdown
  !
  end
`).join('\n')

/** The parts that a candidate lacks which is the whole text with one part of it rewritten. */
function missing(from: string | RegExp, to: string, host?: string) {
  const candidate = whole.replace(from, to)
  expect(candidate).not.toBe(whole)
  return managementGuard(parseConfig(whole), parseConfig(candidate), host).map(({ part }) => part)
}

describe('the management guard', () => {
  test('a candidate that carries all of it passes', () => {
    expect(managementGuard(parseConfig(whole), parseConfig(whole), '10.0.0.11')).toEqual([])
  })

  test('each part is missed by itself', () => {
    expect(missing(/username.*/, '!')).toEqual(['users'])
    expect(missing(/username.*/, 'no username admin')).toEqual(['users'])
    expect(missing('   ip address 10.0.0.11/24\n', '')).toEqual(['interface'])
    expect(missing('   ip address 10.0.0.11/24\n', '   ip address 10.0.0.11/24\n   shutdown\n')).toEqual(['interface'])
    expect(missing('vrf instance MGMT\n', '')).toEqual(['vrf'])
    expect(missing(/ip route vrf MGMT.*/, 'ip route 0.0.0.0/0 10.0.0.1')).toEqual(['route'])
    expect(missing(/management api[\s\S]*end/, 'end')).toEqual(['eapi'])
    expect(missing('      no shutdown\n', '').concat(missing('   no shutdown\n   !', '   !'))).toEqual([])
    expect(missing(/management api[\s\S]*end/, 'management api http-commands\n   protocol http\nend')).toEqual(['eapi'])
  })

  test('a clean switch lacks everything, and each message says what', () => {
    const found = managementGuard(parseConfig(whole), parseConfig('hostname leaf1\nend\n'), '10.0.0.11')
    expect(found.map(({ part }) => part)).toEqual(['interface', 'address', 'eapi', 'users'])
    expect(found.map(({ message }) => message)).toEqual([
      'no Management interface that is up and has an address',
      'the address we reach the switch at, 10.0.0.11, is on no interface',
      'no `management api http-commands` that is enabled (`no shutdown`)',
      'no user (`username …`)',
    ])
  })

  test('eAPI that moves to another VRF only', () => {
    const inMgmt = whole.replace('   no shutdown\n   !\n', '')
    const inDefault = whole.replace('   !\n   vrf MGMT\n      no shutdown\n', '')
    expect(managementGuard(parseConfig(inMgmt), parseConfig(inDefault)).map(({ message }) => message)).toEqual([
      'eAPI is enabled in VRF MGMT now and would be in default only',
    ])
  })

  test('the address we reach the switch at may be on any interface, and a host that is not its own is not asked for', () => {
    expect(missing('10.0.0.11/24', '10.0.0.12/24', '10.0.0.11')).toEqual(['address'])
    expect(missing('10.0.0.11/24', '10.0.0.12/24', '127.0.0.1')).toEqual([])
    expect(missing('10.0.0.11/24', '10.0.0.12/24')).toEqual([])
  })

  test('eAPI that the switch has nowhere now may be anywhere', () => {
    const without = whole.replace(/management api[\s\S]*end/, 'end')
    expect(managementGuard(parseConfig(without), parseConfig(whole))).toEqual([])
    expect(managementGuard(parseConfig(without), parseConfig(without)).map(({ part }) => part)).toEqual(['eapi'])
  })

  test.each([
    ['of another service', 'management api gnmi\n   no shutdown\nend'],
    ['in a VRF that is shut down', 'management api http-commands\n   vrf MGMT\n      shutdown\nend'],
    ['in no VRF', 'management api http-commands\n   protocol https\n      no shutdown\nend'],
  ])('that is enabled %s is no eAPI', (_what, block) => {
    expect(missing(/management api[\s\S]*end/, block)).toEqual(['eapi'])
  })

  test('an interface that the switch does not have now needs its VRF, and no route', () => {
    const second = 'interface Management2\n   vrf OTHER\n   ip address 10.9.0.11/24\n!\n'
    expect(missing('management api', `${second}management api`)).toEqual(['vrf'])
    expect(missing('management api', `vrf instance OTHER\n!\n${second}management api`)).toEqual([])
  })

  test('an interface that moves to another VRF needs a route there', () => {
    const moved = whole.replaceAll('vrf MGMT\n   ip', 'vrf OTHER\n   ip').replace('instance MGMT', 'instance OTHER')
    const found = managementGuard(parseConfig(whole), parseConfig(moved)).map(({ message }) => message)
    expect(found).toEqual(['no static route in VRF OTHER of Management1, where the switch has one now'])
  })

  test('an interface of another kind is no Management interface, and one without an address is none', () => {
    expect(missing('interface Management1', 'interface Ethernet1')).toEqual(['interface'])
    expect(missing('ip address 10.0.0.11/24', 'description ip address 10.0.0.11/24')).toEqual(['interface'])
    expect(missing('ip address 10.0.0.11/24', 'ip address virtual 10.0.0.11/24', '10.0.0.11')).toEqual([])
    expect(missing('ip address 10.0.0.11/24', 'ip address dhcp')).toEqual([])
    expect(missing('ip address 10.0.0.11/24', 'ip address dhcp', '10.0.0.11')).toEqual(['address'])
  })

  test('no route is asked for where the switch has none now', () => {
    const routeless = parseConfig(whole.replace(/ip route vrf MGMT.*/, '!'))
    expect(managementGuard(routeless, routeless)).toEqual([])
  })

  test('an older VRF form and IPv6', () => {
    const older = whole
      .replace('vrf instance', 'vrf definition')
      .replace('   vrf MGMT', '   vrf forwarding MGMT')
      .replace('ip address 10.0.0.11/24', 'ipv6 address 2001:db8::11/64')
      .replace('ip route vrf MGMT 0.0.0.0/0 10.0.0.1', 'ipv6 route vrf MGMT ::/0 2001:db8::1')
    expect(managementGuard(parseConfig(older), parseConfig(older), '2001:db8::11')).toEqual([])
  })

  test.skipIf(!shared)(
    'of the 79 replace pairs 41 pass and 38 are refused (skipped without the shared material)',
    () => {
      const missed = replacePairs().map(({ running, candidate }) =>
        managementGuard(parseConfig(running), parseConfig(candidate))
          .map(({ part }) => part)
          .join(' '),
      )
      const counts = Object.fromEntries(
        [...new Set(missed)].map((parts) => [parts, missed.filter((m) => m === parts).length]),
      )
      process.stdout.write(`management guard over ${missed.length} replace pairs: ${JSON.stringify(counts)}\n`)
      expect(missed).toHaveLength(79)
      expect(missed.filter((parts) => parts === '')).toHaveLength(41)
      expect(missed.filter((parts) => parts !== '')).toHaveLength(38)
    },
  )
})

/** A changed command, as the commands from the root down to it. */
const change = (lines: readonly string[]) => ({
  path: lines.slice(0, -1),
  line: lines.at(-1) ?? '',
})

describe('changes that touch the management path', () => {
  const tree = parseConfig(
    `${whole.replace('end', '')}\nip access-list GUARD\n   10 permit ip any any\nsystem control-plane\n   ip access-group GUARD in\nmanagement ssh\n   ip access-group SSH-IN in\n   vrf OOB\n      ipv6 access-group OOB-IN in\ninterface Ethernet7\n   ip access-group PORT in\nmanagement console\n   vrf TEXT\n`,
  )

  test.each(table`
    interface Management1 ;; ip address 10.0.0.12/24  Management interface
    no interface Management1                          Management interface
    management api http-commands ;; shutdown          management service
    no management ssh                                 management service
    username bob nopassword                           users and AAA
    no aaa root                                       users and AAA
    tacacs-server host 10.0.0.9                       users and AAA
    system control-plane ;; ip access-group OTHER in  control plane
    ip access-list GUARD ;; 20 deny ip any any        access list GUARD before management
    no ip route vrf MGMT 0.0.0.0/0 10.0.0.1           routes of management VRF MGMT
    no ip routing vrf MGMT                            routes of management VRF MGMT
    no vrf instance MGMT                              management VRF MGMT
    router bgp 65001 ;; vrf MGMT ;; rd 1:1            management VRF MGMT
    interface Vlan10 ;; vrf MGMT                      management VRF MGMT
    interface Vlan10 ;; vrf forwarding MGMT           management VRF MGMT
    vrf definition MGMT ;; rd 1:1                     management VRF MGMT
    router bgp 65001 ;; vrf OOB ;; rd 1:1             management VRF OOB
    default interface Management1                     Management interface
    interface ma 1 ;; shutdown                        Management interface
    role nobody ;; 10 deny command .*                 users and AAA
    no enable password                                users and AAA
    radius-server host 10.0.0.9                       users and AAA
    ip tacacs vrf MGMT source-interface Management1   users and AAA
    ip radius source-interface Management1            users and AAA
    control-plane ;; ip access-group OTHER in         control plane
    ip access-list standard SSH-IN ;; 20 deny any     access list SSH-IN before management
    no ipv6 access-list OOB-IN                        access list OOB-IN before management
    ipv6 route vrf OOB ::/0 2001:db8::1               routes of management VRF OOB
  `)('%s', (lines = '', part = '') => {
    const path = lines.split(' ;; ')
    expect(touchesManagement([change(['vlan 10']), change(path), change(path)], tree)).toEqual([part])
  })

  test.each([
    [['vlan 10', 'name BLUE']],
    [['interface Ethernet1', 'description Management']],
    [['ip access-list OTHER', '20 deny ip any any']],
    [['ip access-list PORT', '20 deny ip any any']],
    [['router bgp 65001', 'vrf TEXT', 'rd 1:1']],
    [['router bgp 65001', 'vrf default', 'rd 1:1']],
    [['vlan 10', 'name vrf-MGMT']],
    [['rolex']],
    [['interface Matrix1', 'shutdown']],
    [['ip route 0.0.0.0/0 10.1.0.1']],
    [['ip route vrf BLUE 0.0.0.0/0 10.1.0.1']],
    [['router bgp 65001', 'vrf BLUE', 'rd 1:1']],
    [['router bgp 65001', 'neighbor 10.1.0.1 shutdown']],
  ])('not touched by %j', (path) => {
    expect(touchesManagement([change(path)], tree)).toEqual([])
  })

  test('without a management VRF the routes of the default one count', () => {
    const flat = parseConfig('interface Management1\n   ip address 10.0.0.11/24\n')
    const part = 'routes of management VRF default'
    expect(touchesManagement([change(['no ip route 0.0.0.0/0 10.0.0.1'])], flat)).toEqual([part])
    expect(touchesManagement([change(['ip routing'])], flat)).toEqual([part])
    expect(touchesManagement([change(['router bgp 65001', 'neighbor 10.1.0.1 shutdown'])], flat)).toEqual([])
    expect(touchesManagement([change(['router bgp 65001', 'vrf default', 'rd 1:1'])], flat)).toEqual([])
  })
})
