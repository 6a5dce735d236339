export const ANNOUNCED_RISKS = ['forwarding-agent', 'reload', 'traffic', 'question'] as const

export type AnnouncedRisk = (typeof ANNOUNCED_RISKS)[number]

// `WARNING! Proceed [y/n]` holds three of them (ansible-collections/arista.eos issue 368, EOS 4.26); over eAPI such a question answers itself.
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

export function riskWords(risk: AnnouncedRisk): string {
  return `${risk}: ${MEANS[risk]}`
}

export function risksIn(text: string): readonly AnnouncedRisk[] {
  return ANNOUNCED_RISKS.filter((risk) => WORDS[risk].test(text))
}

export type PlanWarningCode =
  | 'management-path'
  | 'opens-login'
  | 'insecure-transport'
  | 'not-saved'
  | 'startup-unknown'
  | 'redundant-pair'
  | 'left-out'
  | 'idle-removal'
  | 'no-canary'
  | 'unknown-line'
  | 'doubtful-line'
  | 'boot-line'
  | 'subinterface-down'
  | 'switch-says'
  | 'announced-risk'
  | 'foreign-removals'
  | 'not-kept'
  | 'keep-unused'
  | 'foreign-session'
  | 'merge-on-commit'
  | 'neighbor-not-watched'
  | 'runs-programs'
  | 'no-approval'
  | 'any-store'
  | 'unknown-requester'
  | 'offline'
  | 'gate-not-asked'
  | 'no-state'
  | 'asked-after'
  | 'broken-invariant'
