/** What a switch can announce while it loads a change, that takes effect with the commit. */
export const ANNOUNCED_RISKS = ['forwarding-agent', 'reload', 'traffic', 'question'] as const

/** One of {@link ANNOUNCED_RISKS}. */
export type AnnouncedRisk = (typeof ANNOUNCED_RISKS)[number]

/**
 * The words that announce it. `WARNING! Changing TCAM profile will cause forwarding agent(s) to exit and restart. All traffic …
 * will be dropped. Proceed [y/n]` holds three of them (ansible-collections/arista.eos issue 368, EOS 4.26); over eAPI such a
 * question answers itself.
 */
const WORDS: Readonly<Record<AnnouncedRisk, RegExp>> = {
  'forwarding-agent': /agent.*(?:exit|restart)/is,
  reload: /reload|reboot/i,
  traffic: /traffic/i,
  question: /\[(?:y(?:es)?\/no?|confirm|no?\/y(?:es)?)[^\]]*\]/i,
}

const MEANS: Readonly<Record<AnnouncedRisk, string>> = {
  'forwarding-agent': 'an agent exits or restarts',
  reload: 'a reload',
  traffic: 'traffic',
  question: 'a question that eAPI answers with yes',
}

/** A risk as an approver reads it. */
export function riskWords(risk: AnnouncedRisk): string {
  return `${risk}: ${MEANS[risk]}`
}

/** The risks that a text announces. */
export function risksIn(text: string): readonly AnnouncedRisk[] {
  return ANNOUNCED_RISKS.filter((risk) => WORDS[risk].test(text))
}

/** What a switch said at one command of its change. */
export interface PlannedSaying {
  /** Which command it was, counted from 1. */
  readonly at: number
  readonly line: string
  readonly says: string
  /** The risks that it announces. Absent where there is none. */
  readonly risks?: readonly AnnouncedRisk[]
}
