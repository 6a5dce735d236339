import { expect } from 'vitest'
import type { RunningDevice } from './sources.ts'

/** Expects a command line to end with an exit code, and shows what it has printed where it does not. Gives how it ended. */
export async function exits<Ended extends { readonly code: number | null }>(
  code: number,
  command: Promise<Ended>,
): Promise<Ended> {
  const ended = await command
  expect(ended.code, Object.values(ended).join('\n')).toBe(code)
  return ended
}

/** Expects a command line to end with an exit code and with these words in what it prints. Gives all that it has printed. */
export async function says(
  code: number,
  words: string | RegExp,
  command: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>,
): Promise<string> {
  const { out, err } = await exits(code, command)
  expect(out + err).toMatch(words)
  return (out + err).replace(/\s+/g, ' ')
}

/** Runs commands on a simulated switch beside eosflow, as another client would. Gives what each printed as text. */
export async function typeOn(
  { eapi }: Pick<RunningDevice, 'eapi'>,
  ...cmds: readonly string[]
): Promise<readonly string[]> {
  const params = { version: 1, format: 'text', cmds: ['enable', ...cmds] }
  const { body } = await eapi(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 'test', params }))
  const answer = JSON.parse(body) as { result?: { output: string }[]; error?: { message: string } }
  if (answer.result === undefined) throw new Error(answer.error?.message)
  return answer.result.slice(1).map(({ output }) => output)
}
