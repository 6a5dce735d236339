export const COMMAND_GROUPS: Readonly<Record<string, string>> = {
  approval: 'signed decisions about plans that go from one machine to another',
  ci: 'changes in the pipelines of a forge',
  comment: 'what reviewers see on a forge',
  trust: 'whose files are used',
  inventory: 'which switches there are, and where that is written',
  check: 'run checks on switches, outside of a change',
  states: 'state machines in Amazon States Language, on mocked tasks',
  key: 'the keys of this installation',
  store: 'the store of this project',
  snapshot: 'configuration and state of switches, kept in the store',
  sessions: 'config sessions on the switches',
  sim: 'simulated switches',
  schedule: 'what is done when nobody asks for it',
  audit: 'the record of who did what, which shows when it was altered',
  notify: 'who hears of what happens, and what is abnormal',
  policy: 'who may do what, when, and on whose approval',
  bundle: 'the files of this project as they were published for workers',
  config: 'work on configuration files: compare, merge, normalize, redact',
}

const HELP_GROUPS: Readonly<Record<string, string>> = {
  'Begin:': 'init demo doctor ci completion schema help',
  'Write and test:': 'validate test rehearse sim states config',
  'Look at switches:': 'ask facts inventory snapshot check drift comply adopt record',
  'Make a change:': 'plan plans change comment approve reject approval run',
  'Follow, stop and undo it:': 'show executions history watch resume stop suspend redrive rollback signal',
  'Who may do what, and who did:': 'policy login logout whoami trust key audit',
  'Several people and machines:': 'serve mcp worker workers drain publish bundle schedule notify freeze unfreeze',
  'When something is lost:': 'store recover sessions release-device',
}

export const COMMAND_WORDS: readonly string[] = Object.values(HELP_GROUPS).flatMap((names) => names.split(' '))

export function helpGroupOf(name: string): string {
  return Object.entries(HELP_GROUPS).find(([, names]) => names.split(' ').includes(name))?.[0] ?? 'Commands:'
}

const FIRST = ['init', 'doctor', 'validate', 'test', 'plan', 'change', 'approve', 'run', 'show', 'stop', 'rollback']

/** Whether a command is one of those with which a person begins: `eosflow --help` shows these alone. */
export function isFirst(name: string): boolean {
  return FIRST.includes(name)
}
