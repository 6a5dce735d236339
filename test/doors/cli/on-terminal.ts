import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { builtCommand } from '../../lab/process.ts'

/**
 * Runs its arguments on a terminal of its own, types the second line of stdin at once, as a paste does, and each answer of the first one, a
 * document, at its question; and passes the screen on.
 */
const ON_A_TERMINAL = `
import json, os, pty, sys
spoken = lambda text: text.encode().decode('unicode_escape').encode()
left = [(question.encode(), spoken(typed)) for question, typed in json.loads(sys.stdin.readline())]
pasted = spoken(sys.stdin.readline()[:-1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
os.write(terminal, pasted)
seen, begin = b'', 0
while True:
    try:
        read = os.read(terminal, 4096)
    except OSError:
        break
    if not read:
        break
    seen += read
    if left and left[0][0] in seen[begin:]:
        begin = len(seen)
        os.write(terminal, left.pop(0)[1])
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`

/** Who sits at the terminal. In what is typed, escapes as Python has them. */
export interface Sitting {
  /** What is typed at each question, in turn. */
  readonly answers?: readonly (readonly [question: string, types: string])[]
  /** What is typed before any. */
  readonly pastes?: string
  readonly env?: Readonly<Record<string, string>>
}

/** What a person at a terminal sees of the built command, and its exit code. */
export async function onTerminal(
  cwd: string,
  argv: readonly string[],
  { answers = [], pastes = '', env = {} }: Sitting = {},
): Promise<{ code: number | null; screen: string }> {
  const { CI: _, NO_COLOR: __, ...clean } = process.env
  const child = spawn('python3', ['-c', ON_A_TERMINAL, ...builtCommand(...argv)], {
    cwd,
    env: { ...clean, TERM: 'xterm', ...env },
  })
  child.stdin.end(`${JSON.stringify(answers)}\n${pastes}\n`)
  let screen = ''
  child.stdout.on('data', (chunk) => {
    screen += chunk
  })
  const [code] = await once(child, 'close')
  return { code: code as number | null, screen }
}
