import type { JsonObject } from '../../../model/json.ts'
import { EXEC_COMMANDS } from '../../config/guard/exec-words.ts'
import { type CommandSet, nextWords } from './command/command-words.ts'

/** What `getCommandCompletions` answers: the words that may follow a line of exec mode. The help texts are empty [I]. */
export function completionsOf<T>(commands: CommandSet<T>, line: string): JsonObject {
  const words = line.trimStart().split(/\s+/)
  const known = nextWords(commands, words)
  const keywords = [...known.filter((word) => !/^[<]/.test(word)), ...documented(words)]
  return {
    complete: known.includes('<cr>'),
    completions: Object.fromEntries([...new Set(keywords)].sort().map((word) => [word, ''])),
    errors: {},
  }
}

function documented(words: readonly string[]) {
  const [typed = '', ...before] = words.toReversed()
  const head = before.toReversed()
  return OF_EOS.flatMap((command) => {
    const next = command[head.length] ?? ''
    const isBelow = head.every((word, at) => word === command[at])
    return isBelow && next.startsWith(typed) && /^[a-z][a-z-]*$/.test(next) ? next : []
  })
}

const OF_EOS = EXEC_COMMANDS.filter(({ source }) => source.startsWith('manual')).map(({ command }) =>
  command.split(' '),
)
