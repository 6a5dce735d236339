import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { type Bench, startBench } from '../e2e/harness.ts'
import { leaves, PROJECT_FILES } from '../e2e/two-leaves.ts'
import { BUILT } from '../lab/checkout.ts'

const PLAN = ['plan', 'workflows/add-vlan.yaml', '-p', 'vlan=120'] as const
const RUN = ['run', 'workflows/add-vlan.yaml', '-p', 'vlan=120'] as const
const QUESTION = 'Type yes to go on: '

/**
 * Runs its arguments on a terminal of its own, types the second line of stdin at once, as a paste does, and the first at the
 * question, and passes the screen on.
 */
const ON_A_TERMINAL = `
import os, pty, sys
typed, question = sys.stdin.readline().encode().decode('unicode_escape').encode(), b'${QUESTION}'
pasted = sys.stdin.readline()[:-1].encode().decode('unicode_escape').encode()
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
os.write(terminal, pasted)
seen = b''
while True:
    try:
        read = os.read(terminal, 4096)
    except OSError:
        break
    if not read:
        break
    seen += read
    if question and question in seen:
        os.write(terminal, typed)
        question = b''
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`

/** What a person at a terminal sees, and the exit code. */
async function onTerminal(
  bench: Bench,
  argv: readonly string[],
  {
    types = '',
    pastes = '',
    env = {},
  }: { types?: string; pastes?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<{ code: number | null; screen: string }> {
  const { CI: _, NO_COLOR: __, ...clean } = process.env
  const child = spawn('python3', ['-c', ON_A_TERMINAL, process.execPath, BUILT, ...argv], {
    cwd: bench.dir,
    env: { ...clean, TERM: 'xterm', ...env },
  })
  child.stdin.end(`${types}\n${pastes}\n`)
  let screen = ''
  child.stdout.on('data', (chunk) => {
    screen += chunk
  })
  const [code] = await once(child, 'close')
  return { code: code as number | null, screen }
}

const PAINTED = '\u001b[32m+ vlan 120\u001b[0m'

describe('at a terminal', () => {
  test('a plan is painted', async () => {
    const bench = await startBench(leaves(1), PROJECT_FILES)
    const { code, screen } = await onTerminal(bench, PLAN)
    expect(screen).toContain(PAINTED)
    expect(code).toBe(0)
  })

  test.each([
    ['NO_COLOR', { env: { NO_COLOR: '1' } }, []],
    ['CI', { env: { CI: '1' } }, []],
    ['--no-color', {}, ['--no-color']],
  ])('but not with %s', async (_name, options, flags) => {
    const bench = await startBench(leaves(1), PROJECT_FILES)
    const { code, screen } = await onTerminal(bench, [...PLAN, ...flags], options)
    expect(screen).toContain('  + vlan 120\r\n')
    // The live line goes back in its line by CUU and ED, which paint nothing.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what is looked for
    expect(screen).not.toMatch(/\u001b\[[0-9;]*m/)
    expect(code).toBe(0)
  })

  test('the word yes approves what is shown', { tags: 'long' }, async () => {
    const bench = await startBench(leaves(1), PROJECT_FILES)
    const { code, screen } = await onTerminal(bench, RUN, { types: String.raw`yes\r` })
    expect(screen.indexOf(PAINTED)).toBeGreaterThan(0)
    expect(screen.indexOf(PAINTED)).toBeLessThan(screen.indexOf(QUESTION))
    expect(screen).toContain('succeeded · 1 switch: 1 confirmed')
    expect(code).toBe(0)
  })

  test.each([
    ['a line', String.raw`yes\n`],
    ['lines, the last one not ended', String.raw`eosflow executions\nyes\nye`],
  ])('%s that was pasted before the question does not answer it', async (_name, pastes) => {
    const bench = await startBench(leaves(1), PROJECT_FILES)
    const { code, screen } = await onTerminal(bench, RUN, { types: String.raw`no\r`, pastes })
    expect(screen).toContain('What was typed before this question is not taken as its answer.')
    expect(screen).toContain('not approved at the terminal')
    expect(code).toBe(4)
    expect(bench.fabric.device('leaf1').counters().commits).toEqual({ plain: 0, timed: 0, confirms: 0 })
  })

  test.each([
    ['another word', String.raw`sure\r`, 4, 'not approved at the terminal'],
    ['the end of the input', String.raw`\x04`, 4, 'not approved at the terminal'],
    ['an interrupt', String.raw`\x03`, 11, 'cancelled · 1 switch: 1 untouched'],
  ])('%s does not', async (_name, types, expected, says) => {
    const bench = await startBench(leaves(1), PROJECT_FILES)
    const { code, screen } = await onTerminal(bench, RUN, { types })
    expect(screen).toContain(says)
    expect(code).toBe(expected)
    expect(bench.fabric.device('leaf1').counters().commits).toEqual({ plain: 0, timed: 0, confirms: 0 })
  })
})
