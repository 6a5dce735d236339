import type { Command } from '../../model/command.ts'

/** Which answers of a switch somebody has to save, each in a file, so that a check can judge them. */
export function answersToSave(commands: readonly Command[]): string {
  const lines = commands.map(({ cmd, format }) => `  ${format === 'text' ? cmd : `${cmd} | json`}`)
  return ['Save what the switch answers, each in a file:', ...lines].join('\n')
}
