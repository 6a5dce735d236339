import { EXEC_WORDS } from './exec-words.ts'

export interface GuardedWord {
  readonly word: string
  /**
   * It runs a command of exec mode (`exec`, `do`), leaves the mode (`leaves`), decides what a switch boots (`boot`), runs commands
   * by the clock (`schedule`), or runs programs or decides who may log in (`privileged`).
   */
  readonly because: 'exec' | 'do' | 'leaves' | 'boot' | 'schedule' | 'privileged'
  /** What lets a line pass that begins with it, written out, at the root; undefined where nothing does. */
  readonly passes?: string
}

export const ASKING_WORDS: readonly GuardedWord[] = [
  { word: 'do', because: 'do' },
  { word: 'boot', because: 'boot', passes: '`boot system` and `boot secret` of the switch itself; `allow: [boot]`' },
  { word: 'schedule', because: 'schedule', passes: '`command show tech-support`, `no`; `allow: [schedule]`' },
  { word: 'event-handler', because: 'privileged', passes: '`mode: replace`' },
  { word: 'daemon', because: 'privileged', passes: '`mode: replace`' },
  { word: 'alias', because: 'privileged', passes: '`mode: replace`' },
  { word: 'management api', because: 'privileged', passes: '`mode: replace`; `allow: [management]`' },
  { word: 'management xmpp', because: 'privileged', passes: '`mode: replace`' },
  { word: 'snmp-server extension', because: 'privileged', passes: '`mode: replace`' },
  { word: 'aaa', because: 'privileged', passes: '`mode: replace`; `aaa root` with `allow: [users]`' },
  { word: 'username', because: 'privileged', passes: '`mode: replace`; `allow: [users]`' },
  { word: 'agent', because: 'privileged', passes: '`environment` of the switch itself; `mode: replace`' },
]

export const LEAVING_WORDS: readonly string[] = ['exit', 'end', 'quit', 'disable', 'abort', 'commit']

/** Every guarded word: the table behind the guard, `docs/reference/exec-commands.md` and the test that types each of them everywhere. */
export const GUARDED_WORDS: readonly GuardedWord[] = [
  ...ASKING_WORDS,
  ...[...EXEC_WORDS].map((word) => ({ word, because: LEAVING_WORDS.includes(word) ? 'leaves' : 'exec' }) as const),
]

// Those that no mode has of itself as configuration of the root does, in the order in which a beginning is looked for.
const atOnce = GUARDED_WORDS.filter(({ because }) => because !== 'privileged').toSorted((a, b) =>
  a.word < b.word ? -1 : 1,
)

/** The word that acts, leaves or asks which a typed word is, or is a beginning of; undefined where it is neither. */
export function guardedWord(typed: string): GuardedWord | undefined {
  const word = typed.toLowerCase()
  if (word === '') return undefined
  return atOnce.find((one) => one.word === word) ?? atOnce.find((one) => one.word.startsWith(word))
}

/** `def` and `defau`, which EOS takes for `default`, and `n`, which it takes for `no` where nothing else begins with it; undefined for other words. */
export function negationOf(word: string): string | undefined {
  if (/^n$/i.test(word)) return 'no'
  return /^def(?:a(?:u(?:l)?)?)?$/i.test(word) ? 'default' : undefined
}
