import { typed } from '../lab/typed.ts'

export * from '../lab/exits.ts'
export * from '../lab/files.ts'
export * from '../lab/folder.ts'

/** Runs a command line in this process, with nobody at the terminal: for what neither starts nor ends processes. */
export async function inProcess(
  argv: string | readonly string[],
  cwd = '/',
  columns?: number,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const { code, out, err } = await typed(cwd, [argv].flat(), { env, ...(columns === undefined ? {} : { columns }) })
  return { code, stdout: out, stderr: err }
}
