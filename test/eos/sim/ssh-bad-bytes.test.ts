import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import { extentOfLong } from '../../extent.ts'
import { openTerminal } from './in-memory-terminal.ts'
import { CONFIG, type Simulated, simulate } from './simulate.ts'

const SEED = 20_260_105
const LINES = extentOfLong(2_000, 10_000)
const PER_RUN = 50

/** Words that a terminal understands, so that random lines come deep into the command line. */
const WORDS = [
  ...[
    'show',
    'sh',
    'running-config',
    'interfaces',
    'Ethernet1',
    'version',
    '|',
    'json',
    'section',
    'include',
    'ip',
    'bgp',
  ],
  ...[
    'summary',
    'vrf',
    'all',
    'lldp',
    'detail',
    'terminal',
    'length',
    'width',
    '0',
    '-1',
    '99999',
    'vlan',
    'end',
    'do',
  ],
  ...[
    'no',
    'default',
    'logging',
    'last',
    '(',
    '[',
    '*',
    '\\',
    '"',
    '?',
    'session-config',
    'diffs',
    'named',
    'x',
    'enable',
  ],
] as const

const spoken = fc.array(fc.constantFrom(...WORDS), { maxLength: 8 }).map((words) => words.join(' '))
const controls = fc.string({
  unit: fc.constantFrom(...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)), '\u007f', '\u009b'),
  maxLength: 12,
})
const text = fc.string({ unit: 'binary', maxLength: 60 })
const long = fc.integer({ min: 500, max: 20_000 }).map((length) => 'A'.repeat(length))
const mixed = fc.tuple(spoken, controls, text).map((parts) => parts.join(''))
const line = fc.oneof({ weight: 6, arbitrary: spoken }, controls, text, mixed, { weight: 1, arbitrary: long })
const bytes = fc.uint8Array({ maxLength: 40 })

/** Types junk on a terminal that may not configure; opens a new one where the junk logged out. */
async function typed(simulated: Simulated, lines: readonly (string | Uint8Array)[]) {
  let terminal = openTerminal(simulated, {
    user: { privilege: 1, enable: () => false },
    size: { width: 80, length: 24 },
  })
  for (const junk of lines) {
    if (terminal.closed !== undefined)
      terminal = openTerminal(simulated, { user: { privilege: 1, enable: () => false } })
    if (typeof junk === 'string') await terminal.lines(junk)
    else {
      terminal.shell.receive(junk)
      await terminal.lines('')
    }
  }
  terminal.shell.close()
}

describe('bad bytes on a terminal', { tags: ['long', 'turn'] }, () => {
  test(`${LINES} generated lines leave a switch answering and unchanged`, {
    timeout: 120_000,
  }, async () => {
    const simulated = simulate(CONFIG, { behaviour: { bootSeconds: 60 } })
    let lines = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 5, arbitrary: line }, bytes), { minLength: PER_RUN, maxLength: PER_RUN }),
        async (junk) => {
          lines += junk.length
          await typed(simulated, junk)
          expect(await openTerminal(simulated).lines('show hostname')).toContain('Hostname: sw1\r\n')
        },
      ),
      { seed: SEED, numRuns: LINES / PER_RUN, endOnFailure: true },
    )
    expect(lines).toBe(LINES)
    expect(await simulated.text('show running-config')).toBe(CONFIG)
    expect(simulated.device.sessions.all()).toEqual([])
    expect(simulated.device.up).toBe(true)
  })

  test('junk in a config session leaves running-config alone, and no line but a printable one in the session', {
    timeout: 60_000,
  }, async () => {
    const simulated = simulate()
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 20, maxLength: 20 }), async (junk) => {
        const terminal = openTerminal(simulated)
        await terminal.lines('configure session junk')
        for (const one of junk.filter((words) => !/commit/.test(words))) await terminal.lines(one)
        terminal.shell.close()
        const candidate = simulated.device.sessions.get('junk')?.candidate
        const text = candidate === undefined ? '' : renderConfig(candidate)
        expect(renderConfig(parseConfig(text))).toBe(text)
        expect(await simulated.text('show running-config')).toBe(CONFIG)
        await simulated.json('no configure session junk')
      }),
      { seed: SEED, numRuns: 50, endOnFailure: true },
    )
  })
})
