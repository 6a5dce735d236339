import { homedir } from 'node:os'
import { isAbsolute, posix, resolve } from 'node:path'
import { holdsCertificate } from '../../eos/transport/connection/authority-text.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { readRegularText } from '../system/machine/regular-file.ts'
import { InputError } from '../system/process/input-error.ts'
import type { Project } from './project.ts'

export function fileOf({ dir }: Pick<Project, 'dir'>, file: string): string {
  return resolve(dir, file.replace(/^~(?=\/)/, homedir()))
}

export function isInProject(file: string): boolean {
  return !isAbsolute(file) && !file.startsWith('~/') && !posix.normalize(file).startsWith('..')
}

export type TextPlace = Pick<Project, 'dir' | 'published' | 'guard'>

/** Throws what the file system says, `ENOENT` for one that the bundle has not, and InputError for one that somebody else may change. */
export async function projectText(project: TextPlace, file: string): Promise<string> {
  const { published } = project
  if (published === undefined || !isInProject(file)) {
    const path = fileOf(project, file)
    const text = readRegularText(path)
    project.guard(path)
    return text
  }
  const content = published.files(posix.normalize(file))
  if (content !== undefined) return Buffer.from(content).toString('utf8')
  throw Object.assign(new Error(`${file} is not in the published bundle`), { code: 'ENOENT' })
}

/** The text of a certificate authority. Throws `tls`, and InputError as {@link projectText} does. */
export async function authorityText(project: TextPlace, what: string, file: string, hint?: string): Promise<string> {
  try {
    return await projectText(project, file)
  } catch (cause) {
    if (cause instanceof InputError) throw cause
    throw new EosflowError('tls', `${what} cannot be read from ${file}`, { ...definedMembers({ hint }), cause })
  }
}

/** The same, where it holds a certificate. `hint` says what to do where it cannot be read. */
export async function certificateAuthority(
  project: TextPlace,
  whose: string,
  file: string,
  hint: string,
): Promise<string> {
  const text = await authorityText(project, `the certificate authority of ${whose}`, file, hint)
  if (holdsCertificate(text)) return text
  throw new EosflowError('tls', `${file} holds no certificate of an authority for ${whose}`, {
    hint: 'It has to be PEM: -----BEGIN CERTIFICATE-----.',
  })
}
