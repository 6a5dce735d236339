import { EosflowError } from '../../../model/error.ts'

// A question for a person at the end of a line, as EOS and its shells print it.
const ASKS = /\[(?:y(?:es)?\/no?|confirm|no?\/y(?:es)?)[^\]]*\]/i
const WAITS = /password:\s*$|\[(?:y(?:es)?\/no?|confirm|no?\/y(?:es)?)[^\]]*\]\s*:?\s*$/i

/** Whether the switch waits at the end of this text for a person: a question, or a password. */
export function waitsForPerson(tail: string): boolean {
  return tail.length <= 200 && WAITS.test(tail)
}

/** The question in what a switch printed, up to the choice that it gives; undefined where there is none. */
export function questionIn(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const found = ASKS.exec(line)
    if (found !== null) return line.slice(0, found.index + found[0].length).trim()
  }
  return undefined
}

/** Of kind `lost-answer`: the switch asks a person something in place of an answer. eosflow answers no question. */
export class QuestionError extends EosflowError {
  readonly question: string

  constructor(question: string) {
    super('lost-answer', `the switch asks a question, and eosflow answers none: ${question}`, {
      hint: 'What the switch did is unknown until it is asked: read its config sessions before anything else.',
    })
    this.question = question
  }
}

// Lines that are known to ask, or belong to a family of which one does: `system profile` of `hardware tcam` and the forwarding tables ask
// before they restart the forwarding agent (ansible-collections/arista.eos issue 368, EOS 4.26), `boot`, `reload` and `zerotouch` before they
// act on flash [inferred].
const MAY_ASK = /^(?:no |default )?(?:hardware|system profile|platform|tcam|boot|reload|zerotouch)\b/

/** Whether a line must be typed alone, so that nothing typed ahead can be taken for an answer. */
export function mayAsk(line: string): boolean {
  return MAY_ASK.test(line.trim())
}
