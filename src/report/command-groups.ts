/** What the commands of a group are about, by its first word. */
export const COMMAND_GROUPS: Readonly<Record<string, string>> = {
  approval: 'signed decisions about plans that go from one machine to another',
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
