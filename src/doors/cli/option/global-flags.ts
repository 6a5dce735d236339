import type { CommandOption } from './command.ts'

/** The global flags are understood behind the command as well. */
export const GLOBAL_FLAGS: readonly CommandOption[] = [
  { flags: '-C, --project <dir>', description: 'the project folder' },
  { flags: '--store <path>', description: 'the store' },
  { flags: '--json', description: 'print one JSON document on stdout' },
  { flags: '--no-color', description: 'no colours' },
  { flags: '--ask-password', description: 'ask at the terminal for each password that the inventory has no source of' },
  { flags: '--insecure-tls', description: 'also connect where the inventory has `tls: { insecure: true }`' },
]

/** What people type who know Ansible: every command that takes `-t` takes it. */
export const LIMIT: CommandOption = { flags: '--limit <expr>', description: 'the same as --target' }

export const isTarget = ({ flags }: CommandOption): boolean => flags.startsWith('-t, --target ')
