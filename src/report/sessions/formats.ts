import { sessionsJson } from './json.ts'
import { sessionsText } from './text.ts'

export const sessionsAs = { text: sessionsText, json: sessionsJson } as const
