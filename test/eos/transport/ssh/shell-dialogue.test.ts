import { describe, expect, test } from 'vitest'
import { ShellDialogue, type ShellReply } from '../../../../src/eos/transport/ssh/shell-dialogue.ts'
import { ShellTerminal } from '../../../../src/eos/transport/ssh/terminal.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { EosflowError } from '../../../../src/model/error.ts'
import { fenceOf, whateverItsAge } from '../../../../src/model/fence.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { type Answer, type Script, ScriptedShell, whileTimePasses } from './scripted-shell.ts'

const VERSION = 'Arista vEOS\nHardware version:      \nSoftware image version: 4.22.1F\n\nFree memory: 1234 kB\n'
const CONFIG = `! Command: show running-config
! device: leaf1 (vEOS, EOS-4.22.1F)
!
hostname leaf1
!
interface Ethernet1
   description leaf1#
   description patch 7>
   description leaf1# and more
!
banner motd
leaf1#
leaf1# and more
% Invalid input
 --More-- is not a pager here
EOF
!
end
`

/** A terminal under a clock that stands still, and a dialogue with it. */
function talk(script: Omit<Partial<Script>, 'clock'>) {
  const clock = new VirtualClock()
  const answer = (line: string): Answer =>
    line === 'show version' ? { prints: VERSION } : line === 'show running-config' ? { prints: CONFIG } : {}
  const shell = new ScriptedShell({ clock, answer, ...script })
  const dialogue = new ShellDialogue(shell, { clock, nonce: '7f3a', silenceMilliseconds: 60_000 })
  return { shell, dialogue, clock, timed: <T>(work: Promise<T>): Promise<T> => whileTimePasses(clock, work) }
}

