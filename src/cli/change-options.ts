import type { CommandOption } from './command.ts'

/** Which switches. */
export const target: CommandOption = {
  flags: '-t, --target <expr>',
  description: 'switches: a name, a glob, tag:value, and/or/not',
}
/** The parameters of a workflow. */
export const changeOptions: readonly CommandOption[] = [
  { flags: '-p, --param <key=value>', description: 'a parameter of the workflow (repeatable)', repeat: true },
  { flags: '--params <file>', description: 'parameters from a YAML file' },
]
