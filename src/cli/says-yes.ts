import type { Io } from './io.ts'

/** Asks for a literal `yes`. Anything else, the end of input included, is no. */
export async function saysYes(io: Pick<Io, 'ask'>, question: string, signal?: AbortSignal): Promise<boolean> {
  return (await io.ask(question, signal))?.trim() === 'yes'
}
