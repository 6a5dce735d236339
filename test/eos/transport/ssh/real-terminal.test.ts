// @module-tag long
import { spawn, spawnSync } from 'node:child_process'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ShellDialogue } from '../../../../src/eos/transport/ssh/shell-dialogue.ts'
import type { ShellChannel } from '../../../../src/eos/transport/ssh/terminal.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'

/**
 * A command line of its own on a real terminal: the kernel's echo of what is typed ahead, GNU readline's of what it reads, as
 * on EOS, whose CLI stands on the same two. It says what a few commands do, and nothing of EOS.
 */
const CLI = `
import getpass, readline, sys, time
readline.parse_and_bind('set enable-bracketed-paste off')
prompt = 'leaf1>'
print('leaf1#\\nPassword:')
time.sleep(0.2)
while True:
    line = input(prompt).strip()
    if line == '' or line.startswith('!'): continue
    if line == 'enable':
        if getpass.getpass('Password: ') == 'Gj7-enable': prompt = 'leaf1#'
        else: print('% Bad secret')
    elif line == 'show slow':
        for row in range(20):
            print('row %d leaf1#' % row, flush=True)
            time.sleep(0.01)
        print('leaf1#', end='', flush=True)
        time.sleep(0.3)
        print(' and more')
    elif line == 'configure session s': prompt = 'leaf1(config-s-s)#'
    elif line.startswith('interface'): prompt = 'leaf1(config-s-s-if-Et1)#'
    elif line == 'hostname spine9': prompt = 'spine9#'
    elif line == 'banner login':
        print("Enter TEXT message. Type 'EOF' on its own line to end.")
        text = []
        while text[-1:] != ['EOF']: text.append(input(''))
        print('%d lines, %d characters' % (len(text) - 1, sum(map(len, text)) - 3))
    elif line.startswith('refused'): print('% Invalid input: ' + line)
    elif not line.startswith('vlan'): print('% Incomplete command')
`

const TERMINAL = `
import fcntl, os, pty, select, struct, sys, termios
child, terminal = pty.fork()
if child == 0:
    os.environ.update(TERM='vt100', LANG='C.UTF-8')
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(sys.argv[1]), 0, 0))
    os.execvp('python3', ['python3', '-c', sys.argv[2]])
while True:
    for ready in select.select([terminal, 0], [], [])[0]:
        try: data = os.read(ready, 65536)
        except OSError: data = b''
        if not data: sys.exit()
        os.write(terminal if ready == 0 else 1, data)
`

function terminalOf(columns: number): ShellChannel {
  const program = spawn('python3', ['-c', TERMINAL, String(columns), CLI], { stdio: ['pipe', 'pipe', 'ignore'] })
  onTestFinished(() => void program.kill())
  return {
    write: (text) => void program.stdin.write(text),
    listen: ({ heard, closed }) => {
      program.stdout.on('data', heard)
      program.on('close', () => closed('the program ended'))
    },
    close: () => void program.kill(),
  }
}

const hasTerminals = spawnSync('python3', ['-c', 'import pty, readline']).status === 0

describe.skipIf(!hasTerminals)('on a real terminal (python3 with readline)', () => {
  test.each([511, 80, 40, 30])('of %d columns a dialogue reads what was printed', { tags: 'turn' }, async (columns) => {
    const dialogue = new ShellDialogue(terminalOf(columns), {
      clock: systemClock,
      nonce: 'ab12cd34',
      silenceMilliseconds: 10_000,
    })
    await dialogue.login()
    expect(dialogue.prompt).toBe('leaf1>')
    expect(await dialogue.enable(new Secret('Gj7-enable'))).toMatchObject({ prompt: 'leaf1#' })
    const rows = Array.from({ length: 20 }, (_, row) => `row ${row} leaf1#`)
    expect((await dialogue.run('show slow')).lines).toEqual([...rows, 'leaf1# and more'])
    expect((await dialogue.run('configure session s')).prompt).toBe('leaf1(config-s-s)#')
    const lines = Array.from({ length: 120 }, (_, n) =>
      n % 30 === 17 ? `refused ${n}` : `vlan ${n} and ${'x'.repeat(n)}`,
    )
    const refused: [number, readonly string[]][] = []
    let judged = 0
    await dialogue.type(lines, (at, said) => {
      judged += 1
      const complaints = said.lines.filter((line) => line.startsWith('%'))
      if (complaints.length > 0) refused.push([at, complaints])
    })
    expect(judged).toBe(120)
    expect(refused).toEqual([17, 47, 77, 107].map((n) => [n, [`% Invalid input: refused ${n}`]]))
    const text = Array.from({ length: 200 }, (_, n) => `% Invalid input ${n} leaf1#`)
    const { length } = text.join('')
    expect((await dialogue.feed('banner login', text.join('\n'))).lines).toEqual([`200 lines, ${length} characters`])
    expect(await dialogue.run('hostname spine9')).toEqual({ lines: [], prompt: 'spine9#' })
    expect((await dialogue.run(`show ${'x'.repeat(150)}`)).lines).toEqual(['% Incomplete command'])
  })
})
