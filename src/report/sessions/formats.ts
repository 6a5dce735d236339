import { sessionsJson } from './json.ts'
import { sessionsText } from './text.ts'

/** The config sessions of switches, by format. */
export const sessionsAs = { text: sessionsText, json: sessionsJson } as const
