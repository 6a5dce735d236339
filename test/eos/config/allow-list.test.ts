import { describe, expect, test } from 'vitest'
import { EXEC_COMMANDS } from '../../../src/eos/config/guard/exec-words.ts'
import { execVerbs, type VerbFinding } from '../../../src/eos/config/guard/guard.ts'
import { isRootForm, ROOT_WORDS, writtenOut } from '../../../src/eos/config/guard/root-forms.ts'
import { everyNthOfLong } from '../../extent.ts'
import { linesOf, table } from '../../table.ts'
import { recorded, shared } from './replace-pairs.ts'

/** Every word that a workflow may write under `allow:`, and those that older ones knew. */
const everything = [
  ...['management', 'boot', 'schedule', 'unknown-lines'],
  ...['aaa', 'username', 'alias', 'daemon', 'event-handler', 'reload', 'bash', 'do', 'redirect', 'exec'],
]

/** Modes of which each is known in another way: the root, tables, a table that is open, no table, an unknown header. */
const places: readonly (readonly [name: string, header: readonly string[]])[] = [
  ['the root', []],
  ['interface', ['interface Ethernet1']],
  ['router bgp', ['router bgp 65001']],
  ['management api', ['management api http-commands']],
  ['a block without a table', ['traffic-policies', '   traffic-policy P', '      match A ipv4']],
  ['an access list', ['ip access-list A']],
  ['an unknown block', ['no rule knows this']],
]

/** Those that end a text or a block where they are written out, and so are tried by themselves. */
const closing = new Set(['end', 'exit'])

function spellings(command: string) {
  const [first = '', ...rest] = command.replace(/^no /, '').split(' ')
  const behind = rest.length === 0 ? '' : ` ${rest.join(' ')}`
  const shorter = Array.from({ length: Math.max(0, first.length - 2) }, (_, at) => first.slice(0, at + 2))
  return [
    command,
    `do ${command}`,
    `DO ${command}`,
    `do do ${command}`,
    `no do ${command}`,
    `no ${command}`,
    `default ${command}`,
    command.toUpperCase(),
    `"${first}"${behind}`,
    `${first}\u00a0${rest.join(' ')}`,
    `\u2003${command}`,
    `${command} | tee flash:x`,
    `${command} | redirect flash:x`,
    `${command}>flash:x`,
    `${command} >> flash:x`,
    ...shorter.filter((word) => !ROOT_WORDS.has(word)).map((word) => word + behind),
  ]
}

/** Refused whatever the switch runs, or a problem wherever no switch is asked. */
const isRefused = ({ act, because }: VerbFinding) => act === 'refused' || because === 'exec'

