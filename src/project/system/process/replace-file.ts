import { lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { codeOf } from '../../../model/error.ts'
import { readRegularText } from '../machine/regular-file.ts'
import { InputError, notWritable } from './input-error.ts'
import { writeNewUnlinked } from './unlinked-file.ts'

/** Throws InputError for a symbolic link: who can put one there would choose what decides. `shown`: the path as it is said. */
export function requireUnlinkedFile(path: string, shown: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return
  throw notWritable(shown, 'it is a symbolic link, which is not written through', 'Put the file itself there.')
}

/** `before` is what its writer has read, empty where there was none; a file that is another by now is left alone. Two writers at once are not possible. */
export function replaceFile(path: string, shown: string, text: string, before: string): void {
  const aside = `${path}.new`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeNewUnlinked(aside, text, modeOf(path))
  } catch (error) {
    const hint = `If no other eosflow writes it, delete ${shown}.new.`
    throw notWritable(shown, `${shown}.new cannot be made (${codeOf(error)})`, hint)
  }
  try {
    requireUnlinkedFile(path, shown)
    if (nowIn(path) !== before) throw notWritable(shown, 'it has changed meanwhile', 'Look at it, and do it again.')
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error instanceof InputError
      ? error
      : notWritable(shown, `cannot be written (${codeOf(error)})`, 'Nothing was changed.')
  }
}

const modeOf = (path: string) => (lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0o644) & 0o777

function nowIn(path: string) {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined ? '' : readRegularText(path, { noLink: true })
}
