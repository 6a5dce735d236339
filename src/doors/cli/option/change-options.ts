import type { CommandOption } from './command.ts'

export const restored: CommandOption = {
  flags: '--restored',
  description: 'also an execution that was open in the backup from which the store was restored',
}

export const target: CommandOption = {
  flags: '-t, --target <expr>',
  description:
    'only these switches: names, globs, tag:value, group:NAME, @FILE, failed:@latest, with commas, and, or, not',
}
export const skipUnreachable: CommandOption = {
  flags: '--skip-unreachable',
  description: 'leave out switches that do not answer; the plan names them, and the exit code is 8',
}
export const noWait: CommandOption = {
  flags: '--no-wait',
  description: 'end with exit 9 where a budget of switches under change is full, instead of waiting',
}
export const detach: CommandOption = {
  flags: '--detach',
  description: 'never ask and never wait for a person: exit 12 when an approval or an answer is needed',
}
export const details: CommandOption = {
  flags: '--details',
  description: 'show all that the plan says, also what needs no decision: timers, CloudVision, what is behind it',
}
export const asking: readonly CommandOption[] = [details, detach]
export const changeOptions: readonly CommandOption[] = [
  { flags: '-p, --param <key=value>', description: 'a parameter of the workflow (repeatable)', repeat: true },
  { flags: '--params <file>', description: 'parameters from a YAML file' },
]

export const approveDigest: CommandOption = {
  flags: '--approve <digest>',
  description: 'your own approval, given with the command: run the plan only if it has this digest',
}

export const breakGlass: CommandOption = {
  flags: '--break-glass <ticket>',
  description: 'in an emergency: go past approvals and windows as far as the policy allows; it is on record',
}

/** The key under which a change is made once. */
export const key: CommandOption = {
  flags: '--key <key>',
  description:
    'make the change only once: the same change with the same key returns the first execution and its outcome',
}

export const maxBytes: CommandOption = {
  flags: '--max-bytes <n>',
  description: 'with --markdown: fit it into so many bytes (at least 8192); digest, warnings and waves stay',
}

export const against: readonly CommandOption[] = [
  {
    flags: '--against <files>',
    description: "compare with files, without a store: 'intended/{{ device.name }}.cfg', a folder, or git:BRANCH",
  },
  { flags: '--junit <file>', description: 'with --against: write the results for a CI system' },
  { flags: '--markdown', description: 'with --against: print what was found for a pull request' },
]

export const format: CommandOption = {
  flags: '--format <format>',
  description: 'print the problems as a forge shows them beside their lines: github, gitlab or sarif',
}
