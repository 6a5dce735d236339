import { present, visibleLine } from './text/text.ts'

const MOST_NAMED = 3

/** To whom a plan is sent, and the command that they run; `names`: none where nobody is known by name. */
export function sendWords(plan: string, names: readonly string[], command: string): string {
  if (names.length === 0) return `Send them ${plan}; they run: ${command}`
  const more = names.length - MOST_NAMED
  const named = present(names.slice(0, MOST_NAMED), more > 0 && `${more} more`).map(visibleLine)
  return `Send ${plan} to ${named.join(' or ')}, who approves it: ${command}`
}

/** `stem`: the name of the plan file without its ending. */
export function approveWithKey(stem: string, plan = `${stem}.plan`): string {
  return `eosflow approve ${plan} --key ~/.ssh/id_ed25519 -o ${stem}.approval`
}
