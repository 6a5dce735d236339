import { count, type Style } from '../text/text.ts'

interface ValidMachine {
  readonly file: string
  readonly states: number
  readonly tasks: number
  readonly notRun: readonly string[]
}

export function validMachineText({ file, states, tasks, notRun }: ValidMachine, style: Style): string {
  return [
    `${style.good('✔')} ${file}  ${count(states, 'state')}, ${count(tasks, 'task')}`,
    ...notRun.map((text) => `${style.warning('!')} not run here: ${text}`),
    `Valid: 1 state machine, ${count(states, 'state')}, 0 problems, ${notRun.length} not run here`,
  ].join('\n')
}