describe('exec commands', () => {
  test.each(everyNthOfLong(3, 'modes of which exec commands are refused', places))(
    'each in every spelling is refused in %s, merge and replace, with everything allowed',
    { tags: ['long', 'turn'] },
    (_, header) => {
      const indent = '   '.repeat(header.length)
      const commands = EXEC_COMMANDS.map(({ command }) => command).filter((command) => !closing.has(command))
      const lines = commands.flatMap(spellings).map((line) => indent + line)
      for (const mode of ['merge', 'replace'] as const) {
        const findings = execVerbs([...header, ...lines], mode, everything).filter(isRefused)
        const refused = new Set(findings.map(({ index }) => index - header.length))
        expect(lines.filter((_line, at) => !refused.has(at))).toEqual([])
      }
      expect(commands).toHaveLength(194)
      expect(lines.length).toBe(3676)
    },
  )

  test.each(places)('no line can run what its neighbours hide, one by one, in %s', (_, header) => {
    const indent = '   '.repeat(header.length)
    const lines = EXEC_COMMANDS.map(({ command }) => command).filter((command) => !closing.has(command))
    const passed = lines.filter((line) => !execVerbs([...header, indent + line], 'merge', everything).some(isRefused))
    expect(lines).toHaveLength(194)
    expect(passed).toEqual([])
  })

  test.each(
    linesOf(`
    do reload now
    DO show clock
    no do reload
    do
    "do" reload
    do vlan 10
  `),
  )('`do` is refused as such: %s', (line) => {
    expect(execVerbs([line], 'merge', everything)).toMatchObject([{ act: 'refused', because: 'do', verb: 'do' }])
    const inBlock = execVerbs(['interface Ethernet1', `   ${line}`], 'replace', everything)
    expect(inBlock).toMatchObject([{ index: 1, act: 'refused', because: 'do' }])
  })

  test.each(
    linesOf(`
    platform sand fap diag shell
    platform trident shell
    platform sand system diag
    vlan 10 ; reload now
    vlan 10; reload
    hostname leaf1 ;reload
  `),
  )('behind words of the configuration is refused: %s', (line) => {
    expect(execVerbs([line], 'merge', everything)).toMatchObject([{ index: 0, act: 'refused' }])
    const inBlock = execVerbs(['router bgp 65001', `   ${line}`], 'replace', everything)
    expect(inBlock).toMatchObject([{ index: 1, act: 'refused' }])
  })

  test('in an interface profile is judged as it is typed into each interface', () => {
    const lines = linesOf(`
      reload now
      do reload
      exit
      username eve nopassword
      description a > b
      mtu 9000
    `)
    const profile = ['interface profile P', ...lines.map((line) => `   command ${line}`)]
    expect(
      execVerbs(
        profile,
        'merge',
        everything.filter((one) => one !== 'username'),
      ),
    ).toMatchObject([
      { index: 1, because: 'exec' },
      { index: 2, because: 'do' },
      { index: 3, because: 'leaves' },
      { index: 4, because: 'privileged' },
    ])
  })

  test('what ends a block or a text is refused where it would end something else', () => {
    const refused = (lines: readonly string[], mode: 'merge' | 'replace') =>
      execVerbs(lines, mode, everything)
        .filter(isRefused)
        .map(({ index, verb }) => [index, verb])
    expect(refused(['vlan 10', '   end'], 'merge')).toEqual([[1, 'end']])
    expect(refused(['vlan 10', '   end'], 'replace')).toEqual([[1, 'end']])
    expect(refused(['vlan 10', '   exit'], 'merge')).toEqual([[1, 'exit']])
    expect(refused(['vlan 10', 'end'], 'merge')).toEqual([])
    expect(refused(['vlan 10', 'end', 'end'], 'replace')).toEqual([])
    expect(refused(['vlan 10', 'end', 'vlan 11', 'reload now'], 'merge')).toEqual([
      [2, 'end'],
      [3, 'end'],
    ])
    expect(refused(['vlan 10', 'exit', 'exit', 'reload now'], 'replace')).toEqual([[3, 'reload']])
  })
})

