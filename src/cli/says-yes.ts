import type { Io } from './io.ts'

/** Asks for a literal `yes`. Who gives the beginning of it, or capitals, is asked once more; anything else, the end of input included, is no. */
export async function saysYes(io: Pick<Io, 'ask'>, question: string, signal?: AbortSignal): Promise<boolean> {
  const answer = (await io.ask(question, signal))?.trim()
  if (answer === undefined || answer === 'yes' || !/^(?:y|ye|yes)$/i.test(answer)) return answer === 'yes'
  return (
    (
      await io.ask(`Only the whole word counts, in small letters. Type yes, or anything else to leave it: `, signal)
    )?.trim() === 'yes'
  )
}
