import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { asTyped, calledAs, type Io, saysYes, type Terminal } from '../../../src/doors/cli/terminal/io.ts'
import { scrubbedIo } from '../../../src/doors/cli/terminal/scrubbed-io.ts'
import { commands } from '../../../src/doors/cli/usage/commands.ts'
import type { FirstSight } from '../../../src/eos/transport/connection/first-sight.ts'
import { askAtFirstSight } from '../../../src/project/switches/connect/open-fleet.ts'
import type { ExitMessage } from '../../../src/project/system/process/console.ts'
import { type EndSignal, newInterrupts } from '../../../src/project/system/process/interrupts.ts'
import { COMMAND_WORDS } from '../../../src/report/command-groups.ts'
import { shellWord } from '../../../src/report/shell-word.ts'
import { everyNth } from '../../extent.ts'
import { temporaryFolder } from '../../lab/folder.ts'

const PATH = '/usr/local/bin:/usr/bin'

/** The name of a program that was typed in /home/ann/net, as its caller reads it there. */
const named = (program: string | undefined) => calledAs({ program, cwd: '/home/ann/net', path: PATH })()

describe('a command names itself as its caller typed it', () => {
  test.each([
    ['a package that is installed', '/usr/local/bin/eosflow', 'eosflow'],
    ['a launcher of a checkout that a link on PATH leads to', '/usr/bin/eosflow', 'eosflow'],
    ['npx', '/home/ann/eosflow/node_modules/.bin/eosflow', 'npx eosflow'],
    ['the launcher of the folder', './eosflow', './eosflow'],
    ['the launcher of the folder above', '../eosflow', '../eosflow'],
    ['the launcher by a path with a blank', '../my tools/eosflow', "'../my tools/eosflow'"],
    ['the launcher by its whole path', '/opt/eosflow/eosflow', '/opt/eosflow/eosflow'],
    ['a build that node runs', '/home/ann/eosflow/dist/doors/cli/main.js', 'eosflow'],
    ['a program without a name', undefined, 'eosflow'],
  ])('[3N1] %s', (_which, program, name) => {
    expect(named(program)).toBe(name)
  })
})

/** A text as the caller of `./eosflow` in /home/ann/eosflow reads it. */
const typed = (text: string) => {
  const cwd = '/home/ann/eosflow'
  return asTyped(text, { cwd, called: calledAs({ program: './eosflow', cwd, path: PATH }) })
}

describe('the commands in a text of ours are as the caller types them', () => {
  test.each([
    ['each of a line', 'eosflow approve a && eosflow run a', './eosflow approve a && ./eosflow run a'],
    ['between backticks', 'see `eosflow validate`: it says why', 'see `./eosflow validate`: it says why'],
    ['with a flag first', 'eosflow -C net plan w.yaml', './eosflow -C net plan w.yaml'],
    [
      'from the folder that the line goes to',
      'cd my-network\n      eosflow validate',
      'cd my-network\n      ../eosflow validate',
    ],
    ['from a folder with a blank', "cd 'a b/c'\neosflow run w", "cd 'a b/c'\n../../eosflow run w"],
    ['not a sentence about eosflow', 'eosflow needs EOS 4.23 or later', 'eosflow needs EOS 4.23 or later'],
    ['not an execution', 'eosflow execution 2026 for ann', 'eosflow execution 2026 for ann'],
    ['not a path or a package', '/srv/eosflow plan, npx eosflow plan', '/srv/eosflow plan, npx eosflow plan'],
    [
      'not a word that was quoted for a shell',
      "eosflow run w -p 'text=a' --reason 'as eosflow plan said: it'\\''s eosflow run'",
      "./eosflow run w -p 'text=a' --reason 'as eosflow plan said: it'\\''s eosflow run'",
    ],
    [
      'with an apostrophe before',
      "Set this machine's clock: eosflow doctor",
      "Set this machine's clock: ./eosflow doctor",
    ],
  ])('[3N1] %s', (_which, text, said) => {
    expect(typed(text)).toBe(said)
    expect(asTyped(text, { cwd: '/home/ann' })).toBe(text)
  })
})

