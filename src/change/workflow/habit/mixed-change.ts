import type { Place } from '../../../model/problem.ts'
import type { ChangeText } from './change-text.ts'
import { type Warning, warning } from './warning.ts'

// Commands of global configuration that decide who may do what on the switch (EOS manual, "AAA" and "Switch Administration").
const ADMINISTRATION =
  /^(?:aaa|enable (?:password|secret)|ip (?:radius|tacacs)|management|radius-server|role|tacacs-server|username)\b/

const NEITHER = /^(?:!|#|end\b|exit\b|configure\b|enable$)/

export function mixedChange(lines: readonly ChangeText[]): readonly Warning[] {
  const commands = lines.map(({ text, at }) => ({ command: text.replace(/^(?:no|default) /, ''), at }))
  const judged = commands.filter(({ command }) => /^[a-z]/i.test(command) && !NEITHER.test(command))
  const administers = judged.find(({ command }) => ADMINISTRATION.test(command))
  const serves = judged.find(({ command }) => !ADMINISTRATION.test(command))
  if (administers === undefined || serves === undefined) return []
  return [mixed(administers, serves)]
}

interface Command {
  readonly command: string
  readonly at: Place
}

function mixed(administers: Command, serves: Command) {
  const message = `the change touches administration (\`${first(administers)}\`) and services (\`${first(serves)}\`, line ${serves.at.line}) in one`
  return warning('mixed-change', message, administers.at, 'make two workflows of it, and run them one after the other')
}

function first({ command }: Command) {
  return command.split(/\s+/).slice(0, 2).join(' ')
}
