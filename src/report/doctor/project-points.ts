import type { EosflowError } from '../../model/error.ts'
import type { Problem } from '../../model/problem.ts'
import { count } from '../text/count.ts'
import { type DoctorSection, failed, good, type Point, skipped } from './point.ts'

export function validPoint(files: number): Point {
  return good(`${count(files, 'file')}, all valid`)
}

export function problemPoint({ at, message, hint }: Problem): Point {
  return failed(`${at.file}:${at.line}:${at.column}: ${message}`, hint ?? 'eosflow validate')
}

export function credentialPoint(name: string, username: string, references: readonly string[]): Point {
  const where = references.length === 0 ? 'the inventory (simulated switches)' : references.join(' and ')
  return good(`credential ${name}: user ${username}, from ${where}`)
}

export function credentialFault(name: string, error: EosflowError): Point {
  return failed(`credential ${name}: ${error.message}`, error.hint ?? 'Correct it in the inventory.')
}

export function noProjectSection(): DoctorSection {
  return { title: 'Project', points: [skipped('there is none here: eosflow init makes one, -C names one')] }
}
