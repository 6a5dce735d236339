import type { Ended } from './exits.ts'
import { wordsOf } from './process.ts'
import { main, type Terminal } from './sources.ts'

/** How a command line is typed: what else its terminal has, and who sits there. */
export interface Typing extends Partial<Omit<Terminal, 'out' | 'err' | 'ask' | 'color'>> {
  /** What a person types, in turn; then the input is at its end. Absent: nobody sits there. */
  readonly answers?: readonly string[]
  /** Takes each question. */
  readonly asks?: (question: string) => void
  /** Takes what is printed on stderr: what a person reads, and acts on. */
  readonly reads?: (text: string) => void
  /** Another command line than that of the sources. */
  readonly command?: (argv: readonly string[], terminal: Terminal) => Promise<number>
}

/** Runs one command line in this process, where it costs a tenth of a process of its own. */
export async function typed(
  cwd: string,
  argv: readonly string[],
  { answers, asks, reads, command = main, ...given }: Typing = {},
): Promise<Ended> {
  const said = { out: '', err: '' }
  const left = [...(answers ?? [])]
  const code = await command(wordsOf(argv), {
    env: {},
    cwd,
    interactive: answers !== undefined,
    color: false,
    stop: new AbortController().signal,
    ...given,
    out: (text) => {
      said.out += text
    },
    err: (text) => {
      said.err += text
      reads?.(text)
    },
    ask: async (question) => {
      asks?.(question)
      return left.shift()
    },
  })
  return { code, ...said }
}

/** Runs one command line in this process, typed in a folder by a person who says yes to everything. */
export const typedWithYes = (dir: string, ...argv: readonly string[]) =>
  typed(dir, argv, { answers: Array.from({ length: 9 }, () => 'yes') })

/** Runs one command line in this process, with nobody at the terminal: for what neither starts nor ends processes. */
export async function inProcess(
  argv: string | readonly string[],
  cwd = '/',
  columns?: number,
  env: Readonly<Record<string, string>> = {},
) {
  const { code, out, err } = await typed(cwd, [argv].flat(), { env, ...(columns === undefined ? {} : { columns }) })
  return { code, stdout: out, stderr: err }
}