test('every command is known by its first word', () => {
  expect(new Set([...commands.map(({ usage }) => usage.split(' ')[0]), 'help'])).toEqual(new Set(COMMAND_WORDS))
})

test.each([
  [['yes'], true, 1],
  [[' yes '], true, 1],
  [['y', 'yes'], true, 2],
  [['YES', 'yes'], true, 2],
  [['y', 'y'], false, 2],
  [['y', undefined], false, 2],
  [['no', 'yes'], false, 1],
  [['', 'yes'], false, 1],
  [['yess', 'yes'], false, 1],
  [[undefined, 'yes'], false, 1],
])(
  'to the answers %j the question says %s, asked %i times: only the whole word is a yes',
  async (answers, yes, times) => {
    const left = [...answers]
    let asked = 0
    const ask = async () => {
      asked += 1
      return left.shift()
    }
    expect([await saysYes({ ask }, 'Go on? '), asked]).toEqual([yes, times])
  },
)

describe('a printed word', () => {
  test.each(
    everyNth(5, 'words that are pasted', [
      ['vlan=140', 'vlan=140'],
      ['workflows/add-vlan.yaml', 'workflows/add-vlan.yaml'],
      ['trunks=[Port-Channel1]', "'trunks=[Port-Channel1]'"],
      ['role:leaf and not leaf3', "'role:leaf and not leaf3'"],
      ["it's", "'it'\\''s'"],
      ['$(reboot)', "'$(reboot)'"],
      ['', "''"],
      ['-a\n::stop-commands::%', '"$(printf \'\\055a\\012::stop\\055commands::%%\')"'],
      ["it's \u001b[31m\\", '"$(printf \'it\\047s \\033\\13331m\\134\')"'],
      ['\u202ea.yaml', '"$(printf \'\\342\\200\\256a.yaml\')"'],
    ]),
  )('%j is pasted as %s', (word, printed) => {
    expect(shellWord(word)).toBe(printed)
    expect(execFileSync('sh', ['-c', `printf %s ${printed}`], { encoding: 'utf8' })).toBe(word)
  })
})

const URL = 'https://login.example/authorize?state=1'

/** A terminal on a machine whose browser notes the pages that it opens. */
function machine(interactive: boolean) {
  const dir = temporaryFolder()
  const pages = join(dir, 'pages')
  writeFileSync(pages, '')
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open'
  writeFileSync(join(dir, program), `#!/bin/sh\nprintf '%s' "$1" > ${pages}\n`, { mode: 0o755 })
  const terminal: Terminal = {
    env: { PATH: `${dir}:/usr/bin:/bin`, DISPLAY: ':0' },
    cwd: dir,
    out: () => undefined,
    err: () => undefined,
    interactive,
    color: false,
    ask: async () => undefined,
    stop: new AbortController().signal,
  }
  return { terminal, opened: () => readFileSync(pages, 'utf8') }
}

test('a login opens its page in the browser of the person at the terminal', async () => {
  const { terminal, opened } = machine(true)
  scrubbedIo(terminal).openPage?.(URL)
  await vi.waitFor(() => expect(opened()).toBe(URL), { timeout: 5000 })
})

test('where nobody sits at the terminal no page is opened', async () => {
  const { terminal, opened } = machine(false)
  const io = scrubbedIo(terminal)
  expect(io.openPage).toBeDefined()
  io.openPage?.(URL)
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(opened()).toBe('')
})

const LINE = '10.0.0.11 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB'
const SIGHT: FirstSight = {
  device: 'leaf1',
  who: 'the switch',
  host: '10.0.0.11',
  port: 22,
  transport: 'ssh',
  what: 'host key',
  fingerprint: 'SHA256:aaa',
  file: 'known_hosts',
  line: LINE,
  compareWith: 'show management ssh hostkey',
}

