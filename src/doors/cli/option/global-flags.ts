import { type CommandOption, optionsOf } from './command.ts'

/** The global flags are understood behind the command as well. */
export const GLOBAL_FLAGS: readonly CommandOption[] = optionsOf({
  '-C, --project <dir>': 'the project folder',
  '--store <path>': 'the store',
  '--json': 'print one JSON document on stdout',
  '--no-color': 'no colours',
  '--ask-password': 'ask at the terminal for each password that the inventory has no source of',
  '--insecure-tls': 'also connect where the inventory has `tls: { insecure: true }`',
})

/** What people type who know Ansible: every command that takes `-t` takes it. */
export const LIMIT: CommandOption = { flags: '--limit <expr>', description: 'the same as --target' }

export const isTarget = ({ flags }: CommandOption): boolean => flags.startsWith('-t, --target ')
