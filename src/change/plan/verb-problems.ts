import {
  type FaultWords,
  faultWords,
  type GuardReason,
  type SyntaxFinding,
  type UnsettledLine,
  type VerbFinding,
} from '../../eos/config/guard/guard.ts'
import { redactTyped } from '../../eos/config/secrets/short-secrets.ts'
import type { Problem } from '../../model/problem.ts'

/** The Problem of a line that a change may not carry, whatever runs on its switch. */
export function verbProblem({ line, verb, because }: VerbFinding, at: Problem['at']): Problem {
  const [why, hint] = words(verb)[because]
  return { code: 'exec-verb', message: `"${redactTyped(line)}" ${why}`, at, hint }
}

/** What is said of a line that only its switch can settle, where no switch is asked. */
export function unsettledProblem({ line, because, isAllowed, fault }: UnsettledLine, at: Problem['at']): Problem {
  const settled = settling(because, isAllowed)
  if (because === 'misspelt') return misspeltProblem(line, fault, settled, at)
  if (fault !== undefined) return misspeltProblem(line, fault, settled, at)
  const message = `"${redactTyped(line)}" ${UNSETTLED[because]}`
  return {
    code: because === 'boot' ? 'boot-line' : 'unknown-root-line',
    message,
    at,
    hint: settled,
  }
}

function misspeltProblem(line: string, { why, hint }: FaultWords, settled: string, at: Problem['at']): Problem {
  const mend = hint === undefined ? settled : `${hint} ${settled}`
  return { code: 'misspelt-word', message: `"${redactTyped(line)}": ${why}`, at, hint: mend }
}

/** What is said of a line that EOS may not take, where nothing but the table of its syntax says so. */
export function doubtfulProblem({ line, fault }: SyntaxFinding, at: Problem['at']): Problem {
  const { why, hint = 'Look it up: a switch may refuse it, and then nothing is changed.' } = faultWords(line, fault)
  return { code: 'doubtful-line', message: `"${redactTyped(line)}": ${why}`, at, hint }
}

/** How a line that its switch does not have is let through, or that it is. */
export function settling(because: UnsettledLine['because'], isAllowed: boolean): string {
  if (because === 'exec' || because === 'alias' || because === 'privileged')
    return 'Leave it out, or write it as show running-config of the switch prints it.'
  const word = because === 'boot' ? 'boot' : 'unknown-lines'
  if (isAllowed) return `\`allow: [${word}]\` lets it through: such a switch is planned without sending the line.`
  return because === 'boot'
    ? 'It passes where the switch has the same line already; a changed one needs `allow: [boot]` in the workflow.'
    : 'It passes where the switch has the same line; else it needs `allow: [unknown-lines]` in the workflow.'
}

const UNSETTLED: Readonly<Record<Exclude<UnsettledLine['because'], 'misspelt'>, string>> = {
  unknown: 'begins no command of the configuration that eosflow knows; the plan asks the switch whether it has it',
  boot: 'acts at once, an abort does not undo it; the plan asks the switch whether it has it',
  alias: 'begins with a name that the switch gives to commands',
  exec: 'may be a command that acts at once; the plan asks the switch whether it has it',
  privileged: 'can have an agent of the switch run other code; the plan asks the switch whether it has it',
}

function words(verb: string): Readonly<Record<GuardReason, readonly [why: string, hint: string]>> {
  const leaveOut =
    'Leave it out: a change configures; it does not leave its session, act at once or change who may log in.'
  const full = `Write it out: \`${verb}\`.`
  const carry = `is not a configuration line that a change may carry (${verb})`
  return {
    exec: [
      `runs a command at once, whatever session it is typed in (${verb})`,
      verb === 'write' ? 'Leave it out: a change is saved when it is confirmed.' : leaveOut,
    ],
    do: ['runs a command at once, whatever session it is typed in (do)', leaveOut],
    pipe: [
      `holds a pipe, a redirect or a second command (${verb})`,
      'Leave it out: `|`, `>` and `;` belong in descriptions and other free text alone.',
    ],
    leaves: [carry, leaveOut],
    'behind-end': ['follows the `end` of the text', 'Take the `end` out, or the lines behind it.'],
    short: [`is shortened (${verb})`, full],
    privileged: [carry, PASSED_BY[verb] ?? leaveOut],
    comment: [carry, leaveOut],
    boot: [carry, 'Of `boot` a change may carry `boot system` and `boot secret`, written out, at the root.'],
    schedule: [
      'runs a command by the clock (schedule)',
      'Write it out, at the root, and say `allow: [schedule]` in the workflow if this is meant.',
    ],
    unknown: [carry, leaveOut],
    'ends-text': [
      'ends the comment of which it is a line',
      'Leave it out: a switch takes a line `EOF` for the end of the text, and what follows for commands.',
    ],
    nested: [
      'is nested under a line that opens no block',
      'Write it in the block it belongs to, or at the left edge: the switch would read it, and what follows, in another mode.',
    ],
    'no-text': ['reads a text, and none that ends follows', 'Close the text with a line `EOF`.'],
    text: [
      'reads no text at this place',
      'The text of a banner, a comment, `action bash`, a certificate or a code unit belongs in its own block.',
    ],
  }
}

/** What lets a merge carry a line that begins so, where anything does. */
const PASSED_BY: Readonly<Record<string, string>> = {
  'management api': 'Leave it out, or say `allow: [management]` in the workflow if this is meant.',
  username: 'Leave it out, or say `allow: [users]` in the workflow if this is meant.',
  aaa: 'Leave it out; `aaa root` alone passes, with `allow: [users]` in the workflow.',
}