test('two connections that meet one key at once ask once and write one line; another key is asked about', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'eosflow-sight-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const asked: string[] = []
  const ask = async (question: string) => {
    asked.push(question)
    return 'yes'
  }
  const io: Pick<Io, 'interactive' | 'ask'> = { interactive: true, ask }
  const trust = askAtFirstSight({ env: {} }, io as Io, (file) => join(dir, file))
  const other = { ...SIGHT, fingerprint: 'SHA256:bbb', line: `${LINE}other` }
  expect(await Promise.all([trust(SIGHT), trust(SIGHT), trust(other)])).toEqual([true, true, true])
  expect(asked).toHaveLength(2)
  expect(await readFile(join(dir, 'known_hosts'), 'utf8')).toBe(`${LINE}\n${LINE}other\n`)
})

/** Signals by the millisecond at which they come, and what has become of the process. */
function taken(signals: readonly (readonly [at: number, signal: EndSignal])[], word: ExitMessage = { line: 'left' }) {
  let now = 0
  const said: string[] = []
  const exits: number[] = []
  const interrupts = newInterrupts({
    monotonic: () => now,
    say: (line) => said.push(line),
    exit: (code) => exits.push(code),
  })
  interrupts.heed(() => word)
  for (const [at, signal] of signals) {
    now = at
    interrupts.take(signal)
  }
  return { stopped: interrupts.stop.aborted, said, exits }
}

const ON = { stopped: true, said: [], exits: [] }
const LEFT = { stopped: true, said: ['left'], exits: [130] }

test.each<readonly [string, readonly (readonly [number, EndSignal])[], object]>([
  ['no signal', [], { stopped: false, said: [], exits: [] }],
  ['one SIGINT', [[0, 'SIGINT']], ON],
  ['one SIGTERM', [[0, 'SIGTERM']], ON],
  ['one SIGHUP', [[0, 'SIGHUP']], ON],
  [
    'SIGINT twice',
    [
      [0, 'SIGINT'],
      [1000, 'SIGINT'],
    ],
    LEFT,
  ],
  [
    'SIGINT, then SIGTERM',
    [
      [0, 'SIGINT'],
      [1000, 'SIGTERM'],
    ],
    LEFT,
  ],
  [
    '[P10] a terminal that is closed: SIGHUP of the kernel and of the shell',
    [
      [0, 'SIGHUP'],
      [1000, 'SIGHUP'],
    ],
    ON,
  ],
  [
    'a logout: SIGHUP, then SIGTERM of the supervisor',
    [
      [0, 'SIGHUP'],
      [1000, 'SIGTERM'],
    ],
    ON,
  ],
  [
    'SIGINT, then the terminal is closed',
    [
      [0, 'SIGINT'],
      [1000, 'SIGHUP'],
    ],
    ON,
  ],
  [
    'one press under npx, which passes it on',
    [
      [0, 'SIGINT'],
      [3, 'SIGINT'],
    ],
    ON,
  ],
  [
    'two presses under npx',
    [
      [0, 'SIGINT'],
      [3, 'SIGINT'],
      [900, 'SIGINT'],
      [903, 'SIGINT'],
    ],
    LEFT,
  ],
])('%s', (_, signals, expected) => {
  expect(taken(signals)).toEqual(expected)
})

test('[G65] [F30b] [P14] while no commit timer protects a switch the second interrupt says so, and the third ends the process', () => {
  const word = { line: 'left', unprotected: 'leaf1 is confirmed' }
  const twice = [
    [0, 'SIGINT'],
    [1000, 'SIGINT'],
  ] as const
  expect(taken(twice, word)).toEqual({ stopped: true, said: ['leaf1 is confirmed'], exits: [] })
  expect(taken([...twice, [1100, 'SIGINT']], word).exits, 'the same press').toEqual([])
  expect(taken([...twice, [2000, 'SIGINT']], word)).toEqual({
    stopped: true,
    said: ['leaf1 is confirmed', 'left'],
    exits: [130],
  })
})

test('who is no longer heeded has no last word', () => {
  const said: string[] = []
  const interrupts = newInterrupts({ monotonic: () => 0, say: (line) => said.push(line), exit: () => undefined })
  const forget = interrupts.heed(() => ({ line: 'one' }))
  interrupts.heed(() => ({ line: 'other' }))
  interrupts.sayLast()
  forget()
  interrupts.sayLast()
  expect(said).toEqual(['one', 'other', 'other'])
})
