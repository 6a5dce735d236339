import { inOrder } from './area/define-area.ts'

/** What to say of an entry of a record that came, went or is another now. */
export interface Sayings<T> {
  added(name: string, is: T): string
  removed(name: string, was: T): string
  changed(name: string, was: T, is: T): readonly string[]
}

/** What became of each entry of a record, in the order of EOS. */
export function compareRecords<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  say: Sayings<T>,
): readonly string[] {
  const names = Object.keys(inOrder(Object.entries({ ...before, ...after })))
  return names.flatMap((name) => {
    const was = Object.hasOwn(before, name) ? before[name] : undefined
    const is = Object.hasOwn(after, name) ? after[name] : undefined
    if (is === undefined) return was === undefined ? [] : [say.removed(name, was)]
    return was === undefined ? [say.added(name, is)] : say.changed(name, was, is)
  })
}

/** `what: was -> is`, or nothing where both are the same. An empty word is `none`. */
export function became(what: string, was: string, is: string): readonly string[] {
  return was === is ? [] : [`${what}: ${was || 'none'} -> ${is || 'none'}`]
}

/** `what: name added`, `what: name removed`: which names a list gained and lost. */
export function gainedAndLost(what: string, was: readonly string[], is: readonly string[]): readonly string[] {
  return [
    ...is.filter((name) => !was.includes(name)).map((name) => `${what}: ${name} added`),
    ...was.filter((name) => !is.includes(name)).map((name) => `${what}: ${name} removed`),
  ]
}