describe('the root', () => {
  test.each(table`
    int Ethernet1                                 interface
    rou bgp 65001                                 router bgp
    ip rou vrf A                                  ip routing
    clock timez UTC                               clock timezone
    vl 10                                         vlan
    INTERFACE Ethernet1                           interface
    no int Ethernet1                              interface
    def interface Ethernet1                       default
    boo system flash:EOS.swi                      boot
    sched a interval 1 command show tech-support  schedule
    plat sand lag hardware-only                   platform sand lag
  `)('an abbreviation is refused with the full word: %s', (line, full) => {
    expect(execVerbs([line], 'merge', everything)).toMatchObject([{ index: 0, verb: full, because: 'short' }])
  })

  test.each(
    linesOf(`
    clock timezone US/Pacific
    no clock timezone
    dot1x system-auth-control
    event-monitor
    event-monitor mac
    redundancy
    platform trident mmu queue profile p1
    platform sand lag hardware-only
    enable secret sha512 $6$x$y
    no enable password
    default interface Ethernet1
    schedule tech-support interval 60 timeout 30 max-log-files 100 command show tech-support
    schedule config max-concurrent-jobs 2
    no schedule nightly
    maintenance
    system control-plane
    monitor session A source Ethernet1
  `),
  )('passes: %s', (line) => {
    expect(execVerbs([line], 'merge')).toEqual([])
    expect(execVerbs([line], 'replace')).toEqual([])
  })

  test.each([
    ['schedule x interval 5 command reload now', ['schedule']],
    ['schedule x interval 5 command bash timeout 1 id', ['schedule']],
    ['schedule x interval 5 command show tech-support all', ['schedule']],
  ])('needs its word under `allow`: %s', (line, allow) => {
    expect(execVerbs([line], 'merge', ['boot'])).toMatchObject([{ act: 'refused', because: 'schedule' }])
    expect(execVerbs([line], 'merge', allow)).toEqual([])
  })

  test.each(table`
    frobnicate 12              unknown
    no frobnicate              unknown
    boot system flash:EOS.swi  boot
    system reboot              unknown
    monitor capture start      unknown
    maintenance now            unknown
    no boot secret             boot
    platform tahoe mystery     exec
    agent Bgp shutdown         exec
  `)('only the switch can settle: %s', (line, because) => {
    expect(execVerbs([line], 'merge', everything)).toMatchObject([{ act: 'base', because }])
    expect(execVerbs(['vlan 10', line], 'replace', everything)).toMatchObject([{ act: 'base', because }])
  })

  test('a boot line is found wherever it is typed, and another than secret and system is refused', () => {
    expect(execVerbs(['interface Ethernet1', '   boot system flash:x'], 'merge')).toMatchObject([{ because: 'boot' }])
    expect(execVerbs(['boot test-memory 3'], 'merge', everything)).toMatchObject([{ act: 'refused', verb: 'boot' }])
  })

  test('a name that the change makes for a command is none of its lines', () => {
    const lines = linesOf(`
      alias zz reload now
      alias multi
         10 reload
      interface Ethernet1
         zz
         multi
      no zz
    `)
    const refused = execVerbs(lines, 'replace', everything).filter(isRefused)
    expect(refused.map(({ index, verb }) => [index, verb])).toEqual([
      [4, 'zz'],
      [5, 'multi'],
      [6, 'zz'],
    ])
  })

  test('[3T4] the length and the width of a terminal are configuration, its monitor is not', () => {
    const lines = ['terminal length 0', 'terminal width 32767', 'terminal monitor']
    expect(execVerbs(lines, 'replace').map(({ line, act }) => [line, act])).toEqual([['terminal monitor', 'base']])
  })

  test('each form knows itself, and none of its words is an exec command written out by mistake', () => {
    const forms = linesOf(`
      ip route
      router bgp
      spanning-tree mode
      management api
      vrf instance
      agent X environment
    `)
    expect(forms.filter((form) => !isRootForm(form.split(' ')))).toEqual([])
    expect(forms.map((form) => writtenOut(form.split(' ').map((word) => word.slice(0, 4)))).includes(undefined)).toBe(
      false,
    )
  })

  test.skipIf(!shared)(
    'every root line of recorded and generated configurations passes (skipped without the shared material)',
    { tags: ['long', 'turn'] },
    () => {
      const kinds = new Set(['real-device', 'field-like', 'avd-generated', 'avd-base'])
      const files = recorded('eos-corpus/manifest.jsonl')
        .trim()
        .split('\n')
        .map((row) => JSON.parse(row) as { file: string; kind: string })
        .filter(({ kind }) => kinds.has(kind))
      const texts = files.map(({ file }) => recorded(`eos-corpus/${file}`).split('\n'))
      const findings = texts.flatMap((lines) => execVerbs(lines, 'replace')).filter(({ act }) => act !== 'named')
      const counts: Record<string, number> = {}
      for (const { act, because } of findings) counts[`${act} ${because}`] = (counts[`${act} ${because}`] ?? 0) + 1
      const roots = texts.flat().filter((line) => /^[^\s!]/.test(line))
      process.stdout.write(
        `${files.length} configurations, ${roots.length} lines at the first column: ${JSON.stringify(counts)}\n`,
      )
      expect(files).toHaveLength(397)
      expect(counts).toEqual({ 'base boot': 25 })
    },
  )
})
