import type { Terminal } from '../../src/cli/io.ts'
import { main } from '../../src/cli/program.ts'

/** Runs a command line in this process, with nobody at the terminal: for what neither starts nor ends processes. */
export async function inProcess(
  argv: readonly string[],
  cwd = '/',
  columns?: number,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const said = { stdout: '', stderr: '' }
  const io: Terminal = {
    env,
    cwd,
    out: (text) => {
      said.stdout += text
    },
    err: (text) => {
      said.stderr += text
    },
    interactive: false,
    color: false,
    ...(columns === undefined ? {} : { columns }),
    ask: async () => undefined,
    stop: new AbortController().signal,
  }
  return { code: await main(argv, io), ...said }
}