const oneByOne = (text: string) => [...text]
/** Cut exactly behind whatever looks like a prompt. */
const behindPrompts = (text: string) => text.split(/(?<=[>#])/)

/** The ways in which the same words can arrive. */
const WAYS: Readonly<Record<string, Partial<Script>>> = {
  'as printed': {},
  'byte by byte': { cut: oneByOne },
  'with 300 ms before each packet': { delay: 300 },
  'cut behind what looks like a prompt, with 300 ms between': { delay: 300, cut: behindPrompts },
  'echoed too early': { echoesEarly: true, delay: 20 },
  'echoed too early, in the middle of the output': { echoesEarly: true, delay: 300, cut: behindPrompts },
  'echoed too early, byte by byte': { echoesEarly: true, delay: 100, cut: oneByOne },
  'wrapped by line breaks': { width: 30, wrap: '\r\n' },
  'at 80 columns': { width: 80, cut: oneByOne },
  'at 20 columns': { width: 20 },
}

describe.each(Object.entries(WAYS))('what a switch prints, %s', (_, way) => {
  test('is what it printed, and nothing of the dialogue', async () => {
    const { dialogue, timed } = talk({ ...way, motd: 'Last login: Sat May 29 13:12:00 2021 from 10.0.0.2\n' })
    await timed(dialogue.login())
    expect(dialogue.prompt).toBe('leaf1#')
    const version = await timed(dialogue.run('show version'))
    expect(version).toEqual({ lines: VERSION.trimEnd().split('\n'), prompt: 'leaf1#' })
    expect((await timed(dialogue.run('show running-config'))).lines).toEqual(CONFIG.trimEnd().split('\n'))
    expect((await timed(dialogue.run('copy running-config startup-config'))).lines).toEqual([])
  })

  test('a banner that looks like a prompt, a question and a pager does not end the login', async () => {
    const motd = 'leaf1#\nleaf1>\nleaf1(config)#\nPassword: \n --More-- \nDo not type at leaf1#'
    const { dialogue, shell, timed } = talk({ ...way, prompt: 'leaf2>', motd: [...behindPrompts(motd), '\n'] })
    await timed(dialogue.login())
    expect(dialogue.prompt).toBe('leaf2>')
    expect((await timed(dialogue.run('show version'))).lines).toEqual(VERSION.trimEnd().split('\n'))
    expect(shell.commands.filter((line) => !line.trim().startsWith('!eosflow-7f3a-'))).toEqual(['show version'])
  })

  test('a host name that a commit changes is learned', async () => {
    const answer = (line: string): Answer => (line.includes('commit') ? { prompt: 'spine9#' } : { prints: VERSION })
    const { dialogue, timed } = talk({ ...way, answer })
    await timed(dialogue.login())
    expect(await timed(dialogue.run('configure session s commit timer 00:10:00'))).toEqual({
      lines: [],
      prompt: 'spine9#',
    })
    expect((await timed(dialogue.run('show version'))).lines).toEqual(VERSION.trimEnd().split('\n'))
  })

  test('what is said to each of many lines is said to that line', async () => {
    const answer = (line: string): Answer =>
      /Ethernet7$/.test(line) ? { prints: '% Invalid input\n' } : /mtu/.test(line) ? { prints: '! Warning: mtu\n' } : {}
    const { dialogue, shell, timed } = talk({ ...way, answer, prompt: 'leaf1(config-s-eosflo)#' })
    await timed(dialogue.login())
    const lines = Array.from({ length: 12 }, (_line, n) => [`interface Ethernet${n}`, 'mtu 9214', 'exit']).flat()
    const said = new Map<number, readonly string[]>()
    await timed(dialogue.type(lines, (at, { lines: words }) => void said.set(at, words)))
    expect([...said].filter(([, words]) => words.some((word) => word.startsWith('%')))).toEqual([
      [21, expect.arrayContaining(['% Invalid input'])],
    ])
    expect(said.size).toBe(36)
    expect(shell.commands.filter((line) => !line.startsWith('!'))).toEqual(lines)
  })
})

test.each([true, false])(
  'a long pause behind what looks like a prompt is waited for (early echo: %s)',
  async (early) => {
    const prints = ['! a banner\nleaf1#', ' and more\nend\n']
    const { dialogue, shell, timed } = talk({ answer: () => ({ prints }), delay: 9000, echoesEarly: early })
    await timed(dialogue.login())
    const { lines } = await timed(dialogue.run('show banner'))
    expect(lines).toEqual(['! a banner', 'leaf1# and more', 'end'])
    expect(shell.commands.filter((line) => !line.startsWith('!'))).toEqual(['show banner'])
    expect((await timed(dialogue.run('show banner'))).lines).toEqual(lines)
  },
)

describe('prompts are learned', () => {
  test.each([
    ['a supervisor and a VRF', 'vla-1x3(s1)(vrf:MGMT)#'],
    ['a prompt that ends in nothing known', 'at your service: '],
    ['a blank at its end', 'leaf1# '],
  ])('%s', async (_, prompt) => {
    const { dialogue, timed } = talk({ prompt })
    await timed(dialogue.login())
    expect(dialogue.prompt).toBe(prompt)
  })

  test('with a clock that goes on', async () => {
    let seconds = 10
    const prompt = () => `SPINE01[16:13:${seconds++}]#`
    const { dialogue, timed } = talk({ prompt })
    await timed(dialogue.login())
    expect((await timed(dialogue.run('show version'))).lines).toEqual(VERSION.trimEnd().split('\n'))
    expect(dialogue.prompt).toMatch(/^SPINE01\[16:13:\d\d\]#$/)
  })

  test('from a switch that knows no comments', async () => {
    const { dialogue, timed } = talk({
      refusesComments: true,
      answer: (line) => ({ prints: line === 'show version' ? VERSION : '% Invalid input\n' }),
    })
    await timed(dialogue.login())
    expect((await timed(dialogue.run('show version'))).lines).toEqual(VERSION.trimEnd().split('\n'))
    expect((await timed(dialogue.run('show bogus'))).lines).toEqual(['% Invalid input'])
  })
})

describe('the enable secret', () => {
  const secret = new Secret('Gj7-enable-secret')
  const enabling = (right: string): Partial<Script> => {
    let asked = false
    return {
      prompt: 'leaf1>',
      answer: (line) => {
        if (line === 'enable') {
          asked = true
          return { reads: 'secret' }
        }
        if (!asked) return { prints: '% Invalid input\n' }
        asked = false
        return line === right ? { prompt: 'leaf1#' } : { prints: '% Bad secret\n' }
      },
    }
  }

  test.each(Object.entries(WAYS))('is given where a password is asked for, %s', async (_, way) => {
    const { dialogue, shell, timed } = talk({ ...way, ...enabling('Gj7-enable-secret') })
    await timed(dialogue.login())
    expect(await timed(dialogue.enable(secret))).toMatchObject({ prompt: 'leaf1#' })
    expect(shell.typed.split('Gj7-enable-secret').length).toBe(2)
    expect(shell.commands.join()).not.toContain('Gj7')
  })

  test('that is wrong is refused in the words of the switch', async () => {
    const { dialogue, timed } = talk(enabling('another'))
    await timed(dialogue.login())
    expect(await timed(dialogue.enable(secret))).toMatchObject({
      lines: ['', '% Bad secret'],
      prompt: 'leaf1>',
    })
  })

  test('that is not there leaves the question open', async () => {
    const { dialogue, timed } = talk(enabling('x'))
    await timed(dialogue.login())
    expect(await timed(dialogue.enable(undefined))).toBe('unanswered')
  })

  test('is never typed where nobody asked', async () => {
    const { dialogue, shell, timed } = talk({ prompt: 'leaf1>', answer: () => ({ prompt: 'leaf1#' }) })
    await timed(dialogue.login())
    expect(await timed(dialogue.enable(secret))).toMatchObject({ prompt: 'leaf1#' })
    expect(shell.typed).not.toContain('Gj7')
  })
})

describe('a text up to EOF', () => {
  const TEXT = 'No startup-config was found.\n% Invalid input\nleaf1#\n\ttabs and ? are text'
  const banner = (line: string): Answer =>
    line === 'banner login'
      ? { prints: "Enter TEXT message. Type 'EOF' on its own line to end.\n", reads: 'text' }
      : { prints: '% Invalid input\n' }

  test.each(Object.entries(WAYS))('is typed, %s', async (_, way) => {
    const { dialogue, shell, timed } = talk({ ...way, answer: banner, prompt: 'leaf1(config-s-eosflo)#' })
    await timed(dialogue.login())
    const said: ShellReply = await timed(dialogue.feed('banner login', TEXT))
    expect(said).toEqual({ lines: [], prompt: 'leaf1(config-s-eosflo)#' })
    expect(shell.texts).toEqual(TEXT.split('\n'))
  })

  test.each(Object.entries(WAYS))('is not typed to a command that is refused, %s', async (_, way) => {
    const { dialogue, shell, timed } = talk({ ...way, answer: banner, prompt: 'leaf1(config-s-eosflo)#' })
    await timed(dialogue.login())
    expect((await timed(dialogue.feed('baner login', TEXT))).lines).toEqual(['% Invalid input'])
    expect(shell.commands.filter((line) => !line.startsWith('!'))).toEqual(['baner login'])
  })

  test.each([
    ['says nothing', { prints: '', does: 'hang' }, 'nothing was heard'],
    ['asks something else', { prints: 'Proceed with reload? [confirm]', does: 'hang' }, 'asks a question'],
  ] as const)('[S9] is not typed to a switch that %s', async (_, answer, says) => {
    const { dialogue, shell, timed } = talk({ answer: () => answer, prompt: 'leaf1(config-s-eosflo)#' })
    await timed(dialogue.login())
    await expect(timed(dialogue.feed('banner login', TEXT))).rejects.toMatchObject({
      message: expect.stringContaining(says),
    })
    expect([shell.texts, shell.commands.filter((line) => !line.startsWith('!'))]).toEqual([[], ['banner login']])
  })

  test('that is long is typed no faster than a terminal holds', { tags: 'long' }, async () => {
    const { dialogue, shell, timed } = talk({ answer: banner, prompt: 'leaf1(config-s-eosflo)#', delay: 10 })
    await timed(dialogue.login())
    const lines = Array.from({ length: 400 }, (_, n) => `line ${n} of a long certificate, forty characters`)
    await timed(dialogue.feed('banner login', lines.join('\n')))
    expect(shell.texts).toEqual(lines)
  })

  test.each([
    ['a line', (dialogue: ShellDialogue) => dialogue.run('configure session s commit')],
    ['a text', (dialogue: ShellDialogue) => dialogue.feed('banner login', TEXT)],
  ])('%s of a confirm is not typed by who stood still behind its fence, and was taken over', async (_, type) => {
    const { dialogue, shell, timed } = talk({ answer: banner, prompt: 'leaf1(config-s-eosflo)#' })
    await timed(dialogue.login())
    const before = shell.commands.length
    let judged = 0
    const ask = whateverItsAge(async () => {
      if (judged > 0) throw new EosflowError('busy', 'another process has it')
      return fenceOf('leaf1', 0, () => (judged++ === 0 ? 0 : 20_000), { term: 10_000 })
    })
    dialogue.under(ask)
    await expect(timed(type(dialogue))).rejects.toMatchObject({ kind: 'busy' })
    expect(shell.commands.slice(before)).toEqual([])
  })

  test('is typed no further by who has lost the switch meanwhile', async () => {
    const { dialogue, shell, timed, clock } = talk({ answer: banner, prompt: 'leaf1(config-s-eosflo)#', delay: 10 })
    await timed(dialogue.login())
    let asked = 0
    dialogue.under(async () => {
      asked += 1
      if (asked > 3) throw new EosflowError('busy', 'another process has it')
      return fenceOf('leaf1', clock.monotonic(), () => clock.monotonic(), { longest: 100 })
    })
    const lines = Array.from({ length: 400 }, (_, n) => `line ${n} of a long certificate, forty characters`)
    await expect(timed(dialogue.feed('banner login', lines.join('\n')))).rejects.toMatchObject({ kind: 'busy' })
    expect(asked).toBe(4)
    expect(shell.texts.length).toBeGreaterThan(20)
    expect(shell.texts.length).toBeLessThan(200)
  })
})

describe('an answer that does not come', () => {
  test.each([
    ['the shell closes', { prints: 'half of', does: 'close' }, 'connection died'],
    ['nothing is heard', { prints: 'half of', does: 'hang' }, 'nothing was heard for 60 s'],
    ['a question is asked', { prints: 'Proceed with reload? [confirm]', does: 'hang' }, /asks a question.*\[confirm\]/],
    ['a password is asked for', { prints: 'Password: ', does: 'hang' }, 'asks a question'],
  ] as const)('is lost when %s', async (_, answer, message) => {
    const { dialogue, shell, timed } = talk({ answer: () => answer })
    await timed(dialogue.login())
    const thrown = timed(dialogue.run('configure session s commit'))
    await expect(thrown).rejects.toMatchObject({ kind: 'lost-answer', message: expect.stringMatching(message) })
    expect(shell.commands.filter((line) => !line.startsWith('!'))).toEqual(['configure session s commit'])
  })

  test('is not believed when the switch read something else', async () => {
    const { dialogue, timed } = talk({ echo: (character) => (character === 'z' ? '' : character) })
    await timed(dialogue.login())
    await expect(timed(dialogue.run('show zebra'))).rejects.toMatchObject({ kind: 'protocol' })
  })

  test('is not believed from a terminal that does not echo', async () => {
    const { dialogue, timed } = talk({ mute: true })
    await expect(timed(dialogue.login())).rejects.toMatchObject({ kind: 'lost-answer' })
  })
})

test('a pager that cannot be turned off is answered, and leaves no trace', async () => {
  const clock = new VirtualClock()
  const rows = Array.from({ length: 40 }, (_, n) => `   row ${n}`)
  const pages = [rows.slice(0, 20), rows.slice(20)].map((page) => page.join('\n'))
  const shell = new ScriptedShell({ clock, answer: () => ({ prints: `${pages[0]}\n --More-- `, does: 'hang' }) })
  const dialogue = new ShellDialogue(shell, { clock, nonce: '7f3a', silenceMilliseconds: 60_000 })
  await whileTimePasses(clock, dialogue.login())
  const written = shell.write.bind(shell)
  shell.write = (text) => {
    if (text !== ' ') return written(text)
    shell.resume(`\r          \r${pages[1]}\n`)
  }
  expect((await whileTimePasses(clock, dialogue.run('show rows'))).lines).toEqual(rows)
})

test('a batch stops behind the line that is judged, and one that leaves a mode goes alone', async () => {
  const { dialogue, shell, timed } = talk({
    prompt: 'leaf1(config-s-eosflo)#',
    answer: (line) => (line.trim() === 'bogus' ? { prints: '% Invalid input\n' } : {}),
  })
  await timed(dialogue.login())
  const judge = (_: number, { lines }: ShellReply) => {
    if (lines.some((line) => line.startsWith('%'))) throw new Error('stop')
  }
  await expect(timed(dialogue.type(['interface Ethernet1', 'bogus', '   exit', 'vlan 10'], judge))).rejects.toThrow(
    'stop',
  )
  expect(shell.commands.filter((line) => !line.startsWith('!'))).toEqual(['interface Ethernet1', 'bogus'])
})

describe('a switch that does not end', () => {
  test('its answer is lost after half an hour, however often a byte of it comes', async () => {
    const { shell, dialogue, timed, clock } = talk({ answer: () => ({ does: 'hang' }) })
    await timed(dialogue.login())
    let over = false
    const drip = async () => {
      while (!over) {
        await clock.sleep(30_000)
        shell.says(Buffer.from('.'))
      }
    }
    const asked = dialogue.run('show version').catch((error: unknown) => error)
    const dripped = drip()
    const thrown = await timed(asked)
    over = true
    await timed(dripped)
    expect(thrown).toMatchObject({ kind: 'lost-answer' })
    expect(String(thrown)).toContain('not complete within 30 min')
  })

  test('what it says while nobody listens does not fill the memory', { tags: ['long', 'turn'] }, () => {
    const clock = new VirtualClock()
    const shell = new ScriptedShell({ clock, answer: () => ({}) })
    const terminal = new ShellTerminal(shell, clock)
    const flood = new Uint8Array(8 * 2 ** 20).fill(0x61)
    for (let n = 0; n < 12; n += 1) shell.says(flood)
    expect(terminal.tail.length).toBe(72 * 2 ** 20)
  })
})
