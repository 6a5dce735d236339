import type { PlanNote } from '../../change/plan/plan-evidence.ts'
import { switches } from '../text/count.ts'

const MOST_NAMED = 6

/** Raw: make it safe before you show it. */
export function wordsOfNote({ devices, message }: PlanNote): string {
  const more = devices.length - MOST_NAMED
  const named = devices.slice(0, MOST_NAMED).join(' ')
  if (devices.length === 0) return message
  return `${named}${more > 0 ? ` and ${switches(more)} more` : ''}: ${message}`
}
