import { BACKUP, BENCH_STEPS, FREE_STEP } from './bench.ts'
import { BACK_UP, ending, FORGET } from './conversation.ts'
import type { KitStart } from './finding.ts'
import type { KitStep, Probe } from './probe.ts'

/** What a switch is taken to be where nothing of it was read yet: its image is filled in when it is known. */
const UNREAD: KitStart = { eos: '0', isTyped: false, checkpoints: [] }

/** Every command that a probe may send, in turn. */
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

/** A command with the text that it reads, as it would be typed. */
const commandsOf = ({ commands }: KitStep): readonly string[] =>
  commands.flatMap(({ cmd, input }) => (input === undefined ? cmd : [cmd, ...input.split('\n'), 'EOF']))
