import type { Command } from '../option/command.ts'
import { SCHEMA_NAMES } from '../option/schema-names.ts'

export const typingCommands: readonly Command[] = [
  {
    usage: 'schema [name]',
    summary: 'print the JSON Schema of a file format, for editors; or wire an editor to those of a project',
    example: 'eosflow schema workflow > workflow.schema.json',
    names: SCHEMA_NAMES,
    options: [
      {
        flags: '--editor <name>',
        description: 'write the schemas into the project, and the settings by which the editor takes them: vscode',
      },
    ],
    load: () => import('../command/schema.ts'),
  },
  {
    usage: 'completion <shell>',
    summary: 'print the script by which bash, zsh or fish completes commands, switches, workflows and parameters',
    example: 'eosflow completion bash > ~/.local/share/bash-completion/completions/eosflow',
    names: ['bash', 'zsh', 'fish'],
    load: () => import('../command/completion.ts'),
  },
]
