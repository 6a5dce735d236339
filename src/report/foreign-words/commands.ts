import { suggest } from '../../text/source/suggest.ts'
import type { NamedCommand } from './known-command.ts'

const FOREIGN: Readonly<Record<string, string>> = {
  lint: 'validate',
  verify: 'check run',
  diff: 'plan',
  'dry-run': 'plan',
  deploy: 'run',
  push: 'run',
  commit: 'run',
  configure: 'change',
  undo: 'rollback',
  revert: 'rollback',
  cancel: 'stop',
  abort: 'stop',
  kill: 'stop',
  status: 'executions',
  list: 'executions',
  ls: 'executions',
  log: 'history',
  logs: 'history',
  tail: 'watch',
  follow: 'watch',
  backup: 'snapshot take',
  token: 'login',
  new: 'init',
  create: 'init',
}

/**
 * The command that was meant by one that eosflow does not have, by what commander says of it (`unknown command 'lint'`): the nearest
 * of its group, or what another tool calls so; undefined where nothing is near. `commands` are those that there are.
 */
export function foreignCommandHint(
  commands: readonly NamedCommand[],
  message: string,
  argv: readonly string[],
): string | undefined {
  const typed = /unknown command '([^']*)'/.exec(message)?.[1]
  if (typed === undefined) return undefined
  const all = commands.map(({ usage, aliases = [] }) => ({ words: wordsOf(usage), aliases }))
  const group = argv[argv.indexOf(typed) - 1]
  const inGroup = all.filter(({ words: [first, second] }) => first === group && second !== undefined)
  const names =
    inGroup.length > 0
      ? inGroup.map(({ words }) => words[1] ?? '')
      : all.flatMap(({ words: [first = ''], aliases }) => [first, ...aliases])
  if (inGroup.length === 0 && Object.hasOwn(FOREIGN, typed)) return meant(FOREIGN[typed] ?? '')
  const near = suggest(typed, [...new Set(names)])
  return near === undefined ? undefined : meant(inGroup.length > 0 ? `${group} ${near}` : near)
}

const meant = (words: string) => `did you mean \`eosflow ${words}\`?`

const wordsOf = (usage: string) => usage.split(/[ |]/).filter((word) => /^[a-z-]+$/.test(word))
