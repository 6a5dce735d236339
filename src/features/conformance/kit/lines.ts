import { BACKUP, BENCH_STEPS, FREE_STEP } from './bench.ts'
import type { KitStart } from './contract/finding.ts'
import { KIT, type KitLogin, type KitStep, type Probe } from './contract/probe.ts'
import { BACK_UP, ending, FORGET } from './conversation.ts'

const UNREAD: KitStart = { eos: '0', isTyped: false, checkpoints: [] }

export function linesOf(probe: Probe): readonly string[] {
  return [...probe.steps(UNREAD), ...ending(probe), ...(probe.undo ?? [])].flatMap(commandsOf)
}

/** Every command that a run may send, by probe, as it is printed before anything is sent. */
export function kitLines(probes: readonly Probe[]): string {
  const blocks = probes.map((probe) => {
    const made = probe.makes === undefined ? [] : ['delete checkpoint:<each that this probe has made>']
    return [`${probe.id}: ${probe.title}`, ...[...linesOf(probe), ...made].map((line) => `  ${line}`)]
  })
  const read = [...BENCH_STEPS, FREE_STEP].flatMap(commandsOf)
  return [
    `Before the first probe, and behind each: ${[...new Set(read)].join(', ')}`,
    `Before the first probe: ${commandsOf(BACK_UP).join(', ')}; behind the last, where the switch is as before: ${commandsOf(FORGET).join(', ')}`,
    ...blocks.flat(),
    `Where the switch differs, the run stops and ${BACKUP} stays.`,
  ].join('\n')
}

const commandsOf = ({ commands, beside = [], format, login }: KitStep) => {
  const all = [commands, ...beside].flat()
  const lines = all.flatMap(({ cmd, input }) => (input === undefined ? cmd : [cmd, ...input.split('\n'), 'EOF']))
  const how = format === 'completions' ? ' (its completions are asked, and it is not sent)' : LOGINS[login ?? 'own']
  return lines.map((line) => `${line === '' ? 'any command' : line.trimEnd()}${how}`)
}

const LOGINS: Readonly<Record<KitLogin | 'own', string>> = {
  own: '',
  'wrong-password': ' (with a wrong password, once)',
  'user-of-the-kit': ` (as the user ${KIT})`,
}
