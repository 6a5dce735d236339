import type { PlanEvidence, PlanNote } from '../plan/plan-evidence.ts'
import { switches } from './count.ts'

/** So many switches of a note are named. */
const MOST_NAMED = 6

/** The notes of a plan in words, each with its switches. Raw: whoever shows them makes them safe. */
export function noteWords({ notes = [] }: Pick<PlanEvidence, 'notes'>): readonly string[] {
  return notes.map(wordsOfNote)
}

/** One note in words. Raw as well. */
export function wordsOfNote({ devices, message }: PlanNote): string {
  const more = devices.length - MOST_NAMED
  const named = devices.slice(0, MOST_NAMED).join(' ')
  if (devices.length === 0) return message
  return `${named}${more > 0 ? ` and ${switches(more)} more` : ''}: ${message}`
}
