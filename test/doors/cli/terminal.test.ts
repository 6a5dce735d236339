import { describe, expect, test } from 'vitest'
import { exits } from '../../lab/lab.ts'
import { onTerminal as atTerminal, type Sitting } from './on-terminal.ts'
import { openLeaves } from './running.ts'

const PLAN = ['plan', 'workflows/add-vlan.yaml', '-p', 'vlan=120'] as const
const RUN = ['run', 'workflows/add-vlan.yaml', '-p', 'vlan=120'] as const
const QUESTION = 'Type yes to go on: '

/** As a person who types `types` when asked to approve. */
const onTerminal = (
  bench: { readonly dir: string },
  argv: readonly string[],
  { types = '', ...rest }: Omit<Sitting, 'answers'> & { readonly types?: string } = {},
) => atTerminal(bench.dir, argv, { ...rest, answers: [[QUESTION, types]] })

/** Loaded before the command: behind each change of the terminal's mode the process gets no turn for half a second. */
const LATE = `data:text/javascript,${encodeURIComponent(`import { ReadStream } from 'node:tty'
const { setRawMode } = ReadStream.prototype
ReadStream.prototype.setRawMode = function (isRaw) {
  setRawMode.call(this, isRaw)
  queueMicrotask(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500))
  return this
}
`)}`

const PAINTED = '\u001b[32m+ vlan 120\u001b[0m'

describe('at a terminal', () => {
  test.each([
    ['NO_COLOR', { env: { NO_COLOR: '1' } }, []],
    ['CI', { env: { CI: '1' } }, []],
    ['--no-color', {}, ['--no-color']],
  ])('a plan is not painted with %s', { tags: ['long', 'turn'] }, async (_name, options, flags) => {
    const bench = await openLeaves(1)
    bench.fabric.belongTo(bench.dir)
    const { screen } = await exits(0, onTerminal(bench, [...PLAN, ...flags], options))
    expect(screen).toContain('  + vlan 120\r\n')
    // The live line goes back in its line by CUU and ED, which paint nothing.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what is looked for
    expect(screen).not.toMatch(/\u001b\[[0-9;]*m/)
  })

  test('a plan is painted, and the word yes approves what is shown', { tags: 'long' }, async () => {
    const bench = await openLeaves(1)
    bench.fabric.belongTo(bench.dir)
    const { screen } = await exits(0, onTerminal(bench, RUN, { types: String.raw`yes\r` }))
    expect(screen.indexOf(PAINTED)).toBeGreaterThan(0)
    expect(screen.indexOf(PAINTED)).toBeLessThan(screen.indexOf(QUESTION))
    expect(screen).toContain('succeeded · 1 switch: 1 confirmed')
  })

  test.each([
    ['a line', String.raw`yes\n`],
    ['lines, the last one not ended', String.raw`eosflow executions\nyes\nye`],
  ])('%s that was pasted before the question does not answer it', { tags: ['long', 'turn'] }, async (_name, pastes) => {
    const bench = await openLeaves(1)
    bench.fabric.belongTo(bench.dir)
    const { screen } = await exits(4, onTerminal(bench, RUN, { types: String.raw`no\r`, pastes }))
    expect(screen).toContain('What was typed before this question is not taken as its answer.')
    expect(screen).toContain('not approved at the terminal')
    expect(bench.commits('leaf1')).toEqual({ plain: 0, timed: 0, confirms: 0 })
  })

  test('nor where the machine is so busy that the process gets no turn while it looks', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLeaves(1)
    bench.fabric.belongTo(bench.dir)
    const env = { NODE_OPTIONS: `--import=${LATE}` }
    const { screen } = await exits(
      4,
      onTerminal(bench, RUN, { types: String.raw`no\r`, pastes: String.raw`yes\n`, env }),
    )
    expect(screen).toContain('What was typed before this question is not taken as its answer.')
    expect(screen).toContain('not approved at the terminal')
    expect(bench.commits('leaf1')).toEqual({ plain: 0, timed: 0, confirms: 0 })
  })

  test.each([
    ['another word', String.raw`sure\r`, 4, 'not approved at the terminal'],
    ['the end of the input', String.raw`\x04`, 4, 'not approved at the terminal'],
    ['an interrupt', String.raw`\x03`, 11, 'cancelled · 1 switch: 1 untouched'],
  ])('%s does not', { tags: ['long', 'turn'] }, async (_name, types, expected, says) => {
    const bench = await openLeaves(1)
    bench.fabric.belongTo(bench.dir)
    const { screen } = await exits(expected, onTerminal(bench, RUN, { types }))
    expect(screen).toContain(says)
    expect(bench.commits('leaf1')).toEqual({ plain: 0, timed: 0, confirms: 0 })
  })
})
