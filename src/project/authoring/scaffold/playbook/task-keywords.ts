import { shellWords, WordsFault } from '../../../../change/roster/ansible/shell-words.ts'
import { isMap } from '../../../../change/roster/ansible/tags.ts'
import type { RosterMap, RosterValue } from '../../../../change/roster/hosts/roster.ts'

// Keywords of a task that a plan needs no more: they say how Ansible connects, shows, tags or counts.
const SILENT_KEYWORDS: ReadonlySet<string> = new Set([
  'args',
  'become',
  'become_method',
  'become_user',
  'block',
  'changed_when',
  'check_mode',
  'connection',
  'debugger',
  'diff',
  'gather_facts',
  'loop',
  'loop_control',
  'module_defaults',
  'name',
  'no_log',
  'notify',
  'register',
  'rescue',
  'tags',
  'vars',
  'when',
  'with_items',
  'with_list',
])

// Keywords that change what Ansible does, and that are named where a task has them.
const OTHER_KEYWORDS: ReadonlySet<string> = new Set([
  'always',
  'any_errors_fatal',
  'async',
  'delay',
  'delegate_facts',
  'delegate_to',
  'environment',
  'failed_when',
  'ignore_errors',
  'ignore_unreachable',
  'listen',
  'poll',
  'retries',
  'run_once',
  'throttle',
  'timeout',
  'until',
])

/** Whether a key of a task is no module. */
export function isTaskKeyword(key: string): boolean {
  return SILENT_KEYWORDS.has(key) || OTHER_KEYWORDS.has(key) || key.startsWith('with_')
}

/** What a task, a block, an import or a role says that changes how Ansible runs it; `tags: never` and `check_mode` are so if they hold. */
export function droppedOf(entry: RosterMap): readonly string[] {
  const words = Object.keys(entry).filter((word) => isTaskKeyword(word) && !SILENT_KEYWORDS.has(word))
  const isNever = [entry.tags].flat().some((tag) => typeof tag === 'string' && /(?:^|,)\s*never\s*(?:,|$)/.test(tag))
  const { check_mode: checked } = entry
  const mode = checked === true ? [CHECK_MODE] : typeof checked === 'string' ? ['check_mode'] : []
  return [...words, ...(isNever ? [NEVER] : []), ...mode]
}

export const NEVER = 'tags: never'
export const CHECK_MODE = 'check_mode: true'

export function roleParameters(role: RosterMap): RosterMap {
  const isOwn = (key: string) => isTaskKeyword(key) || key === 'role' || key.endsWith('_from')
  return Object.fromEntries(Object.entries(role).filter(([key]) => !isOwn(key)))
}

export function bareName(module: string): string {
  return module.replace(/^(?:[a-z0-9_]+\.){2}/, '')
}

/** The arguments of a module, also where they are written as `key=value`; `*` is a text that is no such pair. */
export function moduleArguments(given: RosterValue, more: RosterMap): RosterMap | undefined {
  if (given === null) return more
  if (isMap(given)) return { ...more, ...given }
  if (typeof given !== 'string') return undefined
  const pairs = wordsOf(given).map((word) => /^(\w+)=([\s\S]*)$/.exec(word))
  if (pairs.length === 0 || pairs.some((pair) => pair === null)) return { ...more, '*': given }
  return { ...more, ...Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? ''])) }
}

function wordsOf(text: string) {
  try {
    return shellWords(text)
  } catch (error) {
    if (error instanceof WordsFault) return []
    throw error
  }
}
