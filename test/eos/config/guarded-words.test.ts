import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { schemaTexts } from '../../../src/doors/cli/option/schema-text.ts'
import { EXEC_COMMANDS } from '../../../src/eos/config/guard/exec-words.ts'
import { execVerbs } from '../../../src/eos/config/guard/guard.ts'
import { ASKING_WORDS, GUARDED_WORDS, guardedWord } from '../../../src/eos/config/guard/guarded-words.ts'
import { typedLines } from '../../../src/eos/config/rules/typed-lines.ts'
import { redactTyped } from '../../../src/eos/config/secrets/secrets.ts'
import { scanOutline } from '../../../src/eos/config/text/tree.ts'
import { eosflow, newProject } from '../../doors/cli/eosflow.ts'
import { everyNth, everyNthOfLong, extent, extentOfLong } from '../../extent.ts'
import { exits } from '../../lab/exits.ts'
import { linesOf, table } from '../../table.ts'
import { recorded, shared } from './replace-pairs.ts'
import { ownConfigs } from './texts.ts'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

/** What stands behind a word that asks or loosens. */
const behind: Readonly<Record<string, readonly string[]>> = {
  boot: ['system flash:EOS.swi', 'secret sha512 $6$x$y'],
  schedule: ['x interval 5 timeout 1 max-log-files 1 command bash reload', 'x interval 5 command show tech-support'],
  do: ['reload now'],
  'event-handler': ['x'],
  daemon: ['x'],
  alias: ['x reload'],
  'management api': ['http-commands'],
  'management xmpp': ['server 192.0.2.1'],
  'snmp-server extension': ['.1.3.6.1.4.1.8072 flash:x.sh'],
  aaa: ['authorization exec default none'],
  username: ['eve privilege 15 nopassword'],
  agent: ['Bgp terminate', 'Bgp environment LD_PRELOAD=/mnt/flash/x.so'],
}

function argumentsOf(word: string) {
  const known = behind[word]
  if (known !== undefined) return known
  const commands = EXEC_COMMANDS.map(({ command }) => command.replace(/^no /, ''))
  const of = commands.filter((command) => command.toLowerCase().split(' ')[0] === word)
  return [...new Set([of[0], of.at(-1)].map((command) => (command ?? '').split(' ').slice(1).join(' ')))]
}

/** Each beginning of a word, with what stands behind it, plain, negated twice, with `do`. */
function spellings(word: string) {
  const [first = '', ...rest] = word.split(' ')
  const beginnings = Array.from({ length: first.length }, (_, at) => first.slice(0, at + 1))
  return beginnings.flatMap((beginning) =>
    argumentsOf(word).flatMap((args) =>
      ['', 'no ', 'default ', 'do '].map((verb) => verb + [beginning, ...rest, args].join(' ').trimEnd()),
    ),
  )
}

/** `end` and `exit` alone end a text or close a block where they are written out. */
const lines = [...new Set(GUARDED_WORDS.flatMap(({ word }) => spellings(word)))].filter(
  (line) => line !== 'end' && line !== 'exit',
)

/** The submodes of configurations, one of each chain of headers that differs by more than names with digits. */
function chainsOf(texts: readonly string[]) {
  const chains = new Map<string, readonly string[]>()
  for (const text of texts) {
    for (const { above } of typedLines(scanOutline(text), 'replace')) {
      const key = above.map((header) => header.replace(/\S*\d\S*/g, 'N')).join(' > ')
      if (above.length > 0 && !chains.has(key)) chains.set(key, above)
    }
  }
  return [...chains.values()]
}

/** What passes of all lines in a submode. */
function passedIn(chain: readonly string[], mode: 'merge' | 'replace', allow: readonly string[]) {
  const text = [...chain, ...lines].map((line, at) => '   '.repeat(Math.min(at, chain.length)) + line)
  const found = new Set(execVerbs(text, mode, allow).map(({ index }) => index - chain.length))
  return lines.filter((_, at) => !found.has(at))
}

/** Every word that a workflow may write under `allow`. */
const everything = ['management', 'users', 'boot', 'schedule', 'unknown-lines']
/** `class` of a policy map and `actions` of a traffic policy have a command `log`, which is short for `logout` too. */
const ownForms = ['log', 'no log', 'default log']
const hasLog = (chain: readonly string[]) => /^(?:\d+ )?class |^actions$/.test(chain.at(-1) ?? '')

