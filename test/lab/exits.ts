import { expect } from 'vitest'
import type { RunningDevice } from './sources.ts'

/** What one command line gave. */
export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Expects a command line to end with an exit code, and shows what it has printed where it does not. Gives how it ended. */
export async function exits<Ended extends { readonly code: number | null }>(
  code: number,
  command: Promise<Ended>,
): Promise<Ended> {
  const ended = await command
  expect(ended.code, Object.values(ended).join('\n')).toBe(code)
  return ended
}

/** How a command ended, and what it has printed under either pair of names. */
type Printed = Readonly<Partial<Record<'out' | 'err' | 'stdout' | 'stderr', string>>> & { readonly code: number | null }

const printing =
  (of: (ended: Printed) => string) =>
  async <One extends Printed>(code: number, command: Promise<One>, ...said: readonly (string | RegExp)[]) => {
    const ended = await exits(code, command)
    for (const one of said) expect(of(ended)).toMatch(one)
    return ended
  }
const onOut = ({ out, stdout = out ?? '' }: Printed) => stdout
const onErr = ({ err, stderr = err ?? '' }: Printed) => stderr

/** Expects a command line to end with an exit code, and to print these on stdout. */
export const prints = printing(onOut)

/** Expects a command line to end with an exit code, and to print these on stderr. */
export const warns = printing(onErr)

/** Expects a command line to end with an exit code, and to print these on either. */
export const shows = printing((ended) => onOut(ended) + onErr(ended))

/** What a command has printed as JSON. */
export async function json(command: Promise<Printed>) {
  return JSON.parse(onOut(await command))
}

/** Runs commands on a simulated switch beside eosflow, as another client would. Gives what each printed as text. */
export async function typeOn({ eapi }: Pick<RunningDevice, 'eapi'>, ...cmds: readonly string[]) {
  const params = { version: 1, format: 'text', cmds: ['enable', ...cmds] }
  const { body } = await eapi(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 'test', params }))
  const answer = JSON.parse(body) as { result?: { output: string }[]; error?: { message: string } }
  if (answer.result === undefined) throw new Error(answer.error?.message)
  return answer.result.slice(1).map(({ output }) => output)
}
