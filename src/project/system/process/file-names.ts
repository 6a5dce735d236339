import { problemOf } from '../../../model/error.ts'
import { InputError } from './input-error.ts'

/** Requires that each switch has its own file by its name also where a file system does not tell upper from lower case. Throws InputError, which names both. */
export function requireOwnFiles(names: readonly string[]): void {
  const known = new Map<string, string>()
  const problems = names.flatMap((name) => {
    const key = name.normalize('NFC').toLowerCase()
    const other = known.get(key)
    known.set(key, other ?? name)
    if (other === undefined || other === name) return []
    const message = `\`${other}\` and \`${name}\` differ in upper and lower case alone: on some file systems they are one file, and one would replace the other`
    return [problemOf(name, 'one-file', message, 'Give one of them another name, or save each into another folder.')]
  })
  if (problems.length > 0) throw new InputError(problems)
}