/** Types every line in every submode, and gives what passed though the submode has no such command, with its submode. */
function typedEverywhere(chains: readonly (readonly string[])[]) {
  return chains.flatMap((chain) => {
    const own = new Set(hasLog(chain) ? ownForms : [])
    const named = new Set(['', 'no ', 'default '].map((verb) => `${verb}management api http-commands`))
    const wrong = [
      ...passedIn(chain, 'merge', []).filter((line) => !own.has(line)),
      ...passedIn(chain, 'merge', everything).filter((line) => !own.has(line) && !named.has(line)),
      ...passedIn(chain, 'replace', everything).filter((line) => !own.has(line)),
    ]
    return wrong.map((line) => `${chain.join(' > ')} > ${line}`)
  })
}

describe('[G99] words that act, ask or loosen', () => {
  const fixture = read('test/fixtures/submodes.txt')
    .trim()
    .split('\n')
    .map((row) => row.split(' > '))

  test('[P15] every beginning of each is refused in every submode of our own, with no, default and do', {
    tags: 'cut',
  }, () => {
    const all = [...chainsOf(ownConfigs.map(({ text }) => text)), ...fixture]
    expect(all).toHaveLength(301)
    expect(lines).toHaveLength(3162)
    const looked = everyNth({ test: 301, long: 40 }, 'submodes of our own', all)
    expect(typedEverywhere(looked)).toEqual([])
    process.stdout.write(`${looked.length * lines.length * 3} lines typed in ${looked.length} submodes\n`)
    expect(looked.length).toBeGreaterThanOrEqual(extent(1, extentOfLong(7, 301)))
  })

  test.skipIf(!shared)(
    'and in every submode of the recorded configurations (skipped without the shared material)',
    { tags: 'night' },
    () => {
      const files = recorded('eos-corpus/manifest.jsonl')
        .trim()
        .split('\n')
        .map((row) => JSON.parse(row) as { file: string })
      const all = chainsOf(files.map(({ file }) => recorded(`eos-corpus/${file}`)))
      expect(all).toHaveLength(503)
      const looked = everyNthOfLong(120, 'submodes of recorded configurations', all)
      expect(typedEverywhere(looked)).toEqual([])
      process.stdout.write(`${looked.length * lines.length * 3} lines typed in ${looked.length} submodes\n`)
      expect(looked).toHaveLength(extentOfLong(5, 503))
    },
  )

  test.each(table`
    boo      boot
    SCHEDUL  schedule
    sc       schedule
    DO       do
    relo     reload
    exi      exit
  `)('%s begins %s', (typed, word) => {
    expect(guardedWord(typed)?.word).toBe(word)
  })

  test('a schedule is harmless by its whole line: what hides another command in front is none', () => {
    const hiding = [
      'schedule x interval 5 command bash reboot command show tech-support',
      'schedule x interval 5 comm bash reboot command show tech-support',
      'schedule config interval 5 command reload now',
      'schedule x interval 5 command show tech-support all',
    ]
    for (const line of hiding) expect(execVerbs([line], 'merge')).toMatchObject([{ act: 'refused', verb: 'schedule' }])
    const harmless = [
      'schedule tech-support interval 60 timeout 30 max-log-files 100 command show tech-support',
      'schedule t at 12:00:00 once timeout 30 max-log-files 5 logging verbose loglocation flash:x command show tech-support',
      'schedule config prepend-hostname-logfile',
    ]
    for (const line of harmless) expect(execVerbs([line], 'merge')).toEqual([])
  })

  test.each([
    ['username eve privilege 15 role network-admin secret sha512 $6$abc$def', true],
    ['no username eve', true],
    ['username eve ssh-key ssh-ed25519 AAAA eve@host', true],
    ['aaa root secret sha512 $6$abc$def', true],
    ['no aaa root', true],
    ['aaa authentication login default local', false],
    ['aaa authorization exec default local', false],
    ['no aaa authentication login default', false],
    ['user eve secret sha512 $6$abc$def', false],
    ['usernam eve nopassword', false],
    ['aaa roo secret sha512 $6$abc$def', false],
  ])('with `users` a merge may hold %s: %s', (line, passes) => {
    expect(execVerbs([line], 'merge', ['users']).map(({ act }) => act)).toEqual(passes ? [] : ['refused'])
    for (const allow of [[], ['management', 'boot', 'schedule', 'unknown-lines']])
      expect(execVerbs([line], 'merge', allow)).toMatchObject([{ act: 'refused' }])
    expect(execVerbs(['interface Ethernet1', `   ${line}`], 'merge', ['users'])).toMatchObject([{ act: 'refused' }])
  })

  test('what a submode has of itself passes, and the exec command that begins alike does not', () => {
    expect(execVerbs(['mac security', '   license license1 12345678'], 'merge')).toEqual([])
    expect(execVerbs(['mac security', '   license import flash:a.json'], 'merge')).toMatchObject([{ verb: 'license' }])
    const influx = ['monitor telemetry influx', '   destination influxdb a', '      username u password 7 0822455D0A16']
    expect(execVerbs(influx, 'merge')).toEqual([])
    expect(execVerbs(influx, 'replace')).toEqual([])
  })

  test('[P15] each word is found behind two negations, a shortened one, and quotes', () => {
    const hidden = GUARDED_WORDS.flatMap(({ word }) => {
      const [first = '', ...rest] = word.split(' ')
      const quoted = [`"${first}"`, ...rest.map((one) => `"${one}"`)].join(' ')
      return linesOf(`
        no no ${word} x
        no default ${word} x
        n ${word} x
        no ${quoted} x
        ${quoted} x
      `)
    })
    for (const header of [[], ['interface Ethernet1'], ['router bgp 65001']]) {
      const passed = hidden.filter((line) => {
        const text = [...header, `${header.length === 0 ? '' : '   '}${line}`]
        return !execVerbs(text, 'merge').some(({ index }) => index === header.length)
      })
      expect(passed).toEqual([])
    }
    expect(hidden).toHaveLength(GUARDED_WORDS.length * 5)
    expect(hidden.length).toBeGreaterThan(450)
  })

  test.each([
    ['interface Ethernet1', '   !! the uplink', '   !! EOF', '   !! reload now'],
    ['interface Ethernet1', '   !!EOF', '   !!write memory'],
    ['router bgp 65001', '   vrf A', '      !!   EOF  ', '      !! configure replace startup-config'],
  ])('[P15] a line of a mode comment that would end it is refused, with what follows as commands: %s', (...text) => {
    for (const mode of ['merge', 'replace'] as const) {
      expect(execVerbs(text, mode)).toMatchObject([{ line: expect.stringMatching(/^!! *EOF$/), because: 'ends-text' }])
    }
    expect(execVerbs(['interface Ethernet1', '   !! until EOF is typed', '   !! EOFS'], 'merge')).toEqual([])
  })

  test('[P15] a command of an interface profile is judged where its first word is shortened or negated', () => {
    for (const line of ['command reload now', 'comman reload now', 'COMMA reload now', 'no command reload now'])
      expect(execVerbs(['interface profile A', `   ${line}`], 'merge')).toMatchObject([{ verb: 'reload' }])
    expect(execVerbs(['interface profile A', '   command mtu 9000'], 'merge')).toEqual([])
  })

  test('[P15] what an agent of the switch runs with is for the switch itself to know, and in a submode it is refused', () => {
    const line = 'agent Bgp environment LD_PRELOAD=/mnt/flash/x.so'
    for (const typed of [line, `no ${line}`, `"agent" Bgp environment X=1`]) {
      expect(execVerbs([typed], 'merge', everything)).toMatchObject([
        { act: 'base', because: 'privileged', verb: 'agent' },
      ])
      for (const mode of ['merge', 'replace'] as const)
        expect(execVerbs(['interface Ethernet1', `   ${typed}`], mode, everything)).toMatchObject([{ act: 'refused' }])
    }
    for (const short of ['ag Bgp environment X=1', 'agent Bgp env X=1', 'agent Bgp e X=1'])
      expect(execVerbs([short], 'merge', everything)).toMatchObject([{ act: 'refused' }])
    expect(execVerbs(['vlan 10', line], 'replace')).toMatchObject([{ act: 'named', verb: 'agent' }])
  })

  test('[P15] show tech-support collects nothing but what shows', () => {
    const inPolicy = (line: string) =>
      execVerbs(['management tech-support', '   policy show tech-support', `      ${line}`], 'merge', everything)
    for (const line of ['include command bash id', 'incl comm bash id', 'no include command reload now'])
      expect(inPolicy(line)).toMatchObject([{ act: 'refused', because: 'exec' }])
    for (const line of ['include command show version', 'exclude command show platform trident'])
      expect(inPolicy(line)).toEqual([])
  })

  test('[P15] a shell behind a word of the configuration is found shortened and in quotes', () => {
    const shells = [
      'platform trident shell',
      'platform trident l2 "she"',
      'platform sand fap dia show',
      'no platform sand di',
    ]
    for (const line of shells) expect(execVerbs([line], 'merge')).toMatchObject([{ act: 'refused', verb: 'platform' }])
  })

  test('[P15] a name that the change makes for a command is found in quotes too', () => {
    const text = ['alias "foo" reload now', 'interface Ethernet1', '   foo']
    expect(execVerbs(text, 'replace')).toMatchObject([{ verb: 'alias' }, { index: 2, act: 'refused', verb: 'foo' }])
  })

  test('text without indentation is judged in the mode that it is typed in', () => {
    const flat = ['interface Ethernet1', 'boo system flash:x']
    expect(execVerbs(flat, 'merge', everything)).toMatchObject([{ index: 1, act: 'refused', verb: 'boot' }])
    expect(execVerbs(['interface Ethernet1', 'mtu 9000', 'no schedule nightly'], 'merge')).toEqual([])
  })

  test('the page has each word that asks, and what lets it pass', () => {
    const rows = read('docs/reference/exec-commands.md')
      .split('\n')
      .flatMap((row) => {
        const [, word, passes] = /^\| \*\*`(.+)`\*\* \| (.+) \|$/.exec(row) ?? []
        return word === undefined ? [] : [{ word, passes }]
      })
    expect(rows).toEqual(ASKING_WORDS.map(({ word, passes }) => ({ word, passes: passes ?? 'nothing' })))
    expect(rows).toHaveLength(12)
  })

  test('the words of `allow` are those that the table names, and the one for what nothing knows', () => {
    const named = ASKING_WORDS.flatMap(({ passes = '' }) => /`allow: \[(.+?)\]`/.exec(passes)?.[1] ?? [])
    expect([...new Set([...named, 'unknown-lines'])].toSorted()).toEqual(everything.toSorted())
    const rule = /^\| `allow` \| .*$/m.exec(read('docs/workflow.md'))?.[0] ?? ''
    expect([...rule.matchAll(/`([a-z-]+)`/g)].map(([, word]) => word)).toEqual(['allow', ...everything])
    const { properties } = JSON.parse(schemaTexts([])('workflow'))
    expect(properties.allow.items.enum).toEqual([...everything, 'foreign-removals'])
  })

  test('[P15] the built command reports each of a sample as one problem', async () => {
    const folder = await newProject()
    const sample = everyNth({ test: 60, long: 60 }, 'lines for validate', lines).filter(
      // What `allow` lets pass here is no problem.
      (line) => line.trim() !== '' && !/^(?:no |default )?management api http-commands$/.test(line),
    )
    const headers = linesOf(`
      interface Ethernet1
      router bgp 65001
      vlan 10
      traffic-policies
      ip access-list A
    `)
    const blocks = sample.flatMap((line, at) => [headers[at % headers.length] ?? '', `   ${line}`])
    mkdirSync(join(folder, 'workflows'), { recursive: true })
    const text = `name: w\ntargets: leaf1\nallow: [management, boot, schedule, unknown-lines]\nchange:\n  lines:\n${blocks
      .map((line) => `    - ${JSON.stringify(line)}\n`)
      .join(
        '',
      )}steps: [snapshot, plan, approve, { push: { confirmWithin: 2m } }, { verify: { within: 10s, stableFor: 0s, every: 1s, checks: [reachable] } }, confirm]\n`
    writeFileSync(join(folder, 'workflows/guarded.yaml'), text)
    const { stderr, stdout } = await exits(3, eosflow('validate workflows/guarded.yaml', { cwd: folder }))
    const said = stdout + stderr
    expect(said).toContain(`${sample.length} problems`)
    expect(sample.filter((line) => !said.includes(`"${redactTyped(line)}"`))).toEqual([])
    expect(sample.length).toBeGreaterThanOrEqual(50)
  })
})
