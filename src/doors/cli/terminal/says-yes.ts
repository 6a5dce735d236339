import type { Io } from './io.ts'

const AGAIN = 'Only the whole word counts, in small letters. Type yes, or anything else to leave it: '

/** Asks for a literal `yes`. Who gives the beginning of it, or capitals, is asked once more; anything else, the end of input included, is no. */
export async function saysYes(io: Pick<Io, 'ask'>, question: string, signal?: AbortSignal): Promise<boolean> {
  const typed = async (asked: string) => (await io.ask(asked, signal))?.trim()
  const answer = await typed(question)
  if (answer === undefined || !/^(?:y|ye|yes)$/i.test(answer)) return false
  return answer === 'yes' || (await typed(AGAIN)) === 'yes'
}
